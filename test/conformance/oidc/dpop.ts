// DPoP (RFC 9449): tokens bound to a key, at the token endpoint and at a resource; what a proof must be, what it must not, and whose.
import { calculateJwkThumbprint } from "jose"
import { athOf, type DpopClient, dpop, newKey, proof, type Wrong } from "./dpop-client.ts"
import {
  type Answer,
  answerOf,
  back,
  type Module,
  must,
  mustBe,
  mustEqual,
  type Plan,
  type Run,
  secret,
} from "./run.ts"

const SECONDS = () => Math.floor(Date.now() / 1_000)

/** A code whose proof is wrong: no tokens, and it is not used up by that. */
const refusedAtToken =
  (wrong: (client: DpopClient, run: Run) => Wrong | Promise<Wrong>): Module =>
  async (run) => {
    const client = await dpop(run)
    await client.flow()
    const asked = run.ask()
    const code = await run.codeOf(run.agent(), asked, { person: await run.target.newPerson() })
    const answer = await client.redeem(asked, code, await wrong(client, run))
    must(answer.body.access_token === undefined, "tokens")
    mustBe(answer, 400, "invalid_dpop_proof")
    mustEqual((await client.redeem(asked, code)).status, 200, "status of the right proof after it")
  }

/** A call whose proof is wrong: 401, and the token still works with a right one. */
const refusedAtResource =
  (wrong: (client: DpopClient, token: string) => Wrong | Promise<Wrong>): Module =>
  async (run) => {
    const client = await dpop(run)
    const { token } = await client.flow()
    mustEqual((await client.call(token)).status, 200, "status of a right call")
    mustUnauthorized(await client.call(token, await wrong(client, token)))
    mustEqual((await client.call(token)).status, 200, "status of the right proof after it")
  }

function mustUnauthorized(answer: Answer): void {
  mustEqual(answer.status, 401, "status")
  must(/^DPoP /i.test(answer.headers.get("www-authenticate") ?? ""), "the challenge is not one of DPoP")
}

const HAPPY: Plan = {
  async "dpop-happy-flow"(run) {
    const client = await dpop(run)
    const { token } = await client.flow({ scope: "openid email" })
    const answer = await client.call(token)
    mustEqual(answer.status, 200, `status of userinfo (${JSON.stringify(answer.body)})`)
    must(typeof answer.body.sub === "string", "sub")
  },
  async "dpop-happy-flow-public-client"(run) {
    const client = await dpop(run)
    const { token } = await client.flow({}, run.target.clients.open)
    mustEqual((await client.call(token)).status, 200, "status of userinfo")
  },
  async "dpop-jkt-in-authorization-request"(run) {
    const client = await dpop(run)
    const jkt = await calculateJwkThumbprint(client.key.jwk)
    const { token } = await client.flow({ dpop_jkt: jkt })
    mustEqual((await client.call(token)).status, 200, "status of userinfo")
    const other = await dpop(run)
    const asked = run.ask({ dpop_jkt: jkt })
    const code = await run.codeOf(run.agent(), asked, { person: await run.target.newPerson() })
    const refused = await other.redeem(asked, code)
    must(refused.status === 400 && refused.body.access_token === undefined, `tokens for another key: ${refused.status}`)
  },
  async "dpop-introspection-names-the-key"(run) {
    const client = await dpop(run)
    const { asked, token } = await client.flow()
    const { body } = await run.post(run.at("introspection_endpoint"), asked.client, { token })
    mustEqual(body.active as boolean, true, "active")
    mustEqual(String(body.token_type).toLowerCase(), "dpop", "token_type")
    mustEqual((body.cnf as { jkt?: string })?.jkt, await calculateJwkThumbprint(client.key.jwk), "cnf.jkt")
  },
}

