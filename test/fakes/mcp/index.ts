// Tool servers built with the official SDK, as peers: Streamable HTTP with sessions, the older HTTP+SSE, and every kind of bad day. Each
// request that comes in is noted, with its headers.
import { createServer } from "node:http"
import { completable } from "@modelcontextprotocol/sdk/server/completable.js"
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js"
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js"
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js"
import { SubscribeRequestSchema, UnsubscribeRequestSchema } from "@modelcontextprotocol/sdk/types.js"
import { z } from "zod"

export interface Seen {
  method: string
  url: string
  headers: Record<string, string>
}

export interface ToolServer {
  url: string
  seen: Seen[]
  /** Calls of tools that began. */
  calls: { tool: string; args: unknown }[]
  cancelled: number
  /** What tools say of themselves. */
  words: { echo: string }
  /** Tools beside the usual ones, from the next session on and in open ones. */
  addTool(name: string, description?: string): void
  /** A tool that asks its client something, from the next session on. */
  addAsking(): void
  /** A tool that logs, from the next session on. */
  addChatty(): void
  /** A tool that has its client's model write something, from the next session on. */
  addSampling(): void
  /** Who subscribed to which resource. */
  watched: { uri: string; by: symbol; tell(): void }[]
  /** A resource changed: told to whoever subscribed to it. */
  update(uri: string): void
  /** Everybody's sessions are forgotten, as by a restart. */
  forget(): void
  /** 401 for whoever does not send it. */
  secret: { header: string; value: string } | null
  /** Answers in place of the server, for a while. */
  instead: ((request: Request) => Response | Promise<Response> | null) | null
  /** Lets slow calls end. */
  release(): void
  close(): Promise<void>
}

const CITY = completable(z.string(), (begun) => ["Lisbon", "London", "Paris"].filter((one) => one.startsWith(begun)))
const TEXT = { args: z.string().optional() }
const said = (text: string) => ({ content: [{ type: "text" as const, text }] })

function build(server: ToolServer, gate: () => Promise<void>): McpServer {
  const capabilities = { logging: {}, completions: {}, resources: { subscribe: true } }
  const mcp = new McpServer({ name: "peer", title: "A peer", version: "1.0.0" }, { capabilities })
  const note = (tool: string, args: unknown) => void server.calls.push({ tool, args })
  mcp.registerTool("echo", { description: server.words.echo, inputSchema: { text: z.string() } }, ({ text }) => {
    note("echo", { text })
    return said(text)
  })
  mcp.registerTool("fail", { description: "Fails.", inputSchema: TEXT }, () => {
    note("fail", {})
    return { ...said("it did not work"), isError: true }
  })
  mcp.registerTool(
    "slow",
    { description: "Waits.", inputSchema: TEXT },
    async (args, { signal, sendNotification, _meta }) => {
      note("slow", args)
      const progressToken = _meta?.progressToken
      if (progressToken !== undefined)
        await sendNotification({ method: "notifications/progress", params: { progressToken, progress: 1, total: 2 } })
      const gone = Promise.withResolvers<void>()
      signal.addEventListener("abort", () => {
        server.cancelled++
        gone.resolve()
      })
      await Promise.race([gate(), gone.promise])
      return said("done")
    },
  )
  mcp.registerTool("giant", { description: "Says much.", inputSchema: TEXT }, () => said("x".repeat(9 * 1024 * 1024)))
  mcp.registerTool(
    "structured",
    { description: "Says it in parts.", inputSchema: TEXT, outputSchema: { degrees: z.number() } },
    () => ({ ...said("21"), structuredContent: { degrees: 21 } }),
  )
  mcp.registerResource("notes", "note://one", { description: "A note." }, () => ({
    contents: [{ uri: "note://one", text: "hello" }],
  }))
  watching(mcp, server)
  mcp.registerPrompt("greet", { description: "A greeting." }, () => ({
    messages: [{ role: "user", content: { type: "text", text: "Say hello." } }],
  }))
  mcp.registerPrompt("visit", { description: "A trip.", argsSchema: { city: CITY } }, ({ city }) => ({
    messages: [{ role: "user", content: { type: "text", text: `Plan a trip to ${city}.` } }],
  }))
  return mcp
}

/** Over the stream that the client listens on, and over the one of the call: servers do either. */
function chatty(mcp: McpServer): void {
  mcp.registerTool(
    "chatty",
    { description: "Logs.", inputSchema: TEXT },
    async (_, { sessionId, sendNotification }) => {
      for (const level of ["debug", "warning"] as const)
        await mcp.sendLoggingMessage({ level, logger: "work", data: `${level}, aside` }, sessionId)
      const params = { level: "error" as const, data: { in: "call" } }
      await sendNotification({ method: "notifications/message", params })
      return said("done")
    },
  )
}

