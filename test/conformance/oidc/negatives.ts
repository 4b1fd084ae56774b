// FAPI-2-style negatives and edges (fapi2-security-profile-final-…), without what only that profile has (private_key_jwt, mTLS).
import {
  back,
  CALLBACK,
  type Module,
  must,
  mustBe,
  mustEqual,
  mustRefuse,
  mustStay,
  type Plan,
  type Run,
  s256,
} from "./run.ts"

/** Any of these answers to a wrong verifier or challenge. */
const REFUSED = ["invalid_grant", "invalid_request"]

const refusedAtToken =
  (changes: Record<string, string | null>, errors = REFUSED): Module =>
  async (run) => {
    const asked = run.ask()
    const code = await run.codeOf(run.agent(), asked, { person: await run.target.newPerson() })
    const answer = await run.redeem(asked, code, changes)
    mustEqual(answer.status, 400, "status")
    must(errors.includes(String(answer.body.error)), `error: ${answer.body.error}`)
  }

const refusedAtAuthorize =
  (changes: Record<string, string | null>, errors: readonly string[]): Module =>
  async (run) => {
    const asked = run.ask(changes)
    const outcome = await run.authorize(run.agent(), asked, { person: await run.target.newPerson() })
    if (outcome.kind === "page") return mustStay(outcome)
    mustRefuse(outcome, asked, errors)
  }

const accepted =
  (changes: Record<string, string | null>): Module =>
  async (run) => {
    await run.flow(changes)
  }

/** A pushed request (RFC 9126). */
async function push(run: Run, changes: Record<string, string | null> = {}) {
  const asked = run.ask(changes)
  const fields = Object.fromEntries(asked.params)
  const answer = await run.post(run.at("pushed_authorization_request_endpoint"), asked.client, fields)
  return { asked, answer }
}

async function pushed(run: Run) {
  const { asked, answer } = await push(run)
  mustEqual(answer.status, 201, `status of a pushed request (${JSON.stringify(answer.body)})`)
  must(Number(answer.body.expires_in) > 0, "expires_in")
  must(answer.headers.get("cache-control")?.includes("no-store"), "the answer may be kept by caches")
  const params = new URLSearchParams({ client_id: asked.client.id, request_uri: String(answer.body.request_uri) })
  return { asked, params }
}

const pushRefused =
  (changes: Record<string, string | null>, error = "invalid_request"): Module =>
  async (run) => {
    const { answer } = await push(run, changes)
    mustBe(answer, 400, error)
  }

const PAR: Plan = {
  "par-happy-flow"(run) {
    return pushed(run).then(async ({ asked, params }) => {
      const code = back(await run.authorize(run.agent(), params, { person: await run.target.newPerson() })).get("code")
      await run.tokens(asked, code ?? "")
    })
  },
  "par-plain-pkce-rejected": pushRefused({ code_challenge_method: "plain" }),
  "par-ensure-pkce-required": pushRefused({ code_challenge: null, code_challenge_method: null }),
  async "par-authorization-request-containing-request_uri-form-param"(run) {
    const { answer } = await push(run, { request_uri: "urn:ietf:params:oauth:request_uri:x" })
    mustEqual(answer.status, 400, "status")
    must(
      ["invalid_request", "request_uri_not_supported"].includes(String(answer.body.error)),
      `error: ${answer.body.error}`,
    )
  },
  async "par-attempt-reuse-request_uri"(run) {
    const { params } = await pushed(run)
    const agent = run.agent()
    const walk = { person: await run.target.newPerson() }
    must(back(await run.authorize(agent, params, walk)).get("code"), "no code the first time")
    const again = await run.authorize(agent, params, walk)
    if (again.kind === "page") return mustStay(again)
    must(again.params.get("code") === null, "a second code for one request")
  },
  async "par-attempt-to-use-expired-request_uri"(run) {
    const { params } = await pushed(run)
    await run.target.later(10 * 60_000)
    const outcome = await run.authorize(run.agent(), params, { person: await run.target.newPerson() })
    if (outcome.kind === "page") return mustStay(outcome)
    must(outcome.params.get("code") === null, "a code for a request that is over")
  },
  async "par-attempt-to-use-request_uri-for-different-client"(run) {
    const { params } = await pushed(run)
    params.set("client_id", run.target.clients.second.id)
    const outcome = await run.authorize(run.agent(), params, { person: await run.target.newPerson() })
    if (outcome.kind === "page") return mustStay(outcome)
    must(outcome.params.get("code") === null, "a code for another client's request")
  },
  async "par-ensure-reused-request-uri-prior-to-auth-completion-succeeds"(run) {
    const { asked, params } = await pushed(run)
    const agent = run.agent()
    const seen = await run.authorize(agent, params, { stopAt: "login" })
    must(seen.kind === "page" && seen.shown.at(-1) === "login", "no sign-in page")
    const code = back(await run.authorize(agent, params, { person: await run.target.newPerson() })).get("code")
    await run.tokens(asked, code ?? "")
  },
  async "par-attempt-invalid-http-method"(run) {
    const answer = await fetch(`${run.at("pushed_authorization_request_endpoint")}?${run.ask().params}`)
    must([400, 404, 405].includes(answer.status), `GET answered ${answer.status}`)
  },
  async "par-without-client-authentication-fails"(run) {
    const { basic } = run.target.clients
    const body = run.ask().params
    const answer = await fetch(run.at("pushed_authorization_request_endpoint"), { method: "POST", body })
    must(answer.status === 401 || answer.status === 400, `answered ${answer.status} to ${basic.id} without its secret`)
  },
}

