// At the door: who has an account, guessing, letters with the attacker's words, headers that lie, the second step.
import { generateSync } from "otplib"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { PASSWORD, turnTwoStepOn } from "../build.ts"
import { must, mustEqual, secret } from "../conformance/oidc/run.ts"
import { type Attacks, cookiesOf, fieldsOf, post, signIn, type World } from "./world.ts"

/** What an answer gives away, without what differs by itself: tokens of forms, ids of requests, the address that was typed. */
async function trace(world: World, path: string, fields: Record<string, string>): Promise<string> {
  const agent = world.browser()
  const form = fieldsOf(await agent.get(`${world.url}${path}`), path)
  const sent = { ...form, ...fields }
  const answer = await post(`${world.url}${path}`, sent, { cookie: cookiesOf(agent, world.url), origin: world.url })
  const headers = [...answer.headers].filter(
    ([name]) => !["date", "x-request-id", "set-cookie", "server-timing"].includes(name),
  )
  const cookies = answer.headers.getSetCookie().map((line) => line.replace(/=[^;]*/, ""))
  const text = `${answer.status} ${JSON.stringify(headers)} ${cookies} ${await answer.text()}`
  return text
    .replaceAll(fields.email!, "ADDRESS")
    .replace(/value="[\w.-]{60,}"|data-options="[^"]+"/g, "TOKEN")
    .replace(/req_\w+/g, "REQUEST")
    .replace(/"content-length","\d+"/, "")
}

/** An address with an account and one of the same length without. */
async function mustNotTell(world: World, path: string, rest: Record<string, string> = {}): Promise<void> {
  const { email } = await world.person()
  const unknown = `${"x".repeat(email.indexOf("@"))}@example.com`
  const [known, other] = [
    await trace(world, path, { email, ...rest }),
    await trace(world, path, { email: unknown, ...rest }),
  ]
  mustEqual(known, other, "answers for an address with an account and one without")
}

const ENUMERATION: Attacks = {
  "who has an account, by signing in (CVE-2026-23511)": (world) =>
    mustNotTell(world, "/login", { password: "a wrong password" }),
  "who has an account, by signing up": (world) => mustNotTell(world, "/signup", { password: PASSWORD, name: "Eve" }),
  "who has an account, by a new password": (world) => mustNotTell(world, "/forgot-password"),
  async "who has an account, by login_hint"({ run, person, url }) {
    const { email } = await person()
    const page = async (hint: string) => {
      const outcome = await run.authorize(run.agent(), run.ask({ login_hint: hint }), { stopAt: "login" })
      must(outcome.kind === "page", `no page at ${url}`)
      return outcome.text
        .replaceAll(hint, "ADDRESS")
        .replace(/value="[\w.-]{40,}"|data-options="[^"]+"|interaction=[\w.-]+/g, "TOKEN")
        .replace(/req_\w+/g, "")
    }
    mustEqual(await page(email), await page(`${"y".repeat(email.indexOf("@"))}@example.com`), "pages")
  },
  async "letters to strangers' addresses carry no words of the sender (GHSA-mw38-8gr7-c4x2)"(world) {
    const email = `victim${Math.floor(Math.random() * 1e9)}@example.com`
    const name = "Win a prize at evil example"
    await trace(world, "/signup", { email, password: PASSWORD, name })
    const letter = await world.letter(email)
    must(!letter.includes("prize"), "the letter carries the sender's words")
  },
}

const answerOf = (agent: WebAgent, url: string, email: string) => signIn(agent, url, email, "a wrong password")