function watching(mcp: McpServer, { watched }: ToolServer): void {
  const mine = Symbol()
  mcp.server.setRequestHandler(SubscribeRequestSchema, ({ params: { uri } }) => {
    watched.push({ uri, by: mine, tell: () => void mcp.server.sendResourceUpdated({ uri }) })
    return {}
  })
  mcp.server.setRequestHandler(UnsubscribeRequestSchema, ({ params: { uri } }) => {
    watched.splice(0, watched.length, ...watched.filter((one) => one.by !== mine || one.uri !== uri))
    return {}
  })
}

function base(): { server: ToolServer; gate: () => Promise<void>; extra: Map<string, string>; open: Set<McpServer> } {
  let waiting = Promise.withResolvers<void>()
  const open = new Set<McpServer>()
  const extra = new Map<string, string>()
  const server: ToolServer = {
    url: "",
    seen: [],
    calls: [],
    cancelled: 0,
    words: { echo: "Says it again." },
    watched: [],
    update(uri) {
      for (const one of server.watched) if (one.uri === uri) one.tell()
    },
    forget() {},
    secret: null,
    instead: null,
    addTool(name, description = name) {
      extra.set(name, description)
      for (const mcp of open) mcp.registerTool(name, { description, inputSchema: TEXT }, () => said(name))
    },
    addAsking() {
      extra.set("ask", "Asks.")
    },
    addChatty() {
      extra.set("chatty", "Logs.")
    },
    addSampling() {
      extra.set("sample", "Samples.")
    },
    release() {
      waiting.resolve()
      waiting = Promise.withResolvers()
    },
    close: async () => {},
  }
  return { server, gate: () => waiting.promise, extra, open }
}

function made({ server, gate, extra, open }: ReturnType<typeof base>): McpServer {
  const mcp = build(server, gate)
  for (const [name, description] of extra)
    if (name === "chatty") chatty(mcp)
    else if (name === "sample") mcp.registerTool(name, { description, inputSchema: {} }, () => sampled(mcp))
    else if (name === "ask") mcp.registerTool(name, { description, inputSchema: {} }, () => asked(mcp))
    else mcp.registerTool(name, { description, inputSchema: TEXT }, () => said(name))
  open.add(mcp)
  return mcp
}

async function sampled(mcp: McpServer) {
  const { content, model } = await mcp.server.createMessage({
    messages: [{ role: "user", content: { type: "text", text: "A line about rain." } }],
    maxTokens: 20,
  })
  return said(`${model}: ${content.type === "text" ? content.text : content.type}`)
}

async function asked(mcp: McpServer) {
  const requestedSchema = { type: "object" as const, properties: { city: { type: "string" as const } } }
  const { content } = await mcp.server.elicitInput({ message: "Which city?", requestedSchema })
  return said(String(content?.city))
}

export async function startToolServer(): Promise<ToolServer> {
  const kit = base()
  const { server } = kit
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()
  const answer = async (request: Request): Promise<Response> => {
    server.seen.push({ method: request.method, url: request.url, headers: Object.fromEntries(request.headers) })
    const other = await server.instead?.(request)
    if (other) return other
    const { secret } = server
    const asked = new URL(request.url).searchParams
    if (secret && request.headers.get(secret.header) !== secret.value && asked.get(secret.header) !== secret.value)
      return new Response("who are you?", { status: 401 })
    const known = sessions.get(request.headers.get("mcp-session-id") ?? "")
    if (known) return known.handleRequest(request)
    if (request.headers.has("mcp-session-id")) return new Response("no such session", { status: 404 })
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, transport),
    })
    await made(kit).connect(transport as Transport)
    return transport.handleRequest(request)
  }
  server.forget = () => {
    for (const one of sessions.values()) void one.close()
    sessions.clear()
    server.watched.length = 0
  }
  const http = Bun.serve({ hostname: "127.0.0.1", port: 0, idleTimeout: 0, fetch: answer })
  server.url = `http://127.0.0.1:${http.port}/mcp`
  server.close = () => http.stop(true)
  return server
}

/** Speaks the transport of 2024-11-05 alone. */
export async function startSseServer(): Promise<ToolServer> {
  const kit = base()
  const { server } = kit
  const sessions = new Map<string, SSEServerTransport>()
  const http = createServer(async (request, response) => {
    const url = new URL(request.url!, "http://127.0.0.1")
    server.seen.push({ method: request.method!, url: url.href, headers: request.headers as Record<string, string> })
    if (request.method === "GET" && url.pathname === "/sse") {
      const transport = new SSEServerTransport("/messages", response)
      sessions.set(transport.sessionId, transport)
      return made(kit).connect(transport)
    }
    const known = sessions.get(url.searchParams.get("sessionId") ?? "")
    if (request.method === "POST" && url.pathname === "/messages" && known)
      return known.handlePostMessage(request, response)
    response.writeHead(405).end()
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  http.listen(0, "127.0.0.1", () => resolve())
  await promise
  server.url = `http://127.0.0.1:${(http.address() as { port: number }).port}/sse`
  server.close = async () => {
    http.closeAllConnections()
    http.close()
  }
  return server
}
