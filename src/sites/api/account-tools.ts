// /v1/mcp/purser/mcp: the account itself as a tool server, for whoever manages theirs from an agent. Each tool is a route of the management API
// under another name: it takes what that takes, and whoever may not ask there may not here. An app signs its person in for this address alone,
// and gets the tools behind the scopes that they ticked.
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js"
import { AppError, ensure, PRODUCT_NAME } from "../../app/index.ts"
import type { Caller } from "../../gateway/index.ts"
import { contextOf, setContext, toAppError } from "../../http/index.ts"
import type { Definition, Mcp, ToolDoor, ToolSet } from "../../mcp/index.ts"
import { ACCOUNT_SCOPES, type AccountScope } from "../../oauth/index.ts"
import { type HandleDeps, type ManageRoute, managerOfApp } from "./manage/index.ts"

const READ = "account:read"
const MANAGE = "account:manage"
const DEVELOPER = "developer:read"

/** By the route's own name. What spends, or makes what can spend, is left to people. */
const TOOLS: Readonly<Record<string, readonly [name: string, scope: AccountScope]>> = {
  getBalance: ["get_balance", READ],
  listTransactions: ["list_transactions", READ],
  getUsageSummary: ["get_usage_summary", READ],
  getUsageByModel: ["get_usage_by_model", READ],
  getUsageByDate: ["get_usage_by_date", READ],
  getFreeTier: ["get_free_tier", READ],
  listApps: ["list_apps", READ],
  setAppLimit: ["set_app_limit", MANAGE],
  revokeApp: ["revoke_app", MANAGE],
  listKeys: ["list_keys", READ],
  revokeKey: ["revoke_key", MANAGE],
  listMyApps: ["list_my_apps", DEVELOPER],
  listMyAppKeys: ["list_my_app_keys", DEVELOPER],
  listMyAppUsers: ["list_my_app_users", DEVELOPER],
  getMyAppUsage: ["get_my_app_usage", DEVELOPER],
  getMyAppRevenue: ["get_my_app_revenue", DEVELOPER],
  listMyAppRequests: ["list_my_app_requests", DEVELOPER],
  getMyAppHealth: ["get_my_app_health", DEVELOPER],
}

export interface AccountTools {
  /** Answers whatever is thrown. */
  serve(request: Request): Promise<Response>
}

interface Tool {
  route: ManageRoute
  scope: AccountScope
}
type Tools = ReadonlyMap<string, Tool>

export function createAccountTools(
  mcp: Pick<Mcp, "serveTools">,
  deps: HandleDeps,
  routes: readonly ManageRoute[],
): AccountTools {
  const tools: Tools = new Map(
    routes.flatMap((route) => {
      const [name, scope] = TOOLS[route.operationId] ?? []
      return name === undefined ? [] : [[name, { route, scope: scope! }] as const]
    }),
  )
  const door: ToolDoor = { scope: ACCOUNT_SCOPES.join(" "), admit: (caller) => admit(deps, caller) }
  return { serve: (request) => mcp.serveTools(request, (caller) => toolsOf(deps, tools, request, caller), door) }
}

/** A key as before; an app by what its person ticked for it, as it stands now. @throws AppError insufficient_scope */
function admit(deps: HandleDeps, caller: Caller): void {
  if (caller.kind === "key") {
    const words = "This API key lacks the permission `mcp`. Edit it under API keys, or use another."
    ensure(caller.scopes.has("mcp"), "insufficient_scope", words)
    return
  }
  if (scopesOf(deps, caller).size > 0) return
  throw new AppError(
    "insufficient_scope",
    "The person did not open their account to this app. Ask them, with this address as the resource.",
    { fields: { scope: ACCOUNT_SCOPES.join(" ") } },
  )
}

/** What a caller may do here now: a token never more than its consent, which may have been narrowed since. */
function scopesOf({ oauth }: HandleDeps, { kind, scopes, userId, clientId }: Caller): ReadonlySet<AccountScope> {
  if (kind === "key") return new Set(scopes.has("manage") ? ACCOUNT_SCOPES : [])
  const standing: readonly string[] =
    clientId !== null && oauth.clientById(clientId)?.type === "first-party"
      ? ACCOUNT_SCOPES
      : (oauth.consentsOf(userId).find((one) => one.clientId === clientId)?.scopes ?? [])
  return new Set(ACCOUNT_SCOPES.filter((scope) => scopes.has(scope) && standing.includes(scope)))
}