const NONCE: Plan = {
  async "dpop-nonce-asked-for-at-token-endpoint"(run) {
    const client = await dpop(run)
    const url = run.at("token_endpoint")
    const { asked, code } = await fresh(run)
    const fields = {
      grant_type: "authorization_code",
      code,
      redirect_uri: String(asked.params.get("redirect_uri")),
      code_verifier: asked.verifier,
    }
    const answer = await run.post(url, asked.client, fields, { dpop: await proof(client.key, "POST", url, {}) })
    mustBe(answer, 400, "use_dpop_nonce")
    must(answer.headers.get("dpop-nonce"), "no nonce was given")
    must(answer.headers.get("cache-control")?.includes("no-store"), "the answer may be kept by caches")
    mustEqual((await client.redeem(asked, code)).status, 200, "status with the nonce")
  },
  async "dpop-nonce-asked-for-at-resource"(run) {
    const client = await dpop(run)
    const { token } = await client.flow()
    const url = run.at("userinfo_endpoint")
    const without = await proof(client.key, "GET", url, { ath: athOf(token) })
    const answer = await answerOf(await fetch(url, { headers: { authorization: `DPoP ${token}`, dpop: without } }))
    mustEqual(answer.status, 401, "status")
    must(answer.headers.get("www-authenticate")?.includes("use_dpop_nonce"), "the challenge does not ask for a nonce")
    must(answer.headers.get("dpop-nonce"), "no nonce was given")
  },
  async "dpop-nonce-of-somebody-else-rejected"(run) {
    const client = await dpop(run)
    const { asked, code } = await fresh(run)
    const answer = await client.redeem(asked, code, { claims: { nonce: secret() } })
    must(answer.status === 400 && answer.body.access_token === undefined, `answered ${answer.status}`)
    must(["use_dpop_nonce", "invalid_dpop_proof"].includes(String(answer.body.error)), `error: ${answer.body.error}`)
  },
}

async function fresh(run: Run) {
  const asked = run.ask()
  return { asked, code: await run.codeOf(run.agent(), asked, { person: await run.target.newPerson() }) }
}

const AT_TOKEN: Plan = {
  "dpop-wrong-htm-rejected": refusedAtToken(() => ({ claims: { htm: "GET" } })),
  "dpop-missing-htm-rejected": refusedAtToken(() => ({ claims: { htm: undefined } })),
  "dpop-wrong-htu-rejected": refusedAtToken((_, run) => ({ claims: { htu: run.at("userinfo_endpoint") } })),
  "dpop-htu-of-another-host-rejected": refusedAtToken((_, run) => ({
    claims: { htu: `https://rp.example${new URL(run.at("token_endpoint")).pathname}` },
  })),
  "dpop-missing-htu-rejected": refusedAtToken(() => ({ claims: { htu: undefined } })),
  async "dpop-htu-without-query-and-fragment"(run) {
    const client = await dpop(run)
    const { asked, code } = await fresh(run)
    const htu = `${run.at("token_endpoint")}?x=1#y`
    mustEqual((await client.redeem(asked, code, { claims: { htu } })).status, 200, "status (RFC 9449 §4.3)")
  },
  "dpop-stale-iat-rejected": refusedAtToken(() => ({ claims: { iat: SECONDS() - 3_600 } })),
  "dpop-future-iat-rejected": refusedAtToken(() => ({ claims: { iat: SECONDS() + 3_600 } })),
  "dpop-missing-iat-rejected": refusedAtToken(() => ({ claims: { iat: undefined } })),
  "dpop-missing-jti-rejected": refusedAtToken(() => ({ claims: { jti: undefined } })),
  "dpop-wrong-typ-rejected": refusedAtToken(() => ({ header: { typ: "JWT" } })),
  "dpop-missing-jwk-rejected": refusedAtToken(() => ({ header: { jwk: undefined } })),
  "dpop-private-jwk-rejected": refusedAtToken(async (client) => {
    const { d } = JSON.parse(JSON.stringify(await crypto.subtle.exportKey("jwk", client.key.privateKey))) as {
      d: string
    }
    return { header: { jwk: { ...client.key.jwk, d } } }
  }),
  "dpop-signature-of-another-key-rejected": refusedAtToken(async () => ({ signedBy: await newKey() })),
  "dpop-alg-none-rejected": refusedAtToken(async (client, run) => {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url")
    const claims = { jti: secret(), htm: "POST", htu: run.at("token_endpoint"), iat: SECONDS(), nonce: client.nonce }
    return { text: `${encode({ alg: "none", typ: "dpop+jwt", jwk: client.key.jwk })}.${encode(claims)}.` }
  }),
  "dpop-garbage-rejected": refusedAtToken(() => ({ text: "a.b.c" })),
  async "dpop-replayed-jti-rejected"(run) {
    const client = await dpop(run)
    const jti = secret()
    // The nonce first, so that the same proof could stand twice.
    await client.flow()
    const first = await fresh(run)
    mustEqual((await client.redeem(first.asked, first.code, { claims: { jti } })).status, 200, "status of the first")
    const second = await fresh(run)
    const again = await client.redeem(second.asked, second.code, { claims: { jti } })
    must(again.status === 400 && again.body.access_token === undefined, `answered ${again.status}`)
    // RFC 9449 §5 has the first; the second says as much.
    must(["invalid_dpop_proof", "invalid_grant"].includes(String(again.body.error)), `error: ${again.body.error}`)
    if ((await client.redeem(second.asked, second.code)).status !== 200) run.warn("the code is used up by it")
  },
}

