// Several people signed in to one browser, over HTTP: two people, two tabs, two apps on openid-client, and the console as one of them.
import { afterAll, beforeAll, expect, test } from "bun:test"
import * as client from "openid-client"
import { WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { makeClient, makeUser, PASSWORD, startTestServer, type TestServer } from "../build.ts"

interface App {
  name: string
  config: client.Configuration
  callback: string
}

let server: TestServer
let ada: User
let bob: User
let notes: App
let chat: App

beforeAll(async () => {
  server = await startTestServer()
  ;[ada, bob] = [await makeUser(server.app, { name: "Ada" }), await makeUser(server.app, { name: "Bob" })]
  ;[notes, chat] = [await makeApp("Notes"), await makeApp("Chat")]
})
afterAll(() => server.close())

async function makeApp(name: string): Promise<App> {
  const callback = `https://${name.toLowerCase()}.example.com/callback`
  const made = await makeClient(server.app, { name, redirectUris: [callback] })
  const insecure = { execute: [client.allowInsecureRequests] }
  const config = await client.discovery(new URL(server.url), made.client.publicId, made.secret, undefined, insecure)
  return { name, config, callback }
}

const newAgent = () => new WebAgent((next) => next.origin === server.url)
const words = ({ text }: WebPage) => text.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ")

/** A tab of the browser: the request of an app, and what becomes of it. */
async function tab(agent: WebAgent, { config, callback }: App, more: Record<string, string> = {}) {
  const verifier = client.randomPKCECodeVerifier()
  const asked = client.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: "openid email offline_access",
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...more,
  })
  return {
    page: await agent.get(asked.href),
    /** What the app learned of who is there. */
    async who(end: WebPage) {
      const { searchParams } = new URL(end.url)
      if (searchParams.has("error")) return searchParams.get("error")
      const tokens = await client.authorizationCodeGrant(config, new URL(end.url), { pkceCodeVerifier: verifier })
      const { email } = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()!.sub)
      return { email, idToken: tokens.id_token! }
    },
  }
}

const pick = (agent: WebAgent, page: WebPage, person: User) =>
  agent.submit(page, "/login/account", { account: person.publicId })
const approve = (agent: WebAgent, page: WebPage) =>
  page.url.includes("/authorize/consent")
    ? agent.submit(page, "/authorize/consent", { decision: "approve", scope: "email" })
    : Promise.resolve(page)
const signIn = (agent: WebAgent, page: WebPage, person: User) =>
  agent.submit(page, "/login", { email: person.email, password: PASSWORD })
const silently = async (agent: WebAgent, app: App, more: Record<string, string> = {}) => {
  const { page, who } = await tab(agent, app, { prompt: "none", ...more })
  const said = await who(page)
  return typeof said === "string" ? said : said?.email
}
const consoleOf = async (agent: WebAgent) => words(await agent.get(`${server.url}/settings`))

/** Ada and Bob in one browser; Ada in Notes, Bob in Chat. */
async function both(): Promise<{ agent: WebAgent; hints: { ada: string; bob: string } }> {
  const agent = newAgent()
  const first = await tab(agent, notes)
  const adas = await first.who(await approve(agent, await signIn(agent, first.page, ada)))
  const second = await tab(agent, chat, { prompt: "select_account" })
  expect(words(second.page)).toContain("Choose an account")
  const form = await agent.get(`${second.page.url}&as=other`)
  const bobs = await second.who(await approve(agent, await signIn(agent, form, bob)))
  if (!adas || typeof adas === "string" || !bobs || typeof bobs === "string") throw new Error(`${adas} ${bobs}`)
  expect([adas.email, bobs.email]).toEqual([ada.email, bob.email])
  return { agent, hints: { ada: adas.idToken, bob: bobs.idToken } }
}

test("each app is silent as the one who entered it, in every order, and a hint means its own person", async () => {
  const { agent, hints } = await both()
  for (const _ of [1, 2]) {
    expect(await silently(agent, notes)).toBe(ada.email)
    expect(await silently(agent, chat)).toBe(bob.email)
  }
  // Bob is in Chat alone: Notes hears that he has to say yes first, never Ada's name under his hint.
  expect(await silently(agent, notes, { id_token_hint: hints.ada })).toBe(ada.email)
  expect(await silently(agent, notes, { login_hint: bob.email })).toBe("consent_required")
  expect(await silently(agent, chat, { id_token_hint: hints.bob })).toBe(bob.email)
  expect(await silently(agent, chat, { login_hint: ada.publicId })).toBe("consent_required")
  const nobody = await makeUser(server.app)
  const claims = JSON.stringify({ id_token: { sub: { value: nobody.publicId } } })
  expect(await silently(agent, chat, { claims })).toBe("login_required")
})

test("two tabs of one app, each begun by one of them and answered in the other order", async () => {
  const { agent } = await both()
  const third = await makeApp("Third")
  const tabs = { ada: await tab(agent, third), bob: await tab(agent, third) }
  const bobs = await pick(agent, tabs.bob.page, bob)
  const adas = await pick(agent, tabs.ada.page, ada)
  expect([words(adas), words(bobs)].map((text) => text.includes("Approve"))).toEqual([true, true])
  expect(await tabs.bob.who(await approve(agent, bobs))).toMatchObject({ email: bob.email })
  expect(await tabs.ada.who(await approve(agent, adas))).toMatchObject({ email: ada.email })
  // The one who was chosen last is the app's from now on.
  expect(await silently(agent, third)).toBe(ada.email)
})

