// Passkeys that belong to another page, person or moment, and what a stolen session can do.
import type { WebAgent, WebPage } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { addPasskey, PASSWORD, type SoftKey, softKey, turnTwoStepOn } from "../build.ts"
import { must } from "../conformance/oidc/run.ts"
import { type Attacks, fieldsOf, signIn, type World } from "./world.ts"

const ACTION = "/login/passkey"
const MINUTE = 60_000

/** Somebody with a passkey, and what keeps it. */
async function owner(world: World): Promise<{ user: User; key: SoftKey }> {
  const user = await world.person()
  const key = await softKey(world.url)
  await addPasskey(world.server.app, user, key)
  return { user, key }
}

/** What the sign-in page asks an authenticator. */
async function asked({ url }: World, agent: WebAgent) {
  const page = await agent.get(`${url}/login`)
  const options = /data-options="([^"]+)"/.exec(page.text)![1]!.replace(/&(#34|quot);/g, '"')
  return { page, ticket: fieldsOf(page, ACTION).ticket!, options: JSON.parse(options) as Record<string, unknown> }
}

const isIn = ({ url }: WebPage): boolean => url.includes("/dashboard")

/** An answer with one lie in it. */
async function mustRefuse(world: World, lies: Parameters<SoftKey["use"]>[1]): Promise<void> {
  const { key } = await owner(world)
  const agent = world.browser()
  const request = await asked(world, agent)
  const answer = await agent.submit(request.page, ACTION, { response: await key.use(request, lies) })
  must(!isIn(answer), "signed in")
}

const isAsked = ({ url }: WebPage): boolean => new URL(url).pathname === "/confirm"
const newKey = async (agent: WebAgent, url: string): Promise<WebPage> =>
  agent.submit(await agent.get(`${url}/keys/new`), "/keys", { name: "Eve's", scope: "llm" })

export const PASSKEYS: Attacks = {
  "a passkey used on another origin": (world) => mustRefuse(world, { origin: "https://evil.example" }),
  "a passkey of another host name": (world) => mustRefuse(world, { rpId: "evil.example" }),
  "a passkey used in a frame": (world) => mustRefuse(world, { crossOrigin: true }),
  "a passkey whose person was not verified": (world) => mustRefuse(world, { flags: 0x01 }),
  async "a passkey that was copied, by its counter"(world) {
    const { key } = await owner(world)
    for (const counter of [9, 8]) {
      const agent = world.browser()
      const request = await asked(world, agent)
      const answer = await agent.submit(request.page, ACTION, { response: await key.use(request, { counter }) })
      must(isIn(answer) === (counter === 9), `counter ${counter}`)
    }
  },
  async "an answer of a passkey, played back"(world) {
    const { key } = await owner(world)
    const agent = world.browser()
    const request = await asked(world, agent)
    const response = await key.use(request, { counter: 0 })
    await agent.submit(request.page, ACTION, { response })
    const again = world.browser()
    again.setCookie(world.url, "purser_browser", agent.cookie(world.url, "purser_browser")!)
    const form = { ...fieldsOf(request.page, ACTION), response }
    must(!isIn(await again.post(world.url + ACTION, Object.entries(form))), "signed in twice")
  },
  async "an answer of a passkey, taken to another browser"(world) {
    const { key } = await owner(world)
    const victim = await asked(world, world.browser())
    const agent = world.browser()
    const own = await asked(world, agent)
    const sent = { ticket: victim.ticket, response: await key.use(victim) }
    must(!isIn(await agent.submit(own.page, ACTION, sent)), "signed in")
  },
  async "the password alone of who has a passkey (CVE-2025-64103)"(world) {
    const { user } = await owner(world)
    must(!isIn(await signIn(world.browser(), world.url, user.email)), "signed in")
  },
  async "a stolen session mints a key after ten minutes"(world) {
    const agent = await world.signedIn(await world.person())
    await world.later(10 * MINUTE)
    must(isAsked(await newKey(agent, world.url)), "a key was made")
  },
  async "a fresh sign-in by password where a second factor is set up (GHSA-hp74-gm6m-2qm5)"(world) {
    const user = await world.person()
    const agent = await world.signedIn(user)
    await turnTwoStepOn(world.server.app, user)
    const page = await newKey(agent, world.url)
    must(isAsked(page), "a key was made")
    must((await agent.submit(page, "/confirm", { password: PASSWORD })).status === 422, "the password was enough")
  },
}
