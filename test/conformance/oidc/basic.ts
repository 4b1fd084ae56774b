// The Basic OP plan, each module by its name, each sending PKCE besides what it is about.
// https://openid.net/certification/ · oidcc-basic-certification-test-plan
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
  secret,
} from "./run.ts"

/** The happy flow with one more parameter, which must do no harm. */
const accepts =
  (changes: Record<string, string>): Module =>
  async (run) => {
    await run.flow(changes)
  }

/** Claims of a scope come from userinfo. */
const scopeModule =
  (scope: string, claims: readonly string[]): Module =>
  async (run) => {
    for (const one of scope.split(" ")) {
      if (!run.supports("scopes_supported", one)) run.skip(`the scope ${one} is not offered`)
    }
    const { tokens } = await run.flow({ scope: `openid ${scope}` })
    const answer = await run.userinfo(String(tokens.access_token))
    mustEqual(answer.status, 200, "status of userinfo")
    mustEqual(answer.body.sub as string, tokens.claims.sub!, "sub of userinfo")
    for (const claim of claims) if (answer.body[claim] === undefined) run.warn(`${claim} is missing`)
    must(answer.body.email_verified === undefined || typeof answer.body.email_verified === "boolean", "email_verified")
    must(answer.body.updated_at === undefined || Number.isInteger(answer.body.updated_at), "updated_at")
  }

const userinfoModule =
  (
    ask: (run: Run, token: string) => Promise<{ status: number; body: Record<string, unknown> }>,
    onlyWarn = false,
  ): Module =>
  async (run) => {
    const { tokens } = await run.flow()
    const answer = await ask(run, String(tokens.access_token))
    if (answer.status !== 200 && onlyWarn) return run.warn(`userinfo answered ${answer.status}`)
    mustEqual(answer.status, 200, "status of userinfo")
    mustEqual(answer.body.sub as string, tokens.claims.sub!, "sub of userinfo")
  }

/** A second sign-in of the same browser, silently. */
async function silently(run: Run, more: Record<string, string>, first: Awaited<ReturnType<Run["flow"]>>) {
  const asked = run.ask({ prompt: "none", ...more })
  const outcome = await run.authorize(first.agent, asked)
  mustEqual(outcome.shown.length, 0, "pages shown")
  const code = back(outcome).get("code")
  must(code, `no code: ${back(outcome).get("error")}`)
  const tokens = await run.tokens(asked, code)
  mustEqual(tokens.claims.sub!, first.tokens.claims.sub!, "sub")
  return tokens.claims
}

async function server(run: Run): Promise<void> {
  const keys = (await (await fetch(run.at("jwks_uri"))).json()) as { keys: { kid?: string; d?: string }[] }
  const kids = keys.keys.map(({ kid }) => kid)
  must(kids.every(Boolean) && new Set(kids).size === kids.length, "the keys have no distinct ids")
  must(!keys.keys.some(({ d }) => d), "a private key is published")
  const { code, tokens } = await run.flow()
  must(code.length >= 22, "the code is short")
  must(new Set(code).size > 8, "the code is not random")
  if (tokens.expires_in === undefined) run.warn("expires_in is missing")
  for (const claim of ["name", "email", "phone_number", "address"]) {
    if (tokens.claims[claim] !== undefined) run.warn(`the ID token has ${claim}, which nobody asked for`)
  }
}

async function codeReuse(run: Run): Promise<void> {
  const { asked, code, tokens } = await run.flow()
  mustBe(await run.redeem(asked, code), 400, "invalid_grant")
  const answer = await run.userinfo(String(tokens.access_token))
  if (answer.status === 200) run.warn("the access token of the first use still works")
}

async function promptLogin(run: Run): Promise<void> {
  const first = await run.flow({ max_age: "15000" })
  await Bun.sleep(1_100)
  const asked = run.ask({ prompt: "login", max_age: "15000" })
  const outcome = await run.authorize(first.agent, asked, { person: first.person })
  must(outcome.shown.includes("login"), "nobody was asked to sign in again")
  const tokens = await run.tokens(asked, back(outcome).get("code") ?? "")
  mustEqual(tokens.claims.sub!, first.tokens.claims.sub!, "sub")
  must(Number(tokens.claims.auth_time) > Number(first.tokens.claims.auth_time), "auth_time did not grow")
}

