// A program that knows a group's URL and nothing else: the official SDK's client with its OAuth provider, and a person who signs in and
// approves as in a browser.
import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js"
import { Client } from "@modelcontextprotocol/sdk/client/index.js"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js"
import type { OAuthClientInformationMixed, OAuthTokens } from "@modelcontextprotocol/sdk/shared/auth.js"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js"
import type { ClientCapabilities } from "@modelcontextprotocol/sdk/types.js"
import { plainText, WebAgent } from "../../src/cli/demo/agent.ts"
import { PASSWORD } from "../build.ts"

/** What a program keeps for the SDK, in memory; everything else is the SDK's default. */
export class Kept implements OAuthClientProvider {
  asked: URL | undefined
  saved: OAuthTokens | undefined
  verifier = ""
  client: OAuthClientInformationMixed | undefined
  readonly redirectUrl = "http://localhost:9/callback"
  readonly clientMetadata = { client_name: "Coding Agent", redirect_uris: [this.redirectUrl] }
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

/** Signs in and approves. @returns the code, and what the consent page said */
export async function approve(
  url: URL,
  email: string,
  origin: string,
  password = PASSWORD,
): Promise<{ code: string; said: string }> {
  const agent = new WebAgent((next) => next.origin === origin)
  const login = await agent.get(url.href)
  const consent = await agent.submit(login, "/login", { email, password })
  const said = plainText(consent.text)
  const end = await agent
    .submit(consent, "/authorize/consent", { decision: "approve" })
    .catch((error: unknown) => error)
  const text = (end as { text?: string }).text
  const link =
    end instanceof URL
      ? end
      : new URL(/href="(http:\/\/localhost:9\/callback[^"]*)"/.exec(text!)![1]!.replaceAll("&amp;", "&"))
  return { code: link.searchParams.get("code")!, said }
}

export interface Connected {
  client: Client
  transport: StreamableHTTPClientTransport
}

export const connectWith = async (
  url: string,
  kept: Kept | string,
  {
    capabilities = {},
    sessionId,
    prepare,
  }: { capabilities?: ClientCapabilities; sessionId?: string; prepare?: (client: Client) => void } = {},
): Promise<Connected> => {
  const client = new Client({ name: "agent", version: "1" }, { capabilities })
  prepare?.(client)
  const by =
    typeof kept === "string"
      ? { requestInit: { headers: { authorization: `Bearer ${kept}` } } }
      : { authProvider: kept }
  const transport = new StreamableHTTPClientTransport(new URL(url), { ...by, ...(sessionId ? { sessionId } : {}) })
  await client.connect(transport as Transport)
  return { client, transport }
}

/** From nothing but the URL. @returns what the consent page said */
export async function logIn(
  url: string,
  kept: Kept,
  email: string,
  origin: string,
  password = PASSWORD,
): Promise<string> {
  const transport = new StreamableHTTPClientTransport(new URL(url), { authProvider: kept })
  const refused = await new Client({ name: "agent", version: "1" })
    .connect(transport as Transport)
    .catch((error: Error) => error.constructor.name)
  if (refused !== "UnauthorizedError") throw new Error(`it was not asked to sign in: ${refused}`)
  const { code, said } = await approve(kept.asked!, email, origin, password)
  await transport.finishAuth(code)
  await transport.close()
  return said
}
