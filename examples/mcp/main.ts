#!/usr/bin/env bun
// An MCP client: it knows the address of a tool server here and nothing else. The official SDK finds out where people sign in; this program
// opens that page, waits on a loopback address, lists the tools and calls one.
//
//   PURSER_MCP_URL=https://purser.example/v1/mcp/groups/travel/mcp CLIENT_ID=cli_… bun examples/mcp/main.ts [tool] ['{"json":"arguments"}']
import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js"
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js"
import { Client } from "@modelcontextprotocol/sdk/client/index.js"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js"
import type { OAuthTokens } from "@modelcontextprotocol/sdk/shared/auth.js"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js"

const { PURSER_MCP_URL, CLIENT_ID, PORT = "0" } = process.env
if (!PURSER_MCP_URL || !CLIENT_ID) {
  console.error(
    "Set PURSER_MCP_URL (on the page of a group under Tools) and CLIENT_ID (a public app with the scope mcp).",
  )
  process.exit(2)
}
const [tool, given = "{}"] = process.argv.slice(2)

// 1. Where the browser comes back to: this machine, any free port.
const arrived = Promise.withResolvers<string>()
const state = crypto.randomUUID()
const listener = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(PORT),
  fetch(request) {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname !== "/callback" || searchParams.get("state") !== state) return new Response(null, { status: 404 })
    const code = searchParams.get("code")
    if (code) arrived.resolve(code)
    else arrived.reject(new Error(searchParams.get("error_description") ?? "It was not allowed."))
    return new Response("Done. You may close this window.")
  },
})

// 2. What the SDK asks of a program that signs people in. Real ones keep the tokens on disk, readable by their person alone.
let tokens: OAuthTokens | undefined
let verifier = ""
const provider: OAuthClientProvider = {
  redirectUrl: `http://127.0.0.1:${listener.port}/callback`,
  clientMetadata: { client_name: "MCP example", redirect_uris: [`http://127.0.0.1:${listener.port}/callback`] },
  state: () => state,
  clientInformation: () => ({ client_id: CLIENT_ID }),
  tokens: () => tokens,
  saveTokens(saved) {
    tokens = saved
  },
  redirectToAuthorization: (url) => console.log(`Open this and sign in:\n${url}`),
  saveCodeVerifier(saved) {
    verifier = saved
  },
  codeVerifier: () => verifier,
}

const connect = async (): Promise<Client> => {
  const client = new Client({ name: "mcp-example", version: "1.0.0" })
  const transport = new StreamableHTTPClientTransport(new URL(PURSER_MCP_URL), { authProvider: provider })
  try {
    await client.connect(transport as Transport)
    return client
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error
    await transport.finishAuth(await arrived.promise)
    return connect()
  }
}

// 3. Tools, and a call that the person pays.
const client = await connect()
listener.stop()
const { tools } = await client.listTools()
for (const { name, description } of tools) console.log(`${name}: ${description ?? ""}`)
if (tool) console.log(JSON.stringify((await client.callTool({ name: tool, arguments: JSON.parse(given) })).content))
await client.close()