async function maxAge1(run: Run): Promise<void> {
  const first = await run.flow({ max_age: "15000" })
  must(typeof first.tokens.claims.auth_time === "number", "auth_time is missing with max_age")
  await Bun.sleep(2_100)
  const asked = run.ask({ max_age: "1" })
  const outcome = await run.authorize(first.agent, asked, { person: first.person })
  must(outcome.shown.includes("login"), "nobody was asked to sign in again")
  const tokens = await run.tokens(asked, back(outcome).get("code") ?? "")
  must(Number(tokens.claims.auth_time) > Number(first.tokens.claims.auth_time), "auth_time did not grow")
}

async function maxAge10000(run: Run): Promise<void> {
  const first = await run.flow()
  const asked = run.ask({ max_age: "10000" })
  const outcome = await run.authorize(first.agent, asked)
  must(!outcome.shown.includes("login"), "asked to sign in again")
  const tokens = await run.tokens(asked, back(outcome).get("code") ?? "")
  must(typeof tokens.claims.auth_time === "number", "auth_time is missing with max_age")
}

/** A request object without a signature: understood or refused by name, never overlooked. */
const unsigned =
  (parameter: "request" | "request_uri", error: string): Module =>
  async (run) => {
    const inner = {
      response_type: "code",
      client_id: run.target.clients.basic.id,
      redirect_uri: CALLBACK,
      nonce: secret(),
    }
    const part = (json: unknown) => Buffer.from(JSON.stringify(json)).toString("base64url")
    const value =
      parameter === "request" ? `${part({ alg: "none" })}.${part(inner)}.` : "https://rp.example/request.jwt"
    const asked = run.ask({ [parameter]: value })
    const outcome = await run.authorize(run.agent(), asked, { person: await run.target.newPerson() })
    // Refused on a page of its own is allowed as well, for who cannot be trusted with an answer.
    if (outcome.kind === "page") return mustStay(outcome)
    mustRefuse(outcome, asked, [error, "invalid_request", "invalid_request_uri", "invalid_request_object"])
  }

async function refreshToken(run: Run): Promise<void> {
  must(run.supports("grant_types_supported", "refresh_token"), "grant_types_supported does not name refresh_token")
  const { asked, tokens } = await run.flow({ scope: "openid offline_access", prompt: "consent" })
  const token = String(tokens.refresh_token ?? "")
  must(token, "there is no refresh token")
  must(/^[\x20-\x7e]+$/.test(token), "charset of the refresh token")
  const use = (client = asked.client) =>
    run.post(run.at("token_endpoint"), client, { grant_type: "refresh_token", refresh_token: token })
  mustBe(await use(run.target.clients.second), 400, "invalid_grant")
  const answer = await use()
  mustEqual(answer.status, 200, `status of the refresh (${JSON.stringify(answer.body)})`)
  must(answer.body.access_token !== tokens.access_token, "the access token is the same")
  if (answer.body.id_token === undefined) return
  const claims = await run.idToken(answer.body, { ...asked, params: new URLSearchParams() })
  for (const claim of ["iss", "sub", "auth_time"] as const) {
    if (tokens.claims[claim] !== undefined) mustEqual(claims[claim], tokens.claims[claim], claim)
  }
  mustEqual(String(claims.aud), String(tokens.claims.aud), "aud")
  must(Number(claims.iat) >= Number(tokens.claims.iat), "iat")
}

