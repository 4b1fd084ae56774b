// Agents and MCP clients, as they come: the MCP SDK's own OAuth client by its document, by registration and registered beforehand, from
// a 401 of /v1 on; loopback ports of the moment on every path; and the authorization scenarios of the official MCP suite.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { join } from "node:path"
import { auth, type OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js"
import type { OAuthClientInformationMixed, OAuthTokens } from "@modelcontextprotocol/sdk/shared/auth.js"
import * as x509 from "@peculiar/x509"
import { credits } from "../../src/app/index.ts"
import { plainText, WebAgent } from "../../src/cli/demo/agent.ts"
import { createSafeFetch } from "../../src/http/index.ts"
import type { User } from "../../src/identity/index.ts"
import { REGISTRATION, SCOPES } from "../../src/oauth/index.ts"
import {
  addSandbox,
  CTX,
  chat,
  freePort,
  giveCredits,
  makeClient,
  makeUser,
  PASSWORD,
  startTestServer,
  type TestServer,
} from "../build.ts"

/** Registered once; each run of a program listens on a port of its own. */
const REGISTERED = "http://localhost/callback"
const redirectTo = () => `http://localhost:${20_000 + Math.floor(Math.random() * 40_000)}/callback`

let server: TestServer
let person: User
let site: ReturnType<typeof Bun.serve>
let documentUrl: string
beforeAll(async () => {
  const { key, cert } = await certificate()
  const port = freePort()
  documentUrl = `https://agent.example.net:${port}/oauth/client.json`
  site = Bun.serve({
    port,
    hostname: "127.0.0.1",
    tls: { key, cert },
    fetch: () =>
      Response.json({
        client_id: documentUrl,
        client_name: "Coding Agent",
        redirect_uris: [REGISTERED],
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code", "refresh_token"],
      }),
  })
  // The web as it is, but for one name, which is this machine.
  const safeFetch = createSafeFetch({ allow: ["127.0.0.1"], resolve: async () => ["127.0.0.1"], ca: cert })
  server = await startTestServer({ safeFetch })
  await addSandbox(server.app)
  await server.app.settings.set(CTX, REGISTRATION, { value: "yes" })
  person = await makeUser(server.app, { email: "mara@example.com" })
  await giveCredits(server.app, person, credits(500))
})
afterAll(async () => {
  site.stop(true)
  await server.close()
})

async function certificate(): Promise<{ key: string; cert: string }> {
  x509.cryptoProvider.set(crypto)
  const alg = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }
  const keys = await crypto.subtle.generateKey(alg, true, ["sign", "verify"])
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=agent.example.net",
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 86_400_000),
    signingAlgorithm: alg,
    keys,
    extensions: [
      new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "agent.example.net" }]),
      new x509.BasicConstraintsExtension(true, 0, true),
    ],
  })
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64")
  return { key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`, cert: cert.toString("pem") }
}

/** What a program keeps for the SDK, in memory; everything else is the SDK's default. */
class Kept implements OAuthClientProvider {
  asked: URL | undefined
  saved: OAuthTokens | undefined
  verifier = ""
  readonly clientMetadataUrl?: string
  constructor(
    readonly redirectUrl: string,
    documentUrl: string | undefined,
    public client: OAuthClientInformationMixed | undefined,
  ) {
    if (documentUrl !== undefined) this.clientMetadataUrl = documentUrl
  }
  get clientMetadata() {
    return { client_name: "Coding Agent", redirect_uris: [this.redirectUrl] }
  }
  clientInformation() {
    return this.client
  }
  saveClientInformation(client: OAuthClientInformationMixed) {
    this.client = client
  }
  tokens() {
    return this.saved
  }
  saveTokens(tokens: OAuthTokens) {
    this.saved = tokens
  }
  redirectToAuthorization(url: URL) {
    this.asked = url
  }
  saveCodeVerifier(verifier: string) {
    this.verifier = verifier
  }
  codeVerifier() {
    return this.verifier
  }
}

/** The walk ends at the program's own door. */
const browser = () => new WebAgent((next) => next.origin === server.url)

/** Signs in and approves. @returns where the program is called, and what the consent page said */
async function approve(url: URL): Promise<{ callback: URL; said: string }> {
  const agent = browser()
  const login = await agent.get(url.href)
  const consent = await agent.submit(login, "/login", { email: person.email, password: PASSWORD })
  const said = plainText(consent.text)
  const end = await agent
    .submit(consent, "/authorize/consent", { decision: "approve" })
    .catch((error: unknown) => error)
  if (end instanceof URL) return { callback: end, said }
  const link = /href="(http:\/\/localhost:\d+\/callback[^"]*)"/.exec((end as { text: string }).text)![1]!
  return { callback: new URL(link.replaceAll("&amp;", "&")), said }
}

async function signIn(kept: Kept): Promise<string> {
  const denied = await fetch(`${server.url}/v1/models`)
  const named = /resource_metadata="([^"]+)"/.exec(denied.headers.get("www-authenticate")!)![1]!
  const where = { serverUrl: `${server.url}/v1`, resourceMetadataUrl: new URL(named) }
  expect(await auth(kept, where)).toBe("REDIRECT")
  expect(kept.asked!.searchParams.get("resource")).toBe(`${server.url}/v1`)
  const { callback, said } = await approve(kept.asked!)
  expect(callback.href).toStartWith(kept.redirectUrl)
  expect(callback.searchParams.get("iss")).toBe(server.url)
  expect(await auth(kept, { ...where, authorizationCode: callback.searchParams.get("code")! })).toBe("AUTHORIZED")
  expect((await chat(server.url, kept.saved!.access_token)).status).toBe(200)
  return said
}

describe("the MCP SDK's OAuth client, with its defaults", () => {
  test("by a document at its own address", async () => {
    const kept = new Kept(redirectTo(), documentUrl, undefined)
    const said = await signIn(kept)
    expect((kept.client as { client_id: string }).client_id).toBe(documentUrl)
    expect(said).toContain(`from ${new URL(documentUrl).host}`)
    expect(said).toContain("Not verified")
    expect(said).toContain("where any program can call itself Coding Agent")
    expect(said).toContain(`Both lead back to ${new URL(kept.redirectUrl).host}`)
    const first = kept.saved!
    expect(await auth(kept, { serverUrl: `${server.url}/v1` })).toBe("AUTHORIZED")
    expect(kept.saved!.refresh_token).not.toBe(first.refresh_token)
  })

  test("by registration", async () => {
    const said = await signIn(new Kept(redirectTo(), undefined, undefined))
    expect(said).toContain("It registered itself")
    expect(said).toContain("A program registered this app by itself, under a name of its choice.")
  })

  test("registered by a developer, public and with a secret", async () => {
    for (const type of ["public", "confidential"] as const) {
      const { client, secret } = await makeClient(server.app, { type, redirectUris: [REGISTERED] })
      // Without a narrower word the SDK asks for all that the resource lists.
      const all = { ownerId: "any" as const, clientPublicId: client.publicId, scopes: SCOPES.slice() }
      await server.app.store.write(CTX, (tx) => server.app.oauth.updateClientIn(tx, all))
      const known = { client_id: client.publicId, ...(secret ? { client_secret: secret } : {}) }
      const kept = new Kept(redirectTo(), undefined, known)
      expect(await signIn(kept)).toContain("by Paper Boat Studio")
    }
  })

  test("what nobody here answers for earns nobody anything, and stands in the person's list as what it is", async () => {
    const client = server.app.oauth.clientByPublicId(documentUrl)!
    const rows = server.app.store.read.all<{ developer: number | null }>(
      "SELECT developer_id AS developer FROM charges WHERE client_id = ?",
      client.id,
    )
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every(({ developer }) => developer === null)).toBe(true)
    expect(server.app.usage.lastCallAt(person.id, client.id)).not.toBeNull()
  })
})

describe("a loopback port of the moment, after one without a port was registered", () => {
  const pkce = { code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256" }
  const paramsOf = (clientId: string, redirect: string) =>
    new URLSearchParams({ client_id: clientId, redirect_uri: redirect, response_type: "code", scope: "llm", ...pkce })
  const ways: [string, () => Promise<string>][] = [
    [
      "a developer's app",
      async () => (await makeClient(server.app, { type: "public", redirectUris: [REGISTERED] })).client.publicId,
    ],
    ["a document", async () => documentUrl],
    ["a registration", async () => ((await register()) as { client_id: string }).client_id],
  ]
  const register = async () => {
    const metadata = { client_name: "Agent", redirect_uris: [REGISTERED], token_endpoint_auth_method: "none" }
    const headers = { "content-type": "application/json" }
    return (await fetch(`${server.url}/register`, { method: "POST", headers, body: JSON.stringify(metadata) })).json()
  }

  test.each(ways)("%s: GET and POST /authorize, /par, the consent's POST, and the code", async (_way, clientId) => {
    const id = await clientId()
    for (const begin of ["get", "post", "par"] as const) {
      const redirect = redirectTo()
      let params = paramsOf(id, redirect)
      if (begin === "par") {
        const pushed = await fetch(`${server.url}/par`, { method: "POST", body: params })
        expect(pushed.status).toBe(201)
        const { request_uri } = (await pushed.json()) as { request_uri: string }
        params = new URLSearchParams({ client_id: id, request_uri })
      }
      let url = new URL(`${server.url}/authorize?${params}`)
      if (begin === "post") {
        const posted = await fetch(`${server.url}/authorize`, { method: "POST", body: params, redirect: "manual" })
        url = new URL(posted.headers.get("location")!, server.url)
      }
      const { callback } = await approve(url)
      expect(callback.href).toStartWith(redirect)
      const redeemed = await fetch(`${server.url}/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "authorization_code",
          code: callback.searchParams.get("code")!,
          client_id: id,
          redirect_uri: redirect,
          code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        }),
      })
      expect(redeemed.status).toBe(200)
    }
    // The port alone is free.
    for (const other of [
      "http://127.0.0.1:5000/callback",
      "http://localhost:5000/callback/x",
      "http://localhost:5000/callback?x",
    ]) {
      const refused = await fetch(`${server.url}/authorize?${paramsOf(id, other)}`, { redirect: "manual" })
      expect(refused.status).toBe(400)
    }
  })
})

