// Whose browser it is: mix-up, fixation, forms of other sites, cookies and tokens in each other's place.

import { PASSWORD } from "../build.ts"
import { back, CALLBACK, must, mustEqual, mustStay, secret } from "../conformance/oidc/run.ts"
import { type Attacks, cookiesOf, fieldsOf, post, signIn, type World } from "./world.ts"

/** An act that a foreign site would like: the person's name is changed. */
async function renames({ url, person, signedIn, server }: World, headers: Record<string, string>, token?: string) {
  const user = await person()
  const agent = await signedIn(user)
  const page = await agent.get(`${url}/settings`)
  const action = page.forms.find(({ fields }) => fields.some(([name]) => name === "name"))!.action
  const fields: Record<string, string> = { ...fieldsOf(page, action), name: "Mallory" }
  if (token !== undefined) fields.csrf = token
  const answer = await post(`${url}${action}`, fields, { cookie: cookiesOf(agent, url), ...headers })
  return { answer, name: server.app.identity.userById(user.id)!.name }
}

async function mustNotRename(world: World, headers: Record<string, string>, token?: string): Promise<void> {
  const { answer, name } = await renames(world, headers, token)
  mustEqual(answer.status, 403, "status")
  must(name !== "Mallory", "the name was changed")
}

/** The consent page of somebody's request. */
async function consentPage({ run, url, signedIn, person }: World) {
  const user = await person()
  const agent = await signedIn(user)
  const asked = run.ask({ scope: "openid email" })
  const page = await agent.get(`${url}/authorize?${asked.params}`)
  return { user, agent, asked, page, fields: { ...fieldsOf(page, "/authorize/consent"), decision: "approve" } }
}

const MIX_UP: Attacks = {
  async "an approval finished in another browser (CVE-2022-39222)"(world) {
    const { url, signedIn, person } = world
    const { fields } = await consentPage(world)
    const attacker = await signedIn(await person())
    const own = fieldsOf(await attacker.get(`${url}/settings`), "/settings/name")
    const sent = { ...fields, csrf: own.csrf ?? "" }
    const answer = await post(`${url}/authorize/consent`, sent, { cookie: cookiesOf(attacker, url), origin: url })
    must(!(await answer.text()).includes("code="), "another browser finished it")
  },
  async "a consent link opened in another browser"(world) {
    const { url, signedIn, person } = world
    const { page } = await consentPage(world)
    const other = await (await signedIn(await person())).get(page.url)
    must(!other.text.includes('name="decision"'), `another browser sees the consent page at ${url}`)
  },
  async "an approval by who signed in meanwhile"(world) {
    const { url, person } = world
    const { agent, fields } = await consentPage(world)
    const next = await person()
    // The one who saw the page goes, another one comes.
    await agent.submit(await agent.get(`${url}/logout`), "/logout/confirmation")
    await agent.submit(await agent.get(`${url}/login?as=other`), "/login", { email: next.email, password: PASSWORD })
    const answer = await post(`${url}/authorize/consent`, fields, { cookie: cookiesOf(agent, url), origin: url })
    must(!(await answer.text()).includes("code="), "approved for somebody who never saw the page")
  },
  async "iss names this server in answers and errors (RFC 9207)"({ run, target }) {
    const none = back(await run.authorize(run.agent(), run.ask({ prompt: "none" })))
    mustEqual(none.get("iss"), target.issuer, "iss of an error")
  },
  async "a code of one client at another's token request (CVE-2026-55672)"({ run, target }) {
    const asked = run.ask()
    const code = await run.codeOf(run.agent(), asked, { person: await target.newPerson() })
    for (const client of [target.clients.second, target.clients.open]) {
      mustEqual((await run.redeem(asked, code, {}, client)).body.error as string, "invalid_grant", "error")
    }
    await run.tokens(asked, code)
  },
}

const FIXATION: Attacks = {
  async "a session id that was there before the sign-in"({ url, person, browser }) {
    const agent = browser()
    const planted = secret()
    agent.setCookie(url, "purser_auth", planted)
    agent.setCookie(url, "purser_console", planted)
    await signIn(agent, url, (await person()).email)
    must(agent.cookie(url, "auth") !== planted, "the planted id is the session")
    const answer = await fetch(`${url}/settings`, {
      headers: { cookie: `purser_auth=${planted}; purser_console=${planted}` },
      redirect: "manual",
    })
    mustEqual(answer.status, 303, "status with the planted id")
  },
  async "the id of before signing in again"({ url, person, signedIn, server }) {
    const user = await person()
    const agent = await signedIn(user)
    const before = agent.cookie(url, "auth")!
    await agent.submit(await agent.get(`${url}/login?as=other`), "/login", { email: user.email, password: PASSWORD })
    must(agent.cookie(url, "auth") !== before, "the same session goes on")
    must(server.app.identity.sessionByToken(before) === null, "the replaced session still lives")
  },
  async "a session after signing out (CVE-2024-7341)"({ url, person, signedIn }) {
    const agent = await signedIn(await person())
    const cookie = cookiesOf(agent, url)
    await agent.submit(await agent.get(`${url}/logout`), "/logout/confirmation")
    const answer = await fetch(`${url}/settings`, { headers: { cookie }, redirect: "manual" })
    mustEqual(answer.status, 303, "status with the old cookies")
  },
  async "other sessions after a new password"({ url, person, signedIn, server }) {
    const user = await person()
    const thief = await signedIn(user)
    const owner = await signedIn(user)
    const page = await owner.get(`${url}/settings/password`)
    await owner.submit(page, "/settings/password", { password: "another long password" })
    const answer = await fetch(`${url}/settings`, { headers: { cookie: cookiesOf(thief, url) }, redirect: "manual" })
    mustEqual(answer.status, 303, "status of the thief")
    must(server.app.identity.sessionsOf(user.id).length === 1, "more than the owner's session lives")
  },
  async "a cookie that somebody made up"({ url }) {
    for (const value of ["", "1", "admin", secret(), `${"A".repeat(43)}`, "..%2f..", "' OR 1=1 --"]) {
      const cookie = `purser_auth=${encodeURIComponent(value)}; purser_console=${encodeURIComponent(value)}`
      const answer = await fetch(`${url}/settings`, { headers: { cookie }, redirect: "manual" })
      mustEqual(answer.status, 303, `status for ${value}`)
    }
  },
}