export const BASIC_PLAN: Plan = {
  "oidcc-server": server,
  async "oidcc-response-type-missing"(run) {
    const asked = run.ask({ response_type: null })
    const outcome = await run.authorize(run.agent(), asked, { person: await run.target.newPerson() })
    if (outcome.kind === "page") return mustStay(outcome)
    mustRefuse(outcome, asked, ["invalid_request", "unsupported_response_type"])
  },
  "oidcc-idtoken-signature": accepts({}),
  async "oidcc-idtoken-unsigned"(run) {
    if (!run.supports("id_token_signing_alg_values_supported", "none")) run.skip("alg none is not offered")
    throw new Error("alg none is offered")
  },
  "oidcc-userinfo-get": userinfoModule((run, token) => run.userinfo(token)),
  "oidcc-userinfo-post-header": userinfoModule((run, token) => run.userinfo(token, { method: "POST" })),
  "oidcc-userinfo-post-body": userinfoModule(async (run, token) => {
    const body = new URLSearchParams({ access_token: token })
    const response = await fetch(run.at("userinfo_endpoint"), { method: "POST", body })
    return { status: response.status, body: response.ok ? ((await response.json()) as Record<string, unknown>) : {} }
  }, true),
  async "oidcc-ensure-request-without-nonce-succeeds-for-code-flow"(run) {
    const { tokens } = await run.flow({ nonce: null })
    must(tokens.claims.nonce === undefined, "a nonce came from nowhere")
  },
  "oidcc-scope-profile": scopeModule("profile", ["name", "updated_at"]),
  "oidcc-scope-email": scopeModule("email", ["email", "email_verified"]),
  "oidcc-scope-address": scopeModule("address", ["address"]),
  "oidcc-scope-phone": scopeModule("phone", ["phone_number"]),
  "oidcc-scope-all": scopeModule("profile email address phone", ["name", "email", "address", "phone_number"]),
  async "oidcc-alternate-happy-flow"(run) {
    const asked = run.ask({ scope: "email openid" })
    const turned = new URLSearchParams([...asked.params].reverse())
    const person = await run.target.newPerson()
    const code = back(await run.authorize(run.agent(), turned, { person })).get("code")
    await run.tokens(asked, code ?? "")
  },
  "oidcc-display-page": accepts({ display: "page" }),
  "oidcc-display-popup": accepts({ display: "popup" }),
  "oidcc-prompt-login": promptLogin,
  async "oidcc-prompt-none-not-logged-in"(run) {
    const asked = run.ask({ prompt: "none" })
    const outcome = await run.authorize(run.agent(), asked)
    mustEqual(outcome.shown.length, 0, "pages shown")
    mustRefuse(outcome, asked, ["login_required", "interaction_required"])
  },
  async "oidcc-prompt-none-logged-in"(run) {
    const first = await run.flow({ max_age: "15000" })
    const claims = await silently(run, { max_age: "15000" }, first)
    mustEqual(claims.auth_time, first.tokens.claims.auth_time, "auth_time")
  },
  "oidcc-max-age-1": maxAge1,
  "oidcc-max-age-10000": maxAge10000,
  "oidcc-ensure-request-with-unknown-parameter-succeeds": accepts({ extra: "foobar" }),
  async "oidcc-id-token-hint"(run) {
    const first = await run.flow()
    await silently(run, { id_token_hint: String(first.tokens.id_token) }, first)
  },
  "oidcc-login-hint": accepts({ login_hint: "bob@example.com" }),
  "oidcc-ui-locales": accepts({ ui_locales: "se de" }),
  "oidcc-claims-locales": accepts({ claims_locales: "se de" }),
  async "oidcc-ensure-request-with-acr-values-succeeds"(run) {
    const offered = Array.isArray(run.as.acr_values_supported) ? run.as.acr_values_supported.slice(0, 2).join(" ") : ""
    const { tokens } = await run.flow({ acr_values: offered || "1 2" })
    if (typeof tokens.claims.acr !== "string") run.warn("acr is missing")
  },
  "oidcc-codereuse": codeReuse,
  async "oidcc-codereuse-30seconds"(run) {
    const { asked, code, tokens } = await run.flow()
    // As long as a code may live here at most; the suite waits 30 seconds.
    await run.target.later(30_000)
    mustBe(await run.redeem(asked, code), 400, "invalid_grant")
    if ((await run.userinfo(String(tokens.access_token))).status === 200) run.warn("the access token still works")
  },
  async "oidcc-ensure-registered-redirect-uri"(run) {
    for (const uri of [`${CALLBACK}/other`, "https://rp.example/", "https://other.example/callback"]) {
      mustStay(
        await run.authorize(run.agent(), run.ask({ redirect_uri: uri }), { person: await run.target.newPerson() }),
      )
    }
  },
  async "oidcc-ensure-post-request-succeeds"(run) {
    const asked = run.ask()
    const person = await run.target.newPerson()
    const outcome = await run.agent().walk(run.at("authorization_endpoint"), { person }, asked.params)
    await run.tokens(asked, back(outcome).get("code") ?? "")
  },
  async "oidcc-server-client-secret-post"(run) {
    await run.flow({}, run.target.clients.post)
  },
  "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported": unsigned(
    "request_uri",
    "request_uri_not_supported",
  ),
  "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported": unsigned(
    "request",
    "request_not_supported",
  ),
  async "oidcc-ensure-request-object-with-redirect-uri"(run) {
    if (!run.as.request_parameter_supported) run.skip("request objects are not offered")
    throw new Error("request objects are offered: this module has to be written")
  },
  async "oidcc-claims-essential"(run) {
    const { tokens } = await run.flow({ claims: JSON.stringify({ userinfo: { name: { essential: true } } }) })
    const answer = await run.userinfo(String(tokens.access_token))
    mustEqual(answer.status, 200, "status of userinfo")
    if (typeof answer.body.name !== "string") run.warn("the essential claim name is missing")
  },
  "oidcc-refresh-token": refreshToken,
  "oidcc-ensure-request-with-valid-pkce-succeeds": accepts({}),
}