const CODES: Plan = {
  "ensure-pkce-code-verifier-required": refusedAtToken({ code_verifier: null }),
  "incorrect-pkce-code-verifier-rejected": refusedAtToken({ code_verifier: "a".repeat(43) }),
  "ensure-redirect-uri-at-token-must-match": refusedAtToken({ redirect_uri: `${CALLBACK}/other` }),
  async "ensure-token-endpoint-fails-with-expired-auth-code"(run) {
    const asked = run.ask()
    const code = await run.codeOf(run.agent(), asked, { person: await run.target.newPerson() })
    await run.target.later(10 * 60_000)
    mustBe(await run.redeem(asked, code), 400, "invalid_grant")
  },
  async "attempt-reuse-authorization-code-after-one-second"(run) {
    const { asked, code } = await run.flow()
    await Bun.sleep(1_000)
    mustBe(await run.redeem(asked, code), 400, "invalid_grant")
  },
  async "ensure-authorization-code-is-bound-to-client"(run) {
    const asked = run.ask()
    const code = await run.codeOf(run.agent(), asked, { person: await run.target.newPerson() })
    mustBe(await run.redeem(asked, code, {}, run.target.clients.second), 400, "invalid_grant")
  },
  async "ensure-wrong-request-does-not-burn-the-code"(run) {
    const asked = run.ask()
    const code = await run.codeOf(run.agent(), asked, { person: await run.target.newPerson() })
    mustEqual(
      (await run.redeem(asked, code, { code_verifier: "b".repeat(43) })).status,
      400,
      "status of a wrong verifier",
    )
    await run.tokens(asked, code)
  },
  async "ensure-client-secret-is-needed"(run) {
    const asked = run.ask()
    const code = await run.codeOf(run.agent(), asked, { person: await run.target.newPerson() })
    const nobody = { ...asked.client, secret: null }
    must([400, 401].includes((await run.redeem(asked, code, {}, nobody)).status), "tokens without the secret")
    mustBe(await run.redeem(asked, code, {}, { ...asked.client, secret: "wrong" }), 401, "invalid_client")
  },
  async "ensure-public-client-happy-flow"(run) {
    await run.flow({}, run.target.clients.open)
  },
  async "refresh-token-of-public-client-rotates"(run) {
    const { asked, tokens } = await run.flow(
      { scope: "openid offline_access", prompt: "consent" },
      run.target.clients.open,
    )
    const use = (token: unknown) =>
      run.post(run.at("token_endpoint"), asked.client, { grant_type: "refresh_token", refresh_token: String(token) })
    const second = await use(tokens.refresh_token)
    mustEqual(second.status, 200, "status of the refresh")
    must(second.body.refresh_token && second.body.refresh_token !== tokens.refresh_token, "the refresh token stayed")
    // Later than any grace for answers that were lost.
    await run.target.later(60_000)
    mustBe(await use(tokens.refresh_token), 400, "invalid_grant")
    mustBe(await use(second.body.refresh_token), 400, "invalid_grant")
  },
  async "refresh-scope-never-grows"(run) {
    const { asked, tokens } = await run.flow({ scope: "openid offline_access", prompt: "consent" })
    const fields = { grant_type: "refresh_token", refresh_token: String(tokens.refresh_token), scope: "openid email" }
    const answer = await run.post(run.at("token_endpoint"), asked.client, fields)
    if (answer.status === 400) return mustBe(answer, 400, "invalid_scope")
    must(!String(answer.body.scope ?? "").includes("email"), "the scope grew")
  },
}