const FORGERY: Attacks = {
  "a form of another site, by Sec-Fetch-Site": (world) =>
    mustNotRename(world, { "sec-fetch-site": "cross-site", origin: "https://evil.example" }),
  "a form of another site, by Origin": (world) => mustNotRename(world, { origin: "https://evil.example" }),
  "a form of a site beside this one": (world) =>
    mustNotRename(world, { "sec-fetch-site": "same-site", origin: "http://other.localhost" }),
  "a form without a token": (world) => mustNotRename(world, { origin: world.url }, ""),
  async "a form with the token of the attacker's own browser"(world) {
    const attacker = await world.signedIn(await world.person())
    const own = fieldsOf(await attacker.get(`${world.url}/settings`), "/settings/name")
    await mustNotRename(world, { origin: world.url }, own.csrf)
  },
  async "sign-in into the attacker's account (login CSRF)"({ url, person, browser }) {
    const attacker = browser()
    const fields = fieldsOf(await attacker.get(`${url}/login`), "/login")
    const sent = { ...fields, email: (await person()).email, password: PASSWORD }
    const answer = await post(`${url}/login`, sent, { origin: "https://evil.example", "sec-fetch-site": "cross-site" })
    must(
      !answer.headers.getSetCookie().some((line) => line.startsWith("purser_auth=") && !line.includes("Max-Age=0")),
      "signed in",
    )
  },
  async "sign-out by a link or a picture (CVE-2020-10734)"({ url, person, signedIn }) {
    const agent = await signedIn(await person())
    const cookie = cookiesOf(agent, url)
    await fetch(`${url}/logout`, { headers: { cookie, "sec-fetch-site": "cross-site" }, redirect: "manual" })
    const answer = await fetch(`${url}/settings`, { headers: { cookie }, redirect: "manual" })
    mustEqual(answer.status, 200, "still signed in")
  },
  async "an act by a GET of its form's address"({ url, person, signedIn, server }) {
    const user = await person()
    const agent = await signedIn(user)
    const cookie = cookiesOf(agent, url)
    await fetch(`${url}/settings/name?name=Mallory`, { headers: { cookie }, redirect: "manual" })
    must(server.app.identity.userById(user.id)!.name !== "Mallory", "a GET renamed")
  },
  async "JSON in place of a form"(world) {
    const { url, person, signedIn } = world
    const agent = await signedIn(await person())
    const answer = await fetch(`${url}/settings/name`, {
      method: "POST",
      redirect: "manual",
      headers: { cookie: cookiesOf(agent, url), "content-type": "text/plain", origin: "https://evil.example" },
      body: JSON.stringify({ name: "Mallory" }),
    })
    must(answer.status >= 400, `answered ${answer.status}`)
  },
}

const CONFUSION: Attacks = {
  async "a cookie where a token is asked for"({ url, person, signedIn }) {
    const agent = await signedIn(await person())
    for (const path of ["/userinfo", "/v1/models", "/v1/me"]) {
      const answer = await fetch(`${url}${path}`, { headers: { cookie: cookiesOf(agent, url) } })
      mustEqual(answer.status, 401, path)
    }
  },
  async "a token where a session is asked for"({ run, url }) {
    const { tokens } = await run.flow({ scope: "openid email" })
    const answer = await fetch(`${url}/settings`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
      redirect: "manual",
    })
    mustEqual(answer.status, 303, "status")
  },
  async "an authorization code fished out of a refused page"({ run }) {
    const outcome = await run.authorize(run.agent(), run.ask({ redirect_uri: `${CALLBACK}/x` }))
    mustStay(outcome)
    must(outcome.kind === "page" && !/code=|ac_/.test(outcome.text), "a code on an error page")
  },
}

export const SESSIONS: Attacks = { ...MIX_UP, ...FIXATION, ...FORGERY, ...CONFUSION }