test("an app of several people's browser that nobody entered is told so when it is silent, and else asks", async () => {
  const { agent } = await both()
  const fresh = await makeApp("Fresh")
  expect(await silently(agent, fresh)).toBe("account_selection_required")
  const { page } = await tab(agent, fresh)
  for (const { email } of [ada, bob]) expect(words(page)).toContain(email)
})

test("the console is one of them: who signs in there takes it over, who signs in to an app does not, and Switch asks", async () => {
  const { agent } = await both()
  expect(await consoleOf(agent)).toContain(ada.email)
  const other = await agent.get(`${server.url}/login?as=other`)
  expect(words(await signIn(agent, other, bob))).toContain(bob.email)
  expect(await consoleOf(agent)).toContain(bob.email)
  const chooser = await agent.get(`${server.url}/console/login?choose=1&next=/settings`)
  expect(words(chooser)).toContain("Choose an account")
  const back = await pick(agent, chooser, ada)
  expect(new URL(back.url).pathname).toBe("/settings")
  expect(words(back)).toContain(ada.email)
  // The apps know nothing of it.
  expect(await silently(agent, chat)).toBe(bob.email)
})

test("a form on a page of the one before is not sent as the other", async () => {
  const { agent } = await both()
  const page = await agent.get(`${server.url}/settings`)
  await signIn(agent, await agent.get(`${server.url}/login?as=other`), bob)
  await agent.submit(page, "/settings/name", { name: "Mallory" })
  const names = [ada, bob].map(({ id }) => server.app.identity.userById(id)!.name)
  expect(names).toEqual(["Ada", "Bob"])
})

test("signing out asks who; one goes, the other stays; then everybody", async () => {
  const { agent } = await both()
  const asked = await agent.submit(await agent.get(`${server.url}/settings`), "/logout/confirmation")
  expect(words(asked)).toContain("Who signs out?")
  const gone = await agent.submit(asked, "/logout/confirmation", { account: ada.publicId })
  expect(words(gone)).toContain(`${bob.email} is still signed in here.`)
  expect(await silently(agent, chat)).toBe(bob.email)
  // Bob never entered it here: it asks him, it does not take Ada's choice for his.
  expect(await silently(agent, notes)).toBe("consent_required")
  expect(await consoleOf(agent)).toContain(bob.email)
  const last = await agent.submit(await agent.get(`${server.url}/logout`), "/logout/confirmation")
  expect(words(last)).toContain("You are signed out")
  expect(await silently(agent, chat)).toBe("login_required")
  expect(agent.cookie(server.url, "purser_auth")).toBeUndefined()

  const again = await both()
  const out = await again.agent.get(`${server.url}/logout`)
  await again.agent.submit(out, "/logout/confirmation", { account: "all" })
  expect(await silently(again.agent, chat)).toBe("login_required")
  expect(await silently(again.agent, notes)).toBe("login_required")
})

test("the chooser signs one out and goes on with the app", async () => {
  const { agent } = await both()
  const { page, who } = await tab(agent, chat, { prompt: "select_account" })
  const left = await agent.submit(page, "/login/account/sign-out", { account: ada.publicId })
  expect(words(left)).toContain(`${ada.email} is signed out here.`)
  expect(await who(await pick(agent, left, bob))).toMatchObject({ email: bob.email })
  expect(await consoleOf(agent)).toContain(bob.email)
})

test("an app's own sign-out ends its person's sign-in alone", async () => {
  const { agent, hints } = await both()
  await agent.get(client.buildEndSessionUrl(chat.config, { id_token_hint: hints.bob }).href)
  expect(await silently(agent, chat)).toBe("consent_required")
  expect(await silently(agent, notes)).toBe(ada.email)
})

test("dangerous acts ask the one whose page it is", async () => {
  const { agent } = await both()
  const confirm = await agent.get(`${server.url}/confirm?as=${bob.publicId}&next=/settings`)
  // He proved it a moment ago: nothing is asked, and nothing of the browser changes.
  expect(words(confirm)).toContain(ada.email)
  const strangers = await makeUser(server.app)
  const of = await agent.get(`${server.url}/confirm?as=${strangers.publicId}&next=/settings`)
  expect(words(of)).not.toContain(strangers.email)
})

test("whoever has five accounts here keeps the five used last", async () => {
  const agent = newAgent()
  const people: User[] = []
  for (let at = 0; at < 6; at++) {
    people.push(await makeUser(server.app))
    await signIn(agent, await agent.get(`${server.url}/login?as=other`), people[at]!)
  }
  const chooser = await agent.get(`${server.url}/login`)
  expect(people.map(({ email }) => words(chooser).includes(email))).toEqual([false, true, true, true, true, true])
  expect(server.app.identity.sessionsOf(people[0]!.id)).toEqual([])
})