const GUESSING: Attacks = {
  async "passwords of one account, guessed from one network"({ url, person, browser }) {
    const { email } = await person()
    let tries = 0
    for (; tries < 40; tries++) if ((await answerOf(browser(), url, email)).status === 429) break
    must(tries < 15, `${tries} guesses`)
    // The right one is no exception while the guesser goes on, or being let in would tell.
    must(!(await signIn(browser(), url, email)).url.includes("/dashboard"), "let in at once")
  },
  async "guesses with invented X-Forwarded-For"({ url, person, browser }) {
    const { email } = await person()
    let tries = 0
    for (; tries < 40; tries++) {
      const agent = browser()
      const form = fieldsOf(await agent.get(`${url}/login`), "/login")
      const headers = {
        cookie: cookiesOf(agent, url),
        origin: url,
        "x-forwarded-for": `203.0.113.${tries}`,
        "x-real-ip": `203.0.113.${tries}`,
      }
      const answer = await post(`${url}/login`, { ...form, email, password: "wrong wrong" }, headers)
      if (answer.status === 429) break
    }
    must(tries < 15, `${tries} guesses with another address each`)
  },
  async "codes of a mail, guessed (CVE-2025-64102)"({ url, browser, letter }) {
    const agent = browser()
    const email = `guess${Math.floor(Math.random() * 1e9)}@example.com`
    let page = await agent.submit(await agent.get(`${url}/signup`), "/signup", {
      email,
      password: PASSWORD,
      name: "Eve",
    })
    const right = /\b\d{6}\b/.exec(await letter(email))![0]
    for (let at = 0; at < 6; at++) {
      const wrong = String((Number(right) + 1 + at) % 1_000_000).padStart(6, "0")
      page = await agent.submit(await agent.get(page.url), "/verify-email", { code: wrong })
    }
    const late = await agent.submit(await agent.get(`${url}/verify-email`), "/verify-email", { code: right })
    must(!late.url.includes("/dashboard"), "the code still opens after six wrong ones")
  },
  async "a code of another browser's sign-up"({ url, browser, letter }) {
    const [owner, thief] = [browser(), browser()]
    const email = `code${Math.floor(Math.random() * 1e9)}@example.com`
    await owner.submit(await owner.get(`${url}/signup`), "/signup", { email, password: PASSWORD, name: "Ada" })
    const code = /\b\d{6}\b/.exec(await letter(email))![0]
    const page = await thief.get(`${url}/verify-email`)
    const entered = page.forms.some(({ action }) => action.includes("/verify-email"))
      ? await thief.submit(page, "/verify-email", { code })
      : page
    must(!entered.url.includes("/dashboard"), "another browser took the account")
  },
  async "a link for a new password, used twice and after another one"({ url, person, browser, letter }) {
    const { email } = await person()
    const ask = async () => {
      const agent = browser()
      await agent.submit(await agent.get(`${url}/forgot-password`), "/forgot-password", { email })
      return /https?:\S+\/reset-password\S+/.exec(await letter(email))![0]
    }
    const link = await ask()
    // A scanner opens every link; only a form changes anything.
    await fetch(link)
    const use = async (password: string) => {
      const agent = browser()
      const page = await agent.get(link)
      if (!page.forms.some(({ action }) => action.includes("/reset-password"))) return page
      return agent.submit(page, "/reset-password", { password })
    }
    must((await use("the first new password")).url.includes("/login"), "the link does not work after a scanner")
    await use("the second new password")
    must(
      !(await signIn(browser(), url, email, "the second new password")).url.includes("/dashboard"),
      "the link worked twice",
    )
  },
  async "a token for a new password, made up"({ url }) {
    for (const token of [secret(), "", "1", "../", "A".repeat(43)]) {
      const text = await (await fetch(`${url}/reset-password?token=${encodeURIComponent(token)}`)).text()
      must(!/name="password"/.test(text), `a form for ${token}`)
    }
  },
}

const HEADERS: Attacks = {
  async "a link in a letter by the Host header (GHSA-2wmj-46rj-qm2w)"({ url, person, browser, letter }) {
    const { email } = await person()
    const agent = browser()
    const form = fieldsOf(await agent.get(`${url}/forgot-password`), "/forgot-password")
    const lies = {
      host: "evil.example",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      forwarded: "host=evil.example",
    }
    await post(`${url}/forgot-password`, { ...form, email }, { cookie: cookiesOf(agent, url), origin: url, ...lies })
    const sent = /https?:\/\/[^/\s]+/.exec(await letter(email))![0]
    mustEqual(sent, url, "origin of the link")
  },
  async "the issuer by the Host header (CVE-2026-29067)"({ url }) {
    for (const path of ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"]) {
      const answer = await fetch(`${url}${path}`, {
        headers: { host: "evil.example", "x-forwarded-host": "evil.example" },
      })
      must(!(await answer.text()).includes("evil.example"), path)
    }
  },
  async "a redirect by the Host header"({ url }) {
    for (const path of ["/settings", "/console/login", "/login/"]) {
      const answer = await fetch(`${url}${path}`, {
        redirect: "manual",
        headers: { host: "evil.example", "x-forwarded-host": "evil.example" },
      })
      must(!(answer.headers.get("location") ?? "").includes("evil.example"), path)
    }
  },
}

