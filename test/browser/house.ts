// A server with two developers and an app between them, and people who walk it over plain HTTP.
import { expect } from "bun:test"
import { credits } from "../../src/app/index.ts"
import { WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import {
  addSandbox,
  CALLBACK,
  giveCredits,
  makeClient,
  makeDeveloper,
  mintTokens,
  PASSWORD,
  startTestServer,
  type TestServer,
} from "../build.ts"

export interface House {
  server: TestServer
  /** Has one app, and uses it. */
  owner: User
  other: User
  /** `/developer/apps/…`, `/apps/…` and the page that revokes the app's secret: all the owner's. */
  appPath: string
  consentPath: string
  secretPath: string
  /** The owner's and the other's browsers, signed in. */
  mine: WebAgent
  hers: WebAgent
}

export async function openHouse(): Promise<House> {
  const server = await startTestServer()
  const { app } = server
  await addSandbox(app)
  const owner = await makeDeveloper(app)
  const other = await makeDeveloper(app)
  await giveCredits(app, owner, credits(100))
  const { client, secret } = await makeClient(app, { ownerId: owner.id })
  await mintTokens(app, { user: owner, client, secret })
  const appPath = `/developer/apps/${client.publicId}`
  return {
    server,
    owner,
    other,
    appPath,
    consentPath: `/apps/${app.oauth.consentsOf(owner.id)[0]!.publicId}`,
    secretPath: `${appPath}/secrets/${app.oauth.secretsOf(client.id)[0]!.publicId}/revocation`,
    mine: await signedIn(server, owner.email),
    hers: await signedIn(server, other.email),
  }
}

/** A person at the console, signed in over HTTP; apps that do not run end the walk. */
export async function signedIn(server: TestServer, email: string): Promise<WebAgent> {
  const agent = new WebAgent((next) => server.isOwn(next.href))
  const login = await agent.get(`${server.url}/dashboard`)
  const dashboard = await agent.submit(login, "/login", { email, password: PASSWORD })
  expect(dashboard.url).toBe(server.at("/dashboard"))
  return agent
}

/** The form token of a signed-in browser. */
export const csrfOf = async (server: TestServer, agent: WebAgent): Promise<string> => {
  const { forms } = await agent.get(`${server.url}/settings`)
  return forms[0]!.fields.find(([name]) => name === "csrf")![1]
}

/** A well-formed request of an app. */
export const authorizeUrl = (server: TestServer, clientId: string, extra: Record<string, string> = {}): string =>
  `${server.url}/authorize?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "openid profile llm",
    state: "s",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
    ...extra,
  })}`

/** Value of a field in the form that posts to `action`. */
export const field = (page: WebPage, action: string, name: string): string | undefined =>
  page.forms
    .find((form) => new URL(form.action, page.url).pathname === action)
    ?.fields.find(([each]) => each === name)?.[1]
