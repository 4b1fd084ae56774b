// Where attacks are tried: the server as it is served, seen from outside, with its mailbox. An attack that is repelled returns; one
// that works throws, with what it got.
import { WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { makeUser, PASSWORD, type TestServer } from "../build.ts"
import { type PurserTarget, purserTarget } from "../conformance/oidc/purser.ts"
import { discover, Run } from "../conformance/oidc/run.ts"

export interface World {
  server: TestServer
  target: PurserTarget
  run: Run
  /** Origin. */
  url: string
  /** Milliseconds of the server's clock. */
  later(ms: number): Promise<void>
  person(options?: { name?: string; isAdmin?: boolean }): Promise<User>
  browser(): WebAgent
  /** A browser in which this person has signed in. */
  signedIn(user: User): Promise<WebAgent>
  /** The newest letter to an address, as text; letters leave a moment after what caused them. */
  letter(to: string): Promise<string>
  close(): Promise<void>
}

export type Attack = (world: World) => Promise<void>
/** By what is tried; the name of an advisory stands in front where one told of it. */
export type Attacks = Readonly<Record<string, Attack>>

export async function openWorld(): Promise<World> {
  const target = await purserTarget()
  const { server } = target
  const browser = () => new WebAgent((next) => next.origin === server.url)
  return {
    server,
    target,
    run: new Run(target, await discover(server.url)),
    url: server.url,
    later: target.later,
    person: (options) => makeUser(server.app, options),
    browser,
    async signedIn(user) {
      const agent = browser()
      const page = await signIn(agent, server.url, user.email)
      if (!page.url.includes("/dashboard")) throw new Error(`signed in, and arrived at ${page.url}`)
      return agent
    },
    async letter(to) {
      await server.app.outbox.flush()
      for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 20) {
        const letter = server.app.mailer.mailbox.findLast((each) => each.to === to)
        if (letter) return letter.text
        await Bun.sleep(20)
      }
      throw new Error(`no letter to ${to}`)
    },
    close: () => target.close(),
  }
}

export async function signIn(agent: WebAgent, url: string, email: string, password = PASSWORD): Promise<WebPage> {
  return agent.submit(await agent.get(`${url}/login`), "/login", { email, password })
}

/** A form posted by hand: nothing follows, nothing is added. */
export function post(
  url: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, { method: "POST", redirect: "manual", headers, body: new URLSearchParams(fields) })
}

/** What a browser would send of a form: all its fields. */
export function fieldsOf(page: WebPage, action: string): Record<string, string> {
  const form = page.forms.find((one) => new URL(one.action, page.url).pathname === action)
  if (!form) throw new Error(`${page.url} has no form for ${action}`)
  return Object.fromEntries(form.fields)
}

/** The Cookie header of a browser. */
export function cookiesOf(agent: WebAgent, url: string): string {
  return ["auth", "browser", "console"]
    .map((name) => [`purser_${name}`, agent.cookie(url, name)] as const)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
    .join("; ")
}
