// The routes of /v1/mcp: groups, their tools, and a call. They answer whatever is thrown, in OpenAI's envelope.
import type { Progress } from "@modelcontextprotocol/sdk/types.js"
import { amountJson, ensure } from "../app/index.ts"
import { answerV1, askedOnce, type Caller, CORS, parseJson, requireScope, v1Json } from "../gateway/index.ts"
import { type contextOf, readBody } from "../http/index.ts"
import { callOf, groupOf } from "./call.ts"
import type { Core } from "./core.ts"
import { MCP_LIMITS as L } from "./limits.ts"
import { exposedIn } from "./offers.ts"
import { pricedName, priceOf } from "./price.ts"
import { groupsFor, pathOf } from "./reach.ts"
import { serversOf } from "./store.ts"
import type { Group } from "./types.ts"

/** @throws AppError insufficient_scope and those of `authenticate` */
export async function allowed(core: Core, request: Request): Promise<Caller> {
  const caller = await core.gateway.authenticate(request)
  requireScope(caller, "mcp", core)
  return caller
}

/** Where any MCP client logs in to this group. */
export const groupUrl = (core: Pick<Core, "apiUrl">, name: string): string => `${core.apiUrl}${pathOf(name)}`

export const listGroups = (core: Core, request: Request): Promise<Response> =>
  answerV1(core.log, request, async (_, { requestId }) => {
    const caller = await allowed(core, request)
    const data = groupsFor(core, core.store.read, caller).map((group) => groupJson(core, group))
    return v1Json({ object: "list", data }, requestId)
  })

const groupJson = (core: Core, { id, publicId, name, title }: Group) => ({
  object: "mcp.group",
  id: publicId,
  name,
  title,
  url: groupUrl(core, name),
  servers: serversOf(core.store.read, id).map((server) => ({
    name: server.name,
    title: server.title,
    active: server.active,
    state: server.state,
  })),
  tools: exposedIn(core.store.read, id, "tool").length,
})

export const listTools = (core: Core, request: Request, name: string): Promise<Response> =>
  answerV1(core.log, request, async (_, { requestId }) => {
    const caller = await allowed(core, request)
    const group = groupOf(core, core.store.read, caller, name)
    const traffic = caller.kind === "app" ? "app" : "key"
    const data = exposedIn(core.store.read, group.id, "tool").map(({ name: tool, offer, server }) => {
      const { title, description, inputSchema, outputSchema, annotations } = offer.definition
      const { charge } = priceOf(core.pricing, pricedName(group.name, offer.name), traffic)
      return {
        object: "mcp.tool",
        name: tool,
        server: server.name,
        title: title ?? null,
        description: description ?? null,
        input_schema: inputSchema ?? { type: "object" },
        output_schema: outputSchema ?? null,
        annotations: annotations ?? null,
        price: amountJson(charge.totalNano),
      }
    })
    return v1Json({ object: "list", data }, requestId)
  })

export const callTool = (core: Core, request: Request, group: string): Promise<Response> =>
  answerV1(core.log, request, async (_, context) => {
    const caller = await allowed(core, request)
    const once = askedOnce(request)
    const owner = `user:${caller.userId}`
    const bytes = await readBody(request, { bytesMax: L.argumentsBytesMax, deadlineMs: L.argumentsMs, owner })
    const { tool, args } = questionOf(new TextDecoder().decode(bytes))
    // From here on the deadlines of the call are the only clock.
    context.server?.timeout(request, 0)
    const { requestId, startMs } = context
    const input = { caller, requestId, startMs, group, tool, args, once, signal: request.signal }
    const streams = request.headers.get("accept")?.includes("text/event-stream") === true
    return streams ? streamed(core, input, context) : callOf(core, input)
  })

/** @throws AppError invalid_request */
function questionOf(text: string): { tool: string; args: Record<string, unknown> } {
  const body = parseJson(text).plain
  const isObject = (value: unknown): value is Record<string, unknown> =>
    value !== null && typeof value === "object" && !Array.isArray(value)
  ensure(isObject(body), "invalid_request", "Send a JSON object with `tool` and `arguments`.")
  const { tool, arguments: args = {}, ...more } = body
  const [unknown] = Object.keys(more)
  ensure(unknown === undefined, "invalid_request", "Only `tool` and `arguments` are known here.", {
    param: unknown ?? "",
  })
  ensure(typeof tool === "string" && tool !== "", "invalid_request", "`tool` must name a tool.", { param: "tool" })
  ensure(isObject(args), "invalid_request", "`arguments` must be an object.", { param: "arguments" })
  return { tool, args }
}

type Input = Parameters<typeof callOf>[1]

/**
 * Progress as events, the answer as the last one: `result`, or `error`. What is refused before the tool runs has a status of its own, so the
 * stream begins with the first progress or, where there is none, not at all.
 */
async function streamed(core: Core, input: Input, context: ReturnType<typeof contextOf>): Promise<Response> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const gone = new AbortController()
  writer.closed.catch(() => gone.abort())
  const encoder = new TextEncoder()
  const send = (event: string, data: string) =>
    void writer.write(encoder.encode(`event: ${event}\ndata: ${data}\n\n`)).catch(() => gone.abort())
  const { promise: begun, resolve: begin } = Promise.withResolvers<"progress">()
  const onProgress = (progress: Progress) => {
    begin("progress")
    send("progress", JSON.stringify(progress))
  }
  const answer = callOf(core, { ...input, signal: AbortSignal.any([input.signal, gone.signal]), onProgress })
  const first = await Promise.race([begun, answer])
  if (first !== "progress") return first
  void answerV1(core.log, new Request("http://call.invalid/"), () => answer)
    .then(async (response) => {
      send(response.ok ? "result" : "error", await response.text())
      await writer.close()
    })
    .catch(() => gone.abort())
  const headers = {
    ...CORS,
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-request-id": context.requestId,
  }
  return new Response(readable, { headers })
}
