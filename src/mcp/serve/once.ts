// Tools of another part of the house as an MCP server, without sessions: each request proves who asks and is answered by itself, so nothing
// is kept, taken over or lost with a restart. For tools that neither ask their client anything nor tell of progress.
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js"
import { AppError, PRODUCT_NAME } from "../../app/index.ts"
import { answerV1, type Caller } from "../../gateway/index.ts"
import type { Core } from "../core.ts"
import { NO_VALIDATION, words } from "../remote/library.ts"
import type { ToolDoor, ToolSet } from "../types.ts"
import { admitted, messageOf, withCors } from "./endpoint.ts"
import { library } from "./library.ts"
import { told } from "./server.ts"

/** @param find what this caller has there. @throws AppError of its own, which the client is told */
export const serveTools = (
  core: Core,
  request: Request,
  find: (caller: Caller) => ToolSet,
  door?: ToolDoor,
): Promise<Response> =>
  answerV1(core.log, request, async (_, context) => {
    const caller = await admitted(core, request, door)
    const tools = find(caller)
    if (request.method !== "POST")
      throw new AppError(
        "method_not_allowed",
        "This server keeps no sessions: there is no stream, and nothing to end.",
        {
          headers: { allow: "POST" },
        },
      )
    const { message } = await messageOf(request, caller)
    context.server?.timeout(request, 0)
    const server = createServer(tools, request.signal)
    const { WebStandardStreamableHTTPServerTransport: Sdk } = library()
    const transport = new Sdk({ enableJsonResponse: true })
    await server.connect(transport as Transport)
    try {
      const answer = await transport.handleRequest(request, { parsedBody: message })
      answer.headers.set("x-request-id", context.requestId)
      return withCors(answer)
    } finally {
      await server.close()
    }
  })

function createServer(set: ToolSet, gone: AbortSignal) {
  const { Server } = library()
  const { CallToolRequestSchema, ListToolsRequestSchema } = words()
  const server = new Server(
    { name: `${PRODUCT_NAME.toLowerCase()}-${set.name}`, title: set.title, version: "1" },
    { capabilities: { tools: {} }, jsonSchemaValidator: NO_VALIDATION },
  )
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: set.list() as never[] }))
  server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal }) =>
    told(() => set.call(params.name, params.arguments ?? {}, AbortSignal.any([signal, gone]))),
  )
  return server
}