const AT_RESOURCE: Plan = {
  "dpop-resource-missing-ath-rejected": refusedAtResource(() => ({ claims: { ath: undefined } })),
  "dpop-resource-ath-of-another-token-rejected": refusedAtResource(() => ({ claims: { ath: athOf("another") } })),
  "dpop-resource-wrong-htm-rejected": refusedAtResource(() => ({ claims: { htm: "POST" } })),
  "dpop-resource-wrong-htu-rejected": refusedAtResource((client) => ({
    claims: { htu: client.run.at("token_endpoint") },
  })),
  "dpop-resource-stale-iat-rejected": refusedAtResource(() => ({ claims: { iat: SECONDS() - 3_600 } })),
  async "dpop-resource-replayed-jti-rejected"(run) {
    const client = await dpop(run)
    const { token } = await client.flow()
    const jti = secret()
    await client.call(token)
    mustEqual((await client.call(token, { claims: { jti } })).status, 200, "status of the first")
    mustUnauthorized(await client.call(token, { claims: { jti } }))
  },
  async "dpop-resource-another-key-rejected"(run) {
    const { token } = await (await dpop(run)).flow()
    mustUnauthorized(await (await dpop(run)).call(token))
  },
  async "dpop-bound-token-as-bearer-rejected"(run) {
    const { token } = await (await dpop(run)).flow()
    mustEqual((await run.userinfo(token)).status, 401, "status")
  },
  async "dpop-bound-token-without-proof-rejected"(run) {
    const { token } = await (await dpop(run)).flow()
    const headers = { authorization: `DPoP ${token}` }
    const answer = await answerOf(await fetch(run.at("userinfo_endpoint"), { headers }))
    must(answer.status === 401 || answer.status === 400, `answered ${answer.status}`)
  },
  async "dpop-unbound-token-with-proof-rejected"(run) {
    const client = await dpop(run)
    const { tokens } = await run.flow()
    mustEqual((await client.call(String(tokens.access_token))).status, 401, "status")
  },
}

const OFFLINE = { scope: "openid offline_access", prompt: "consent" }
const refreshOf = (token: unknown) => ({ grant_type: "refresh_token", refresh_token: String(token) })

const REFRESH: Plan = {
  async "dpop-refresh-with-the-same-key"(run) {
    const client = await dpop(run)
    const { asked, body } = await client.flow(OFFLINE, run.target.clients.open)
    const answer = await client.post(asked.client, refreshOf(body.refresh_token))
    mustEqual(answer.status, 200, `status (${JSON.stringify(answer.body)})`)
    mustEqual(String(answer.body.token_type).toLowerCase(), "dpop", "token_type")
    mustEqual((await client.call(String(answer.body.access_token))).status, 200, "status of userinfo")
  },
  async "dpop-refresh-key-mismatch-rejected"(run) {
    const client = await dpop(run)
    const { asked, body } = await client.flow(OFFLINE, run.target.clients.open)
    const answer = await (await dpop(run)).post(asked.client, refreshOf(body.refresh_token))
    must(answer.status === 400 && answer.body.access_token === undefined, `answered ${answer.status}`)
    must(["invalid_grant", "invalid_dpop_proof"].includes(String(answer.body.error)), `error: ${answer.body.error}`)
    // A thief's try takes nothing from its owner.
    mustEqual((await client.post(asked.client, refreshOf(body.refresh_token))).status, 200, "status for its owner")
  },
  async "dpop-refresh-without-proof-rejected"(run) {
    const client = await dpop(run)
    const { asked, body } = await client.flow(OFFLINE, run.target.clients.open)
    const answer = await run.post(run.at("token_endpoint"), asked.client, refreshOf(body.refresh_token))
    must(answer.status === 400 && answer.body.access_token === undefined, `answered ${answer.status}`)
  },
  async "dpop-code-of-another-client-rejected"(run) {
    const client = await dpop(run)
    const { asked, code } = await fresh(run)
    const answer = await client.redeem({ ...asked, client: run.target.clients.second }, code)
    mustBe(answer, 400, "invalid_grant")
  },
  async "dpop-consent-denied-gives-no-code"(run) {
    const asked = run.ask({ dpop_jkt: await calculateJwkThumbprint((await newKey()).jwk) })
    const outcome = await run.authorize(run.agent(), asked, { person: await run.target.newPerson(), consent: "deny" })
    mustEqual(back(outcome).get("error"), "access_denied", "error")
  },
}

export const DPOP_PLAN: Plan = { ...HAPPY, ...NONCE, ...AT_TOKEN, ...AT_RESOURCE, ...REFRESH }
