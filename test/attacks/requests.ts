// Requests that come by another way: pushed ahead, and to sign somebody out.
import { AFTER_LOGOUT, back, must, mustEqual, type Run } from "../conformance/oidc/run.ts"
import type { Attacks } from "./world.ts"
import { cookiesOf } from "./world.ts"

async function pushed(run: Run, changes: Record<string, string>): Promise<string> {
  const { client, params } = run.ask(changes)
  const sent = await run.post(run.at("pushed_authorization_request_endpoint"), client, Object.fromEntries(params))
  mustEqual(sent.status, 201, "status of the pushed request")
  const query = new URLSearchParams({ client_id: client.id, request_uri: String(sent.body.request_uri) })
  return `${run.at("authorization_endpoint")}?${query}`
}

export const REQUESTS: Attacks = {
  async "a pushed request twice, on the silent way (CVE-2026-96446)"({ run }) {
    const { agent } = await run.flow()
    const address = await pushed(run, { prompt: "none" })
    must(back(await agent.walk(address)).get("code"), "there is no first code")
    must((await agent.walk(address)).kind === "page", "a second answer")
  },
  async "a pushed request with other parameters beside it"({ run }) {
    const { agent } = await run.flow()
    const address = await pushed(run, { prompt: "none", state: "mine" })
    const params = back(await agent.walk(`${address}&state=theirs&redirect_uri=https%3A%2F%2Fevil.example%2F`))
    mustEqual(params.get("state"), "mine", "state")
  },
  async "signing out by an ID token that somebody made (GHSA-6f8c-crwq-jqm3)"({ run, url, person, signedIn, target }) {
    const victim = await person()
    const agent = await signedIn(victim)
    const { tokens } = await run.flow()
    const [head] = String(tokens.id_token).split(".")
    const claims = { iss: url, sub: victim.publicId, aud: target.clients.basic.id }
    const forged = `${head}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2lnbmF0dXJl`
    const cookie = cookiesOf(agent, url)
    await fetch(`${url}/logout?${new URLSearchParams({ id_token_hint: forged })}`, {
      headers: { cookie },
      redirect: "manual",
    })
    const answer = await fetch(`${url}/settings`, { headers: { cookie }, redirect: "manual" })
    mustEqual(answer.status, 200, "status with the victim's cookies")
  },
  async "signing out that leads elsewhere"({ run }) {
    const { agent, tokens } = await run.flow()
    for (const uri of [`${AFTER_LOGOUT}/x`, `${AFTER_LOGOUT}?a=b`, "https://evil.example/", "javascript:alert(1)"]) {
      const params = new URLSearchParams({ id_token_hint: String(tokens.id_token), post_logout_redirect_uri: uri })
      must((await agent.walk(`${run.at("end_session_endpoint")}?${params}`)).kind === "page", `sent to ${uri}`)
    }
  },
}
