// The Dynamic plan as far as a server offers it: registration (RFC 7591), redirect URIs with a query, changed keys.
import {
  type Answer,
  answerOf,
  back,
  CALLBACK,
  CALLBACK_WITH_QUERY,
  type ClientInfo,
  type Json,
  must,
  mustEqual,
  mustStay,
  type Plan,
  type Run,
  Skipped,
} from "./run.ts"

async function register(run: Run, metadata: Json): Promise<Answer> {
  const body = JSON.stringify({ client_name: "Conformance", redirect_uris: [CALLBACK], ...metadata })
  const headers = { "content-type": "application/json" }
  return answerOf(await fetch(run.at("registration_endpoint"), { method: "POST", body, headers }))
}

async function registered(run: Run, metadata: Json = {}): Promise<{ client: ClientInfo; body: Json }> {
  const answer = await register(run, metadata)
  mustEqual(answer.status, 201, `status of a registration (${JSON.stringify(answer.body)})`)
  must(answer.headers.get("cache-control")?.includes("no-store"), "the answer may be kept by caches")
  must(typeof answer.body.client_id === "string", "client_id")
  const secret = typeof answer.body.client_secret === "string" ? answer.body.client_secret : null
  if (secret !== null)
    must(answer.body.client_secret_expires_at !== undefined, "client_secret_expires_at is REQUIRED with a secret")
  const posts = answer.body.token_endpoint_auth_method === "client_secret_post"
  return { client: { id: answer.body.client_id, secret, posts }, body: answer.body }
}

async function mustNotRegister(run: Run, metadata: Json, errors = ["invalid_redirect_uri"]): Promise<void> {
  const answer = await register(run, metadata)
  mustEqual(answer.status, 400, `status for ${JSON.stringify(metadata)}`)
  must(errors.includes(String(answer.body.error)), `error: ${answer.body.error}`)
}

const stays = async (run: Run, uri: string) =>
  mustStay(await run.authorize(run.agent(), run.ask({ redirect_uri: uri }), { person: await run.target.newPerson() }))

export const DYNAMIC_PLAN: Plan = {
  async "oidcc-redirect-uri-query-OK"(run) {
    const asked = run.ask({ redirect_uri: CALLBACK_WITH_QUERY })
    const outcome = await run.authorize(run.agent(), asked, { person: await run.target.newPerson() })
    mustEqual(back(outcome).get("kept"), "yes", "the query of the redirect URI")
    await run.tokens(asked, back(outcome).get("code") ?? "")
  },
  "oidcc-redirect-uri-query-mismatch": (run) => stays(run, `${CALLBACK}?kept=no`),
  "oidcc-redirect-uri-query-added": (run) => stays(run, `${CALLBACK}?foo=bar`),
  async "oidcc-registration-dynamic"(run) {
    const { client, body } = await registered(run)
    mustEqual(JSON.stringify(body.redirect_uris), JSON.stringify([CALLBACK]), "redirect_uris")
    const agent = run.agent()
    const asked = run.ask({}, client)
    await run.tokens(asked, await run.codeOf(agent, asked, { person: await run.target.newPerson() }))
  },
  async "oidcc-registration-public-client"(run) {
    // CVE-2026-44476: without a secret it is public, and an empty one opens nothing.
    const { client, body } = await registered(run, { token_endpoint_auth_method: "none" })
    mustEqual(client.secret, null, "secret of a public client")
    mustEqual(body.token_endpoint_auth_method as string, "none", "token_endpoint_auth_method")
    const asked = run.ask({}, client)
    await run.tokens(asked, await run.codeOf(run.agent(), asked, { person: await run.target.newPerson() }))
  },
  "oidcc-redirect-uri-regfrag": (run) => mustNotRegister(run, { redirect_uris: [`${CALLBACK}#foobar`] }),
  async "oidcc-registration-redirect-uri-schemes"(run) {
    for (const uri of ["javascript:alert(1)", "data:text/html,x", "http://rp.example/callback", "not an address"]) {
      await mustNotRegister(run, { redirect_uris: [uri] })
    }
    await mustNotRegister(run, { redirect_uris: [] }, ["invalid_redirect_uri", "invalid_client_metadata"])
  },
  async "oidcc-registration-loopback-any-port"(run) {
    const { client } = await registered(run, {
      redirect_uris: ["http://localhost/callback"],
      token_endpoint_auth_method: "none",
      application_type: "native",
    })
    const address = `http://localhost:${40_000 + Math.floor(Math.random() * 20_000)}/callback`
    const asked = run.ask({ redirect_uri: address }, client)
    const agent = run.agentFor(address)
    await run.tokens(asked, await run.codeOf(agent, asked, { person: await run.target.newPerson() }))
  },
  async "oidcc-registration-policy-uri"(run) {
    const { body } = await registered(run, { policy_uri: "https://rp.example/policy" })
    mustEqual(body.policy_uri as string, "https://rp.example/policy", "policy_uri")
  },
  async "oidcc-registration-tos-uri"(run) {
    const { body } = await registered(run, { tos_uri: "https://rp.example/terms" })
    mustEqual(body.tos_uri as string, "https://rp.example/terms", "tos_uri")
  },
  async "oidcc-registration-unknown-grant-refused"(run) {
    await mustNotRegister(run, { grant_types: ["password"] }, ["invalid_client_metadata"])
  },
  async "oidcc-server-rotate-keys"(run) {
    const { rotate } = run.target
    if (!rotate) throw new Skipped("this target cannot change its keys")
    const before = await run.flow()
    await rotate()
    const after = await run.flow()
    // Both verify with what is published now: `flow` verified the new one, this is the old one.
    await run.idToken(before.tokens, before.asked)
    const kid = (token: unknown) => JSON.parse(atob(String(token).split(".")[0]!)).kid as string
    must(kid(before.tokens.id_token) !== kid(after.tokens.id_token), "the same key signs")
  },
}
