// /v1/mcp/purser/mcp: the account itself as a tool server, for whoever manages theirs from an agent. Each tool is a route of the management API
// under another name: it takes what that takes, and whoever may not ask there may not here.
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js"
import { ensure, PRODUCT_NAME } from "../../app/index.ts"
import type { Caller } from "../../gateway/index.ts"
import { contextOf, setContext, toAppError } from "../../http/index.ts"
import type { Definition, Mcp, ToolSet } from "../../mcp/index.ts"
import type { HandleDeps, ManageRoute } from "./manage/index.ts"

/** By the route's own name. What spends, or makes what can spend, is left to people. */
const TOOLS: Readonly<Record<string, string>> = {
  getBalance: "get_balance",
  listTransactions: "list_transactions",
  getUsageSummary: "get_usage_summary",
  getUsageByModel: "get_usage_by_model",
  getUsageByDate: "get_usage_by_date",
  getFreeTier: "get_free_tier",
  listKeys: "list_keys",
  revokeKey: "revoke_key",
}

export interface AccountTools {
  /** Answers whatever is thrown. */
  serve(request: Request): Promise<Response>
}

export function createAccountTools(
  mcp: Pick<Mcp, "serveTools">,
  deps: HandleDeps,
  routes: readonly ManageRoute[],
): AccountTools {
  const tools = new Map(
    routes.flatMap((route) => {
      const name = TOOLS[route.operationId]
      return name === undefined ? [] : [[name, route] as const]
    }),
  )
  return { serve: (request) => mcp.serveTools(request, (caller) => toolsOf(deps, tools, request, caller)) }
}

type Tools = ReadonlyMap<string, ManageRoute>

function toolsOf(deps: HandleDeps, all: Tools, request: Request, caller: Caller): ToolSet {
  // Only what would be answered is offered; the route itself asks again.
  const tools: Tools = manages(deps, caller) ? all : new Map()
  return {
    name: "account",
    title: `Your account at ${PRODUCT_NAME}`,
    list: () => [...tools].map(([name, route]) => definitionOf(name, route)),
    async call(name, args) {
      const route = tools.get(name)
      const words = "There is no such tool for you. It takes an API key with the permissions `mcp` and `manage`."
      ensure(route, "not_found", words)
      return called(deps, route, request, args)
    },
  }
}

/** As `managerOf` has it: apps of others manage nothing. */
function manages({ oauth }: HandleDeps, { kind, scopes, clientId }: Caller): boolean {
  if (kind === "key") return scopes.has("manage")
  return clientId !== null && oauth.clientById(clientId)?.type === "first-party"
}

const namesIn = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!)

function definitionOf(name: string, route: ManageRoute): Definition {
  const { method, paths, summary, description, query } = route
  const inPath = namesIn(paths[0])
  const asked: Record<string, unknown> = { ...query?.properties }
  for (const one of inPath) asked[one] = { type: "string", description: `Its id, as list_${one}s gives it` }
  const isRead = method === "get"
  return {
    name,
    title: summary,
    description: description ? `${summary}. ${description}` : `${summary}.`,
    inputSchema: { type: "object", properties: asked, required: inPath, additionalProperties: false },
    annotations: { readOnlyHint: isRead, destructiveHint: !isRead, idempotentHint: true, openWorldHint: false },
  }
}

/** What is sent of the caller: who they are, and nothing else. */
const CREDENTIALS = ["authorization", "x-api-key", "dpop"]

async function called(
  deps: HandleDeps,
  route: ManageRoute,
  request: Request,
  args: Record<string, unknown>,
): Promise<CallToolResult> {
  try {
    const inPath = namesIn(route.paths[0])
    const params = Object.fromEntries(inPath.map((name) => [name, String(args[name] ?? "")]))
    const url = new URL(route.paths[0].replaceAll(/:\w+/g, "_"), request.url)
    for (const [name, value] of Object.entries(args))
      if (!inPath.includes(name) && value !== null) url.searchParams.set(name, String(value))
    const headers = CREDENTIALS.flatMap((name): [string, string][] => {
      const value = request.headers.get(name)
      return value === null ? [] : [[name, value]]
    })
    const asked = new Request(url, { method: route.method.toUpperCase(), headers })
    setContext(asked, contextOf(request))
    const answer = await route.handle(deps, asked, params)
    const structuredContent = (await answer.json()) as Record<string, unknown>
    return { content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent }
  } catch (thrown) {
    const { code, message, status } = toAppError(thrown)
    if (status >= 500) throw thrown
    return { content: [{ type: "text", text: `${message} (${code})` }], isError: true }
  }
}
