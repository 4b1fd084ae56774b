// Several people signed in to one browser: somebody else's token, choice, session or sign-out.
import type { WebAgent, WebPage } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { PASSWORD } from "../build.ts"
import { type Asked, must, mustEqual, secret } from "../conformance/oidc/run.ts"
import { type Attacks, fieldsOf, post, signIn, type World } from "./world.ts"

/** Two people in one browser; the first one is whom it acts as. */
async function shared({ person, signedIn, url }: World) {
  const [ada, bob] = [await person({ name: "Ada" }), await person({ name: "Bob" })]
  const agent = await signedIn(bob)
  await add(agent, url, ada)
  return { ada, bob, agent }
}

const add = async (agent: WebAgent, url: string, { email }: User): Promise<WebPage> =>
  agent.submit(await agent.get(`${url}/login?as=other`), "/login", { email, password: PASSWORD })

const choose = (agent: WebAgent, page: WebPage, { publicId }: User) =>
  agent.submit(page, "/login/account", { account: publicId })

/** Both use the app, from other browsers: a code for either could be had here. */
async function bothUse(world: World, people: readonly User[]): Promise<void> {
  for (const who of people) {
    const agent = await world.signedIn(who)
    const asked = world.run.ask({ scope: "openid email" })
    const consent = await agent.get(`${world.url}/authorize?${asked.params}`)
    await agent.submit(consent, "/authorize/consent", { decision: "approve", scope: "email" })
  }
}

/** The app is entered as one of them. */
async function enter({ run, url }: World, agent: WebAgent, who: User): Promise<void> {
  const asked = run.ask({ scope: "openid email", prompt: "select_account" })
  const consent = await choose(agent, await agent.get(`${url}/authorize?${asked.params}`), who)
  const page = await agent.submit(consent, "/authorize/consent", { decision: "approve", scope: "email" })
  must(page.url.includes("code="), `entered, and arrived at ${page.url}`)
}

const answerOf = ({ url }: WebPage): URLSearchParams => new URL(url).searchParams

/** Whom an app is told about. */
async function subjectOf({ run }: World, asked: Asked, page: WebPage): Promise<string> {
  const code = answerOf(page).get("code")
  must(code, `no code at ${page.url}`)
  const { body } = await run.redeem(asked, code)
  return JSON.parse(Buffer.from(String(body.id_token).split(".")[1]!, "base64url").toString()).sub
}

async function silent(world: World, agent: WebAgent, more: Record<string, string> = {}) {
  const asked = world.run.ask({ scope: "openid email", prompt: "none", ...more })
  return { asked, page: await agent.get(`${world.url}/authorize?${asked.params}`) }
}

/** The cookie of whom it acts as. */
const actingCookie = (agent: WebAgent, url: string): string =>
  /(?:^|; )purser_auth=([^;]+)/.exec(agent.cookieHeader(url))![1]!

const consoleIs = async ({ url }: World, agent: WebAgent, { email }: User): Promise<boolean> =>
  (await agent.get(`${url}/settings`)).text.includes(email)

const WRONG_PERSON: Attacks = {
  async "a silent code for whoever else is signed in there, of an app nobody entered"(world) {
    const { agent, ada, bob } = await shared(world)
    await bothUse(world, [ada, bob])
    const params = answerOf((await silent(world, agent)).page)
    must(!params.has("code"), "a code")
    mustEqual(params.get("error"), "account_selection_required", "error")
  },
  async "a silent code for whom the browser acts as, in place of the one who entered"(world) {
    const { agent, ada, bob } = await shared(world)
    await bothUse(world, [ada])
    await enter(world, agent, bob)
    must(await consoleIs(world, agent, ada), "the browser acts as somebody else")
    const { asked, page } = await silent(world, agent)
    mustEqual(await subjectOf(world, asked, page), bob.publicId, "sub")
  },
  async "a silent code for the other one under a hint"(world) {
    const { agent, ada, bob } = await shared(world)
    await enter(world, agent, ada)
    await enter(world, agent, bob)
    for (const who of [ada, bob]) {
      const claims = JSON.stringify({ id_token: { sub: { value: who.publicId } } })
      for (const hint of [{ login_hint: who.email }, { claims }]) {
        const { asked, page } = await silent(world, agent, hint)
        mustEqual(await subjectOf(world, asked, page), who.publicId, `sub for ${Object.keys(hint)}`)
      }
    }
  },
  async "the choice of who signed out, taken by who stays"(world) {
    const { agent, ada, bob } = await shared(world)
    await enter(world, agent, bob)
    const out = await agent.get(`${world.url}/logout`)
    await agent.submit(out, "/logout/confirmation", { account: bob.publicId })
    const params = answerOf((await silent(world, agent)).page)
    must(!params.has("code"), `a code of ${ada.email}`)
  },
  async "an approval in the name of the other one"(world) {
    const { run, url } = world
    const { agent, ada, bob } = await shared(world)
    const asked = run.ask({ scope: "openid email" })
    const consent = await choose(agent, await agent.get(`${url}/authorize?${asked.params}`), bob)
    const sent = { decision: "approve", scope: "email", account: ada.publicId, as: ada.publicId }
    const page = await agent.submit(consent, "/authorize/consent", sent)
    mustEqual(await subjectOf(world, asked, page), bob.publicId, "sub")
  },
  async "an account that is signed in elsewhere, chosen by its id"(world) {
    const { run, url, person, signedIn } = world
    const { agent } = await shared(world)
    const victim = await person()
    await signedIn(victim)
    const asked = run.ask({ scope: "openid email" })
    const page = await choose(agent, await agent.get(`${url}/authorize?${asked.params}`), victim)
    must(!page.url.includes("/authorize/consent") && !page.url.includes("code="), `chosen, and at ${page.url}`)
  },
}

