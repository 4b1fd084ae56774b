// Routes of /v1/mcp: people's tool servers by API.
import { Elysia } from "elysia"
import type { Marketplace } from "../../marketplace/index.ts"
import { type Mcp, ToolCallAnswer, ToolCallRequest, ToolGroupList, ToolList } from "../../mcp/index.ts"
import type { AccountTools } from "./account-tools.ts"
import { charging, read } from "./describe.ts"

export type McpRoutes = Pick<Mcp, "listGroups" | "listTools" | "callTool" | "serve" | "serveTools">

const UNDOCUMENTED = { detail: { hide: true } } as const
const SERVER = "/v1/mcp/groups/:group/mcp"
const ACCOUNT = "/v1/mcp/purser/mcp"
const PRODUCT = "/v1/mcp/products/:product/mcp"
const RAW = { parse: "none" } as const
const GROUPS = { operationId: "listToolGroups", summary: "List groups of tool servers", answer: ToolGroupList } as const
const TOOLS = {
  operationId: "listTools",
  summary: "List the tools of a group",
  answer: ToolList,
  errors: ["not_found"],
  path: ["group"],
} as const

const call = charging({
  operationId: "callTool",
  summary: "Call a tool of a group",
  description:
    "Calls a tool at its server and charges its price. What fails, takes too long or is cancelled costs nothing. With `Accept: text/event-stream` progress comes as `progress` events, and the answer as `result` or `error`.",
  request: ToolCallRequest,
  example: { tool: "get_weather", arguments: { city: "Lisbon" } },
  answer: ToolCallAnswer,
  answers: "What the tool answered",
  path: ["group"],
  errors: ["not_found", "conflict", "tool_error", "tool_timeout"],
})

export type ProductTools = Pick<Marketplace["tools"], "serve">

export const mcpRoutes = (mcp: McpRoutes, products: ProductTools, account: AccountTools) =>
  new Elysia()
    .get("/v1/mcp/groups", ({ request }) => mcp.listGroups(request), read(GROUPS))
    .get("/v1/mcp/groups/:group/tools", ({ request, params }) => mcp.listTools(request, params.group), read(TOOLS))
    .post("/v1/mcp/groups/:group/call", ({ request, params }) => mcp.callTool(request, params.group), {
      ...RAW,
      ...call,
    })
    // Its own protocol: MCP clients find out by themselves what it says.
    .post(SERVER, ({ request, params }) => mcp.serve(request, params.group), { ...RAW, ...UNDOCUMENTED })
    .get(SERVER, ({ request, params }) => mcp.serve(request, params.group), UNDOCUMENTED)
    .delete(SERVER, ({ request, params }) => mcp.serve(request, params.group), { ...RAW, ...UNDOCUMENTED })
    // Of sessions there are none: what asks for one is told so.
    .all(ACCOUNT, ({ request }) => account.serve(request), { ...RAW, ...UNDOCUMENTED })
    .all(PRODUCT, ({ request, params }) => products.serve(request, params.product), { ...RAW, ...UNDOCUMENTED })