function toolsOf(deps: HandleDeps, all: Tools, request: Request, caller: Caller): ToolSet {
  // Only what would be answered is offered.
  const scopes = scopesOf(deps, caller)
  const tools: Tools = new Map([...all].filter(([, { scope }]) => scopes.has(scope)))
  return {
    name: "account",
    title: `Your account at ${PRODUCT_NAME}`,
    list: () => [...tools].map(([name, { route }]) => definitionOf(name, route)),
    async call(name, args) {
      const tool = tools.get(name)
      const lacks =
        caller.kind === "key"
          ? "It takes an API key with the permissions `mcp` and `manage`."
          : `It takes the scope ${all.get(name)?.scope ?? "of its own"}, which the person did not give.`
      ensure(tool, "not_found", `There is no such tool for you. ${lacks}`)
      return called(deps, tool.route, { request, caller, args })
    },
  }
}

const namesIn = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!)

/** Where an id comes from, where it is not from the list of the same name. */
const IDS: Readonly<Record<string, string>> = {
  consent: "The id of an app’s permission, as list_apps gives it",
  app: "The id of an app of yours, as list_my_apps gives it",
}

function definitionOf(name: string, route: ManageRoute): Definition {
  const { method, paths, summary, description, query, body } = route
  const inPath = namesIn(paths[0])
  const asked: Record<string, unknown> = { ...query?.properties, ...body?.properties }
  for (const one of inPath) asked[one] = { type: "string", description: IDS[one] ?? `Its id, as list_${one}s gives it` }
  const isRead = method === "get"
  return {
    name,
    title: summary,
    description: description ? `${summary}. ${description}` : `${summary}.`,
    inputSchema: {
      type: "object",
      properties: asked,
      required: [...inPath, ...(body?.required ?? [])],
      additionalProperties: false,
    },
    annotations: {
      readOnlyHint: isRead,
      destructiveHint: method === "delete",
      idempotentHint: true,
      openWorldHint: false,
    },
  }
}

/** What is sent of the caller: who they are, and nothing else. */
const CREDENTIALS = ["authorization", "x-api-key", "dpop"]

interface Called {
  request: Request
  caller: Caller
  args: Record<string, unknown>
}

async function called(
  deps: HandleDeps,
  route: ManageRoute,
  { request, caller, args }: Called,
): Promise<CallToolResult> {
  try {
    const inPath = namesIn(route.paths[0])
    const params = Object.fromEntries(inPath.map((name) => [name, String(args[name] ?? "")]))
    const asked = askedOf(route, request, args)
    // A token of an app opens this address alone, and was let in at the door; a key is asked by the route itself.
    const answer =
      caller.kind === "app"
        ? await route.run(managerOfApp(deps, asked, caller), asked, params)
        : await route.handle(deps, asked, params)
    const structuredContent = (await answer.json()) as Record<string, unknown>
    return { content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent }
  } catch (thrown) {
    const { code, message, status } = toAppError(thrown)
    if (status >= 500) throw thrown
    return { content: [{ type: "text", text: `${message} (${code})` }], isError: true }
  }
}

/** The call as the route reads it: the rest of the arguments in its body, or in the query. */
function askedOf(route: ManageRoute, request: Request, args: Record<string, unknown>): Request {
  const url = new URL(route.paths[0].replaceAll(/:\w+/g, "_"), request.url)
  const inPath = namesIn(route.paths[0])
  const rest = Object.entries(args).filter(([name, value]) => !inPath.includes(name) && value !== null)
  const headers = new Headers()
  for (const name of CREDENTIALS) {
    const value = request.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  if (route.method === "post") headers.set("content-type", "application/json")
  else for (const [name, value] of rest) url.searchParams.set(name, String(value))
  const body = route.method === "post" ? { body: JSON.stringify(Object.fromEntries(rest)) } : {}
  const asked = new Request(url, { method: route.method.toUpperCase(), headers, ...body })
  setContext(asked, contextOf(request))
  return asked
}