const REQUESTS: Plan = {
  "plain-pkce-rejected": refusedAtAuthorize({ code_challenge_method: "plain" }, ["invalid_request"]),
  "ensure-pkce-required": refusedAtAuthorize({ code_challenge: null, code_challenge_method: null }, [
    "invalid_request",
  ]),
  "ensure-response-type-token-fails": refusedAtAuthorize({ response_type: "token" }, [
    "unsupported_response_type",
    "invalid_request",
    "unauthorized_client",
  ]),
  "ensure-response-type-code-idtoken-fails": refusedAtAuthorize({ response_type: "code id_token" }, [
    "unsupported_response_type",
    "invalid_request",
    "unauthorized_client",
  ]),
  async "ensure-authorization-request-without-state-success"(run) {
    const asked = run.ask({ state: null })
    const params = back(await run.authorize(run.agent(), asked, { person: await run.target.newPerson() }))
    must(!params.has("state"), "a state came from nowhere")
    await run.tokens(asked, params.get("code") ?? "")
  },
  "ensure-authorization-request-without-nonce-success": accepted({ nonce: null }),
  "ensure-authorization-request-with-64-char-nonce-success": accepted({ nonce: "n".repeat(64) }),
  "ensure-authorization-request-with-long-nonce": accepted({ nonce: "n".repeat(384) }),
  "ensure-authorization-request-with-long-state": accepted({ state: "s".repeat(384) }),
  "ensure-other-scope-order-succeeds": accepted({ scope: "email openid" }),
  async "ensure-redirect-uri-in-authorization-request"(run) {
    // Two are registered, so nobody can know which is meant.
    mustStay(
      await run.authorize(run.agent(), run.ask({ redirect_uri: null }), { person: await run.target.newPerson() }),
    )
  },
  async "user-rejects-authentication"(run) {
    const asked = run.ask()
    const outcome = await run.authorize(run.agent(), asked, { person: await run.target.newPerson(), consent: "deny" })
    mustRefuse(outcome, asked, ["access_denied"])
  },
  async "access-token-type-header-case-sensitivity"(run) {
    const { tokens } = await run.flow()
    const answer = await fetch(run.at("userinfo_endpoint"), {
      headers: { authorization: `bearer ${tokens.access_token}` },
    })
    mustEqual(answer.status, 200, "status for bearer in small letters")
  },
  async "access-token-in-query-is-ignored"(run) {
    const { tokens } = await run.flow()
    const answer = await fetch(`${run.at("userinfo_endpoint")}?access_token=${tokens.access_token}`)
    must(answer.status === 400 || answer.status === 401, `answered ${answer.status}`)
  },
  async "id-token-is-no-access-token"(run) {
    const { tokens } = await run.flow()
    mustEqual((await run.userinfo(String(tokens.id_token))).status, 401, "status")
  },
  async "duplicate-parameters-rejected"(run) {
    const asked = run.ask()
    asked.params.append("nonce", "another")
    const outcome = await run.authorize(run.agent(), asked, { person: await run.target.newPerson() })
    if (outcome.kind === "page") return mustStay(outcome)
    mustRefuse(outcome, asked, ["invalid_request"])
  },
  async "prompt-none-with-other-values-rejected"(run) {
    const asked = run.ask({ prompt: "none login" })
    const outcome = await run.authorize(run.agent(), asked)
    if (outcome.kind === "page") return mustStay(outcome)
    mustRefuse(outcome, asked, ["invalid_request"])
  },
  async "redirect-uri-lookalikes-rejected"(run) {
    for (const uri of LOOKALIKES) {
      mustStay(
        await run.authorize(run.agent(), run.ask({ redirect_uri: uri }), { person: await run.target.newPerson() }),
      )
    }
  },
  async "challenge-of-a-known-verifier"(run) {
    // RFC 7636, appendix B.
    mustEqual(
      s256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
      "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      "challenge",
    )
    await run.flow({})
  },
}

/** Ways around a comparison that is not by the letter (CVE-2024-52289 and its kind). */
const LOOKALIKES = [
  "https://rp.example/callback/",
  "https://rp.example/callback?",
  "https://rp.example/callback#",
  "https://rp.example/CALLBACK",
  "https://RP.example/callback",
  "https://rp.example:443/callback",
  "https://rp.example/./callback",
  "https://rp.example/x/../callback",
  "https://rp.example/x/..%2fcallback",
  "https://rp.example/%63allback",
  "https://rp.example@other.example/callback",
  "https://rp.example.other.example/callback",
  "https://rp.example\\@other.example/callback",
  "https://other.example/callback?https://rp.example/callback",
  "http://rp.example/callback",
  "javascript:alert(1)//https://rp.example/callback",
]

const prefixed = (plan: Plan): Plan =>
  Object.fromEntries(Object.entries(plan).map(([name, module]) => [`fapi2-security-profile-final-${name}`, module]))

export const NEGATIVES: Plan = prefixed({ ...CODES, ...REQUESTS, ...PAR })