/** A person with two-step sign-in, and the browser in front of the code. */
async function beforeCode({ server, url, person, browser }: World) {
  const user = await person()
  const { secret: key, codes } = await turnTwoStepOn(server.app, user)
  const agent = browser()
  const page = await signIn(agent, url, user.email)
  must(page.url.includes("/login/code"), `no code is asked for at ${page.url}`)
  const code = (steps = 0) =>
    generateSync({ secret: key, epoch: Math.floor(server.app.clock.now() / 1_000) + 30 * steps })
  return { user, agent, page, code, codes }
}

const SECOND_STEP: Attacks = {
  async "around the second step (CVE-2025-64103)"(world) {
    const { agent } = await beforeCode(world)
    for (const path of ["/dashboard", "/settings", "/settings/two-step", "/authorize/consent"]) {
      const page = await agent.get(`${world.url}${path}`)
      must(!page.text.includes("Sign out"), `${path} opens after the password alone`)
    }
  },
  async "the waiting step taken to another browser"(world) {
    const { page, code } = await beforeCode(world)
    await world.later(90_000)
    const other = world.browser()
    await other.get(`${world.url}/login`)
    const opened = await other.get(page.url)
    if (!opened.forms.some(({ action }) => action.includes("/login/code"))) return
    must(!(await other.submit(opened, "/login/code", { code: code() })).url.includes("/dashboard"), "let in")
  },
  async "a code used twice (replay)"(world) {
    const { user, agent, page, code } = await beforeCode(world)
    await world.later(90_000)
    const used = code()
    must((await agent.submit(page, "/login/code", { code: used })).url.includes("/dashboard"), "the right code")
    const thief = world.browser()
    const again = await signIn(thief, world.url, user.email)
    must(!(await thief.submit(again, "/login/code", { code: used })).url.includes("/dashboard"), "the same code twice")
  },
  async "codes of long ago and of later (drift)"(world) {
    const { agent, page, code } = await beforeCode(world)
    await world.later(300_000)
    for (const steps of [-4, -2, 2, 4]) {
      const answer = await agent.submit(await agent.get(page.url), "/login/code", { code: code(steps) })
      must(!answer.url.includes("/dashboard"), `a code ${steps} steps away`)
    }
  },
  async "codes of the second step, guessed"(world) {
    const { agent, page, code } = await beforeCode(world)
    await world.later(90_000)
    let tries = 0
    for (; tries < 30; tries++) {
      const wrong = String((Number(code()) + 1 + tries) % 1_000_000).padStart(6, "0")
      if ((await agent.submit(await agent.get(page.url), "/login/code", { code: wrong })).status === 429) break
    }
    must(tries < 15, `${tries} guesses`)
  },
  async "a recovery code used twice"(world) {
    const { user, agent, page, codes } = await beforeCode(world)
    const use = async (browser: WebAgent, step: string) => {
      const form = await browser.get(step.replace("/login/code", "/login/recovery"))
      return browser.submit(form, "/login/recovery", { code: codes[0]! })
    }
    must((await use(agent, page.url)).url.includes("/dashboard"), "the code does not work")
    const thief = world.browser()
    const again = await signIn(thief, world.url, user.email)
    must(!(await use(thief, again.url)).url.includes("/dashboard"), "it works twice")
  },
}

export const PEOPLE: Attacks = { ...ENUMERATION, ...GUESSING, ...HEADERS, ...SECOND_STEP }