describe("the official MCP suite (@modelcontextprotocol/conformance)", () => {
  const SUITE = join(import.meta.dir, "../../node_modules/@modelcontextprotocol/conformance/dist/index.js")

  test("its authorization scenarios pass", async () => {
    // Where a server lets clients without a secret in, the suite is one of them.
    const { client } = await makeClient(server.app, { type: "public", redirectUris: ["http://127.0.0.1/callback"] })
    const port = String(freePort())
    const asks = ["--url", server.url, "--client-id", client.publicId, "--port", port, "--resource", `${server.url}/v1`]
    const suite = Bun.spawn([process.execPath, SUITE, "authorization", ...asks], { stdout: "pipe", stderr: "pipe" })
    const lines = suite.stdout.pipeThrough(new TextDecoderStream()).getReader()
    let said = ""
    const asked = () => /http:\/\/localhost:\d+\/authorize\?\S+/.exec(said)?.[0]
    for (let part = await lines.read(); !part.done; part = await lines.read()) {
      said += part.value
      if (!asked()) continue
      const agent = new WebAgent()
      const login = await agent.get(asked()!)
      const consent = await agent.submit(login, "/login", { email: person.email, password: PASSWORD })
      const end = await agent.submit(consent, "/authorize/consent", { decision: "approve" })
      const link = /href="(http:\/\/127\.0\.0\.1:\d+\/callback[^"]*)"/.exec(end.text)?.[1]
      if (link) await fetch(link.replaceAll("&amp;", "&"))
      break
    }
    for (let part = await lines.read(); !part.done; part = await lines.read()) said += part.value
    expect({ code: await suite.exited, said }).toMatchObject({ code: 0 })
    // The metadata and that of documents; the grant. A warning would not be counted as passed.
    expect(said).toContain("authorization-server-metadata-endpoint: 2 passed, 0 failed")
    expect(said).toContain("authorization-code-grant: 1 passed, 0 failed")
  })
})
