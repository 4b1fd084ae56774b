// The RP-initiated and back-channel logout plans. https://openid.net/specs/openid-connect-rpinitiated-1_0.html,
// https://openid.net/specs/openid-connect-backchannel-1_0.html
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose"
import type { Agent, Outcome } from "./agent.ts"
import { AFTER_LOGOUT, back, type Module, must, mustEqual, type Plan, type Run, Skipped, secret } from "./run.ts"

/** Goes to the logout endpoint in the browser of a sign-in and answers yes where it is asked. */
async function logOut(run: Run, agent: Agent, fields: Record<string, string>): Promise<Outcome> {
  return agent.walk(`${run.at("end_session_endpoint")}?${new URLSearchParams(fields)}`)
}

async function mustBeSignedOut(run: Run, agent: Agent): Promise<void> {
  const params = back(await run.authorize(agent, run.ask({ prompt: "none" })))
  must(["login_required", "interaction_required"].includes(params.get("error") ?? ""), "still signed in")
}

function mustReturn(outcome: Outcome, state: string | null): void {
  const params = back(outcome)
  must(outcome.url.href.startsWith(AFTER_LOGOUT), `sent to ${outcome.url}`)
  mustEqual(params.get("state"), state, "state")
}

/** Ends somewhere here: whatever the page says, nobody is sent to an address that was not registered or not proven. */
const staysHere =
  (fields: (first: Awaited<ReturnType<Run["flow"]>>) => Record<string, string>): Module =>
  async (run) => {
    run.at("end_session_endpoint")
    const first = await run.flow()
    const outcome = await logOut(run, first.agent, fields(first))
    must(outcome.kind === "page", `sent to ${outcome.url}`)
  }

const tampered = (token: unknown): string => {
  const [head, body, signature] = String(token).split(".")
  const claims = { ...JSON.parse(Buffer.from(body!, "base64url").toString()), sub: "somebody-else" }
  return `${head}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.${signature}`
}

export const LOGOUT_PLAN: Plan = {
  async "oidcc-rp-initiated-logout-discovery-endpoint-verification"(run) {
    const address = run.at("end_session_endpoint")
    must(new URL(address).origin === new URL(run.target.issuer).origin, "end_session_endpoint is elsewhere")
  },
  async "oidcc-rp-initiated-logout"(run) {
    run.at("end_session_endpoint")
    const { agent, tokens } = await run.flow()
    const state = secret()
    const hint = String(tokens.id_token)
    const outcome = await logOut(run, agent, { id_token_hint: hint, post_logout_redirect_uri: AFTER_LOGOUT, state })
    mustReturn(outcome, state)
    await mustBeSignedOut(run, agent)
  },
  async "oidcc-rp-initiated-logout-no-state"(run) {
    run.at("end_session_endpoint")
    const { agent, tokens } = await run.flow()
    const fields = { id_token_hint: String(tokens.id_token), post_logout_redirect_uri: AFTER_LOGOUT }
    mustReturn(await logOut(run, agent, fields), null)
    await mustBeSignedOut(run, agent)
  },
  "oidcc-rp-initiated-logout-bad-id-token-hint": staysHere(() => ({
    id_token_hint: "no.token.atall",
    post_logout_redirect_uri: AFTER_LOGOUT,
    state: "s",
  })),
  "oidcc-rp-initiated-logout-modified-id-token-hint": staysHere(({ tokens }) => ({
    id_token_hint: tampered(tokens.id_token),
    post_logout_redirect_uri: AFTER_LOGOUT,
    state: "s",
  })),
  "oidcc-rp-initiated-logout-no-id-token-hint": staysHere(() => ({
    post_logout_redirect_uri: AFTER_LOGOUT,
    state: "s",
  })),
  async "oidcc-rp-initiated-logout-no-params"(run) {
    run.at("end_session_endpoint")
    const { agent } = await run.flow()
    must((await logOut(run, agent, {})).kind === "page", "sent somewhere")
    await mustBeSignedOut(run, agent)
  },
  "oidcc-rp-initiated-logout-no-post-logout-redirect-uri": staysHere(({ tokens }) => ({
    id_token_hint: String(tokens.id_token),
    state: "s",
  })),
  "oidcc-rp-initiated-logout-bad-logout-redirect-uri": staysHere(({ tokens }) => ({
    id_token_hint: String(tokens.id_token),
    post_logout_redirect_uri: "https://other.example/after",
    state: "s",
  })),
  "oidcc-rp-initiated-logout-query-added-to-logout-redirect-uri": staysHere(({ tokens }) => ({
    id_token_hint: String(tokens.id_token),
    post_logout_redirect_uri: `${AFTER_LOGOUT}?foo=bar`,
    state: "s",
  })),
  "oidcc-rp-initiated-logout-only-state": staysHere(() => ({ state: "s" })),
  async "oidcc-rp-initiated-logout-of-another-person-is-asked-first"(run) {
    run.at("end_session_endpoint")
    const [victim, other] = await Promise.all([run.flow(), run.flow()])
    // CSRF: the ID token of somebody else ends no session without a word.
    const fields = { id_token_hint: String(other.tokens.id_token), post_logout_redirect_uri: AFTER_LOGOUT }
    const address = `${run.at("end_session_endpoint")}?${new URLSearchParams(fields)}`
    await victim.agent.walk(address, { signOut: false })
    const asked = run.ask({ prompt: "none" })
    must(back(await run.authorize(victim.agent, asked)).get("code"), "signed out by a stranger's link")
  },
}

const EVENT = "http://schemas.openid.net/event/backchannel-logout"

export const BACKCHANNEL_PLAN: Plan = {
  async "oidcc-backchannel-logout-discovery-endpoint-verification"(run) {
    if (run.as.backchannel_logout_supported !== true) run.skip("back-channel logout is not offered")
    mustEqual(run.as.backchannel_logout_session_supported as boolean, true, "backchannel_logout_session_supported")
  },
  async "oidcc-backchannel-rp-initiated-logout"(run) {
    if (run.as.backchannel_logout_supported !== true) run.skip("back-channel logout is not offered")
    const heard = run.target.backchannel
    if (!heard) throw new Skipped("this target has no client that listens")
    const { agent, tokens, asked } = await run.flow({}, heard.client)
    await logOut(run, agent, { id_token_hint: String(tokens.id_token), post_logout_redirect_uri: AFTER_LOGOUT })
    const token = await heard.next(String(tokens.claims.sub))
    const header = decodeProtectedHeader(token)
    if (header.typ !== "logout+jwt") run.warn(`typ is ${header.typ}`)
    const keys = createRemoteJWKSet(new URL(run.at("jwks_uri")))
    const { payload } = await jwtVerify(token, keys, { issuer: run.target.issuer, audience: asked.client.id })
    must(payload.jti && payload.iat, "jti and iat")
    must(payload.exp, "exp")
    must(payload.nonce === undefined, "a logout token has no nonce")
    must((payload.events as Record<string, unknown>)?.[EVENT], "events")
    mustEqual(payload.sub as string, tokens.claims.sub!, "sub")
    mustEqual(payload.sid as string, tokens.claims.sid as string, "sid")
  },
}
