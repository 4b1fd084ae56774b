// Auth.js signs in with its default settings: discovery, S256, code, ID token against our keys, and the person's name and address from it. A
// client that we did not write, and the one that most sites on Next.js, SvelteKit and Express have.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { Auth, type AuthConfig } from "@auth/core"
import { WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import { freePort, makeClient, makeUser, PASSWORD, startTestServer, type TestServer } from "../build.ts"

interface Site {
  url: string
  /** What its library said went wrong. */
  errors: string[]
  stop(): void
}

let server: TestServer
const sites: Site[] = []
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(async () => {
  for (const site of sites) site.stop()
  await server?.close()
})

/** A site whose whole login is the library's, with a provider as its documentation has it. */
async function startSite(provider: { scope?: string; checks?: ("pkce" | "state" | "nonce")[]; token?: string } = {}) {
  const port = freePort()
  const url = `http://127.0.0.1:${port}`
  const { client, secret } = await makeClient(server.app, {
    name: "Margin Notes",
    redirectUris: [`${url}/auth/callback/purser`],
    scopes: ["openid", "profile", "email", "offline_access", "llm"],
  })
  const errors: string[] = []
  const config: AuthConfig = {
    secret: "a secret of the site, long enough for its cookies",
    trustHost: true,
    basePath: "/auth",
    providers: [
      {
        id: "purser",
        name: "Purser",
        type: "oidc",
        issuer: server.url,
        clientId: client.publicId,
        clientSecret: provider.token ?? secret,
        ...(provider.checks ? { checks: provider.checks } : {}),
        ...(provider.scope ? { authorization: { params: { scope: provider.scope } } } : {}),
      },
    ],
    logger: { error: (error) => void errors.push(`${error.name}: ${error.message}`), warn() {}, debug() {} },
    callbacks: {
      jwt: ({ token, account, profile }) => ({
        ...token,
        ...(account ? { scope: account.scope ?? "", sub: String(profile?.sub) } : {}),
      }),
      session: ({ session, token }) => ({ ...session, scope: token.scope, sub: token.sub }) as never,
    },
  }
  const live = Bun.serve({
    hostname: "127.0.0.1",
    port,
    routes: { "/": () => new Response("Margin Notes") },
    fetch: (request) => Auth(request, config),
  })
  const site = { url, errors, stop: () => void live.stop(true) }
  sites.push(site)
  return site
}

/** From the site's own button through sign-in and consent, back to it. */
async function enter(site: Site, email: string): Promise<{ agent: WebAgent; landed: WebPage }> {
  const agent = new WebAgent()
  const login = await agent.submit(await agent.get(`${site.url}/auth/signin`), "/auth/signin/purser")
  const consent = await agent.submit(login, "/login", { email, password: PASSWORD })
  return { agent, landed: await agent.submit(consent, "/authorize/consent", { decision: "approve" }) }
}
const sessionOf = async (agent: WebAgent, site: Site) => JSON.parse((await agent.get(`${site.url}/auth/session`)).text)

test("with nothing but issuer, id and secret: the session has name and address", async () => {
  const site = await startSite()
  const person = await makeUser(server.app, { name: "Zoë Łukasiewicz" })
  const { agent, landed } = await enter(site, person.email)
  expect([landed.url.startsWith(site.url), site.errors]).toEqual([true, []])
  expect(await sessionOf(agent, site)).toMatchObject({
    user: { name: "Zoë Łukasiewicz", email: person.email },
    sub: person.publicId,
  })
})

test("with state and nonce beside PKCE, and the scopes of the credits", async () => {
  const site = await startSite({ checks: ["pkce", "state", "nonce"], scope: "openid email offline_access llm" })
  const person = await makeUser(server.app)
  const { agent } = await enter(site, person.email)
  expect(site.errors).toEqual([])
  const session = await sessionOf(agent, site)
  expect(session.sub).toBe(person.publicId)
  expect(session.scope.split(" ").toSorted()).toEqual(["email", "llm", "offline_access", "openid"])
})

test("a wrong secret is our error, and nobody is signed in", async () => {
  const site = await startSite({ token: "not-the-secret" })
  const { agent, landed } = await enter(site, (await makeUser(server.app)).email)
  expect(landed.url).toContain("error=")
  expect(site.errors.join(" ")).toContain("CallbackRouteError")
  expect(await sessionOf(agent, site)).toBeNull()
})
