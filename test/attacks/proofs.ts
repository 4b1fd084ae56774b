// What stands for a proof: the code that a mail alone knows, an address that somebody proved, and what a client may leave to our defaults.
import { PASSWORD } from "../build.ts"
import { back, must, mustEqual } from "../conformance/oidc/run.ts"
import { type Attacks, cookiesOf, fieldsOf, post, type World } from "./world.ts"

let addresses = 0

/** A browser that waits for the code of an address which may be anybody's. */
async function waiting(world: World) {
  const agent = world.browser()
  const email = `proof${++addresses}${Math.floor(Math.random() * 1e9)}@example.com`
  const page = await agent.submit(await agent.get(`${world.url}/signup`), "/signup", {
    email,
    password: PASSWORD,
    name: "Eve",
  })
  must(page.url.includes("/verify-email"), `the sign-up led to ${page.url}`)
  return { agent, email, page }
}

/** All that an answer says, in words and as what base64url and addresses hide. */
const said = async (answer: Response): Promise<string> => {
  const text = `${JSON.stringify([...answer.headers])} ${await answer.text()}`
  const hidden = text.match(/[\w-]{16,}/g)?.map((part) => Buffer.from(part, "base64url").toString("latin1")) ?? []
  return `${text} ${decodeURIComponent(text.replace(/%(?![0-9A-F]{2})/gi, ""))} ${hidden.join(" ")}`
}

export const PROOFS: Attacks = {
  async "a code of a mail in what its browser is answered (CVE-2026-105211)"(world) {
    const { agent, email, page } = await waiting(world)
    const { url } = world
    const headers = () => ({ cookie: cookiesOf(agent, url), origin: url })
    const form = fieldsOf(page, "/verify-email")
    const code = /\b\d{6}\b/.exec(await world.letter(email))![0]
    const wrong = code === "000000" ? "111111" : "000000"
    const answers = [
      await fetch(`${url}/verify-email`, { headers: headers() }),
      await post(`${url}/verify-email`, { ...form, code: wrong }, headers()),
      await post(`${url}/verify-email`, { ...form, code: "" }, headers()),
      await fetch(`${url}/signup`, { headers: headers() }),
    ]
    const texts = [page.text, JSON.stringify([...page.headers]), ...(await Promise.all(answers.map(said)))]
    for (const text of texts) must(!new RegExp(`(?<!\\d)${code}(?!\\d)`).test(text), "the code came back")
    // It was the right one: else nothing was looked for.
    const entered = await agent.submit(await agent.get(`${url}/verify-email`), "/verify-email", { code })
    must(entered.url.includes("/dashboard"), `the code opened ${entered.url}`)
  },
  async "an address that is proved by what a browser made up (CVE-2026-119128)"(world) {
    const { agent, email, page } = await waiting(world)
    const { url, server } = world
    const form = fieldsOf(page, "/verify-email")
    const own = cookiesOf(agent, url)
    const made = ["purser_verified=1", `purser_email=${email}`, `purser_signup=${email}`]
    for (const cookie of [own, ...made.map((one) => `${own}; ${one}`)])
      for (const more of [
        {},
        { code: "" },
        { code: " - " },
        { code: "-" },
        { verified: "1", email, email_verified: "true" },
      ])
        await post(`${url}/verify-email`, { ...form, ...more }, { cookie, origin: url })
    for (const query of [`email=${email}&verified=1`, "code=", `token=${Buffer.from(email).toString("base64url")}`])
      await fetch(`${url}/verify-email?${query}`, { headers: { cookie: own } })
    must(server.app.identity.userByEmail(email) === null, "an account stands")
  },
  async "PKCE by plain, and alg none, as what is offered and taken (CVE-2026-67336)"({ run, target, url }) {
    for (const path of ["openid-configuration", "oauth-authorization-server"]) {
      const offered = (await (await fetch(`${url}/.well-known/${path}`)).json()) as Record<string, unknown>
      mustEqual(JSON.stringify(offered.code_challenge_methods_supported), '["S256"]', `PKCE in ${path}`)
      const algs = Object.entries(offered).filter(([name]) => /alg_values/.test(name))
      must(!JSON.stringify(algs).toLowerCase().includes('"none"'), `none in ${path}`)
    }
    const asked = run.ask()
    // The verifier itself in place of its hash, as it would be with `plain`.
    for (const method of ["plain", null])
      for (const challenge of [asked.verifier, asked.params.get("code_challenge")]) {
        const changed = run.ask({ code_challenge: challenge, code_challenge_method: method })
        const outcome = await run.authorize(run.agent(), changed, { person: await target.newPerson() })
        must(outcome.kind === "page" || back(outcome).get("code") === null, `a code with ${method}`)
      }
  },
}