const SWITCHED: Attacks = {
  async "the console switched to another account by a link"(world) {
    const { url } = world
    const { agent, ada, bob } = await shared(world)
    const links = [
      `/console/login?as=${bob.publicId}`,
      `/console/login?login_hint=${bob.publicId}`,
      `/console/login?choose=1&account=${bob.publicId}&login_hint=${bob.publicId}`,
      `/login?account=${bob.publicId}`,
      `/confirm?as=${bob.publicId}&next=/settings`,
      `/login/account?account=${bob.publicId}`,
    ]
    for (const link of links) {
      await agent.get(`${url}${link}`)
      must(await consoleIs(world, agent, ada), `switched by ${link}`)
    }
  },
  async "an account chosen, or signed out, by a form of another site"(world) {
    const { url } = world
    const { agent, ada, bob } = await shared(world)
    const fields = fieldsOf(await agent.get(`${url}/login?as=choose`), "/login/account")
    const cookie = agent.cookieHeader(url)
    const foreign = { cookie, origin: "https://evil.example", "sec-fetch-site": "cross-site" }
    for (const path of ["/login/account", "/login/account/sign-out"]) {
      const sent = await post(`${url}${path}`, { ...fields, account: bob.publicId }, foreign)
      mustEqual(sent.status, 403, `status of ${path}`)
    }
    must(await consoleIs(world, agent, ada), "switched")
    must((await agent.get(`${url}/login`)).text.includes(bob.email), "signed out")
  },
  async "a form of one person's page, sent as the other"(world) {
    const { url, server } = world
    const { agent, ada, bob } = await shared(world)
    const page = await agent.get(`${url}/settings`)
    await add(agent, url, bob)
    await agent.submit(page, "/settings/name", { name: "Mallory" })
    for (const { id } of [ada, bob]) must(server.app.identity.userById(id)!.name !== "Mallory", "renamed")
  },
  async "a proof of one person, used for the other"(world) {
    const { url, server, later } = world
    const { agent, ada, bob } = await shared(world)
    await later(11 * 60_000)
    const confirm = await agent.get(`${url}/confirm?as=${bob.publicId}&next=/settings`)
    await agent.submit(confirm, "/confirm", { password: PASSWORD })
    const session = server.app.identity.sessionByToken(actingCookie(agent, url))
    mustEqual(session?.publicId, ada.publicId, "whom the browser acts as")
    must(!server.app.identity.isFresh(session!), "her proof is new")
  },
}

const PLANTED: Attacks = {
  async "a session id planted among several"({ url, person, browser, server }) {
    const agent = browser()
    const planted = secret()
    for (const name of ["purser_auth", "purser_auth-planted", "purser_auth-0000000000000000"])
      agent.setCookie(url, name, planted)
    await signIn(agent, url, (await person()).email)
    must(!agent.cookieHeader(url).includes(`purser_auth=${planted}`), "the planted id is the session")
    must(server.app.identity.sessionByToken(planted) === null, "the planted id lives")
  },
  async "the attacker's own account planted beside: nothing is done as it unasked"(world) {
    const { url, person, signedIn } = world
    const mallory = await signedIn(await person())
    const victim = await person()
    const agent = await signedIn(victim)
    agent.setCookie(url, "purser_auth-planted", actingCookie(mallory, url))
    must(await consoleIs(world, agent, victim), "the console is the attacker's")
    must(!answerOf((await silent(world, agent)).page).has("code"), "a code of the attacker's")
    const asked = world.run.ask({ scope: "openid" })
    must((await agent.get(`${url}/authorize?${asked.params}`)).text.includes("Choose an account"), "nothing was asked")
  },
  async "a hundred cookies of sign-ins"({ url, person, browser }) {
    const agent = browser()
    for (let at = 0; at < 100; at++) agent.setCookie(url, `purser_auth-${at}`, secret())
    const page = await signIn(agent, url, (await person()).email)
    mustEqual(page.status, 200, "status")
  },
  async "a sign-out that takes somebody else along"(world) {
    const { url, person, signedIn } = world
    const { agent, ada, bob } = await shared(world)
    const stranger = await person()
    const elsewhere = await signedIn(stranger)
    const out = await agent.get(`${url}/logout`)
    await agent.submit(out, "/logout/confirmation", { account: stranger.publicId })
    must(await consoleIs(world, elsewhere, stranger), "a stranger was signed out")
    must(await consoleIs(world, agent, ada), "the wrong one was signed out")
    await agent.submit(await agent.get(`${url}/logout`), "/logout/confirmation", { account: bob.publicId })
    must(await consoleIs(world, agent, ada), "both were signed out")
  },
}

export const ACCOUNTS: Attacks = { ...WRONG_PERSON, ...SWITCHED, ...PLANTED }
