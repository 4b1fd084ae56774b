// What browsers ask for pages of apps (FedCM), asked by somebody else, or for somebody else's page.
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { CALLBACK, must, mustEqual } from "../conformance/oidc/run.ts"
import { type Attacks, post, type World } from "./world.ts"

/** Somebody who is signed in and said yes to the app. */
async function connected(world: World) {
  const { run, url, person, signedIn } = world
  const user = await person()
  const agent = await signedIn(user)
  const consent = await agent.get(`${url}/authorize?${run.ask({ scope: "openid profile email" }).params}`)
  await agent.submit(consent, "/authorize/consent", { decision: "approve", scope: "email" })
  return { user, agent }
}

const wordsOf = (agent: WebAgent, url: string): string =>
  agent
    .cookieHeader(url)
    .split("; ")
    .filter((pair) => pair.startsWith("purser_fedcm-"))
    .join("; ")

async function asked({ url, target }: World, agent: WebAgent, id: string, headers: Record<string, string>) {
  const fields = { client_id: target.clients.basic.id, account_id: id, params: JSON.stringify({ nonce: "n" }) }
  const honest = { "sec-fetch-dest": "webidentity", origin: new URL(CALLBACK).origin, cookie: wordsOf(agent, url) }
  const answer = await post(`${url}/fedcm/assertion`, fields, { ...honest, ...headers })
  return String((await answer.json()).token ?? "")
}

export const FEDCM: Attacks = {
  async "an assertion for a page of another site (FedCM)"(world) {
    const { user, agent } = await connected(world)
    must(await asked(world, agent, user.publicId, {}), "the app's own page gets none")
    const { hostname } = new URL(CALLBACK)
    for (const origin of [
      "https://evil.example",
      `https://${hostname}.evil.example`,
      `https://${hostname}:444`,
      "null",
    ])
      mustEqual(await asked(world, agent, user.publicId, { origin }), "", `token for ${origin}`)
  },
  async "an assertion asked by a page, not by the browser (FedCM)"(world) {
    const { user, agent } = await connected(world)
    for (const dest of ["empty", "document", "iframe", "script"])
      mustEqual(await asked(world, agent, user.publicId, { "sec-fetch-dest": dest }), "", `token for ${dest}`)
  },
  async "an assertion for somebody who is signed in elsewhere (FedCM)"(world) {
    const { user } = await connected(world)
    const { agent } = await connected(world)
    mustEqual(await asked(world, agent, user.publicId, {}), "", "token")
  },
  async "an assertion for who never said yes (FedCM)"(world) {
    const user = await world.person()
    const agent = await world.signedIn(user)
    mustEqual(await asked(world, agent, user.publicId, {}), "", "token")
  },
  async "what the browser carries for other sites, as a session"(world) {
    const { url } = world
    const { agent } = await connected(world)
    const word = wordsOf(agent, url).split("=")[1]!
    const cookie = ["auth", "console", "auth-0000000000000000"].map((name) => `purser_${name}=${word}`).join("; ")
    const answer = await fetch(`${url}/settings`, { headers: { cookie }, redirect: "manual" })
    mustEqual(answer.status, 303, "status")
  },
}
