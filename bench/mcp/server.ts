// The two ends of a tool call: a tool server made with the official SDK, and the measured Purser with a group that has it.
import { Server } from "@modelcontextprotocol/sdk/server/index.js"
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js"
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js"
import { credits, nano, readConfig, silentLog } from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import { NETWORKS } from "../../src/mcp/index.ts"
import { answerWords } from "../gateway/control.ts"
import { say } from "../measure.ts"

const CTX = { actor: "cli", requestId: "req_bench", reason: "benchmark data" }
const ECHO = {
  name: "echo",
  description: "Says it again.",
  inputSchema: { type: "object" as const, properties: { text: { type: "string" } } },
}

/** With sessions, as servers have them. */
export async function tools(): Promise<void> {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()
  let calls = 0
  const made = async (): Promise<WebStandardStreamableHTTPServerTransport> => {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      enableJsonResponse: true,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    })
    const server = new Server({ name: "bench", version: "1" }, { capabilities: { tools: {} } })
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [ECHO] }))
    server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
      calls++
      return { content: [{ type: "text", text: String(params.arguments?.text) }] }
    })
    await server.connect(transport as Transport)
    return transport
  }
  const http = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch: async (request) =>
      (sessions.get(request.headers.get("mcp-session-id") ?? "") ?? (await made())).handleRequest(request),
  })
  say({ url: `http://127.0.0.1:${http.port}/mcp` })
  await answerWords({ called: () => ({ calls }) })
  say({ stopped: true })
  process.exit(0)
}

export async function house(dataDir: string, toolsUrl: string): Promise<void> {
  const config = readConfig({ port: "0", "data-dir": dataDir, "base-url": "http://localhost:9" }, {})
  const app = await compose(config, { log: silentLog })
  await app.settings.set(CTX, NETWORKS, { value: ["127.0.0.1"] })
  const person = { email: "p@example.com", password: "a long bench password", name: "P" }
  const { id: userId } = await app.identity.createUser(CTX, person)
  await app.store.write(CTX, (tx) =>
    app.ledger.grantIn(tx, {
      owner: { kind: "principal", id: userId },
      mode: "live",
      type: "bonus",
      bucket: "bonus",
      amountNano: nano(credits(1_000_000)),
      paid: false,
      key: "bench",
    }),
  )
  await app.mcp.createGroup(CTX, { userId, name: "bench", title: "Bench" })
  await app.mcp.addServer(CTX, { userId, group: "bench", name: "tools", url: toolsUrl, auth: "none" })
  const { secret } = await app.keys.create(CTX, { userId, name: "Bench", scopes: ["mcp"] })
  const { port } = await app.listen()
  say({ url: `http://localhost:${port}/v1/mcp/groups/bench/mcp`, secret })
  await answerWords({
    /** Calls in the books, and whether they hold. */
    counted() {
      const { n } = app.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM v_charges WHERE collected_nano > 0")!
      return { charged: n, wrong: app.ledger.verify().checks.filter(({ violations }) => violations > 0).length }
    },
  })
  await app.stop()
  say({ stopped: true })
  process.exit(0)
}
