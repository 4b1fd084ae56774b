// The door of `mcp` in the marketplace: an API that somebody subscribed to as an MCP server, one tool for each endpoint that their plan
// opens (SPEC MK-9). A call goes the road of every call, as a key of the subscription: its quota, its rates, its price, its log.
import { AppError, ensure, UserId } from "../../app/index.ts"
import type { Caller } from "../../gateway/index.ts"
import { contextOf, setContext } from "../../http/index.ts"
import type { ToolSet } from "../../mcp/index.ts"
import type { ProtectedResource } from "../../oauth/index.ts"
import type { Calls, ProductKey } from "../calls/index.ts"
import type { Catalog, Endpoint, Product } from "../catalog/index.ts"
import type { MarketplaceDeps } from "../deps.ts"
import { opens, type ProductPlans } from "../plans/index.ts"
import type { Subscriptions } from "../subscriptions/index.ts"
import { resultOf } from "./result.ts"
import { definitionOf, namedTools, requestOf } from "./tools.ts"

interface Works {
  catalog: Catalog
  plans: ProductPlans
  subscriptions: Subscriptions
  calls: Calls
}

const PATH = /^\/v1\/mcp\/products\/([a-z0-9-]{3,60})\/mcp$/

const pathOf = (slug: string): string => `/v1/mcp/products/${slug}/mcp`

/** Every product's address is a resource, whether there is one of the name: nobody learns by asking. */
function productResource(path: string): ProtectedResource | null {
  const slug = PATH.exec(path)?.[1]
  return slug === undefined ? null : { path, name: `API: ${slug}`, scopes: ["mcp"], within: "/v1", isTools: true }
}

export function createProductTools(deps: MarketplaceDeps, works: Works) {
  deps.oauth.addResources(productResource)
  return {
    /** Where any MCP client signs in to it. */
    urlOf: (slug: string): string => String(deps.oauth.protectedResourceMetadata(pathOf(slug))?.resource ?? ""),
    /** The product as an MCP server. It answers whatever is thrown. */
    serve: (request: Request, slug: string): Promise<Response> =>
      deps.mcp.serveTools(request, (caller) => toolsOf(deps, works, { caller, asked: request }, slug)),
  }
}

/** @throws AppError not_found, the same whether there is no such product or no subscription to it */
function toolsOf(deps: MarketplaceDeps, works: Works, { caller, asked }: Asking, slug: string): ToolSet {
  const { catalog, subscriptions, calls } = works
  const product = catalog.productBySlug(slug)
  // Whoever pays is who subscribed: a team's key, or an app that spends its credits, uses nothing of the person behind it.
  const subscription = product && subscriptions.openOf(UserId(caller.payer.id), product.id)
  ensure(
    product && subscription,
    "not_found",
    "You have no subscription to an API of this name. Subscribe to it in the marketplace first.",
  )
  const open = () => openedBy(works, product, subscription.planId)
  return {
    name: slug,
    title: product.title,
    list: () => [...open()].map(([name, endpoint]) => definitionOf(name, endpoint)),
    async call(tool, args, signal) {
      const endpoint = open().get(tool)
      ensure(endpoint, "not_found", "Your plan has no tool of this name. List the tools again.")
      const key = keyFor(deps, calls.keysOf(subscription.id), caller)
      const request = requestOf(endpoint, catalog.addressOf(product), args, signal)
      cameFrom(request, asked)
      // An app's charges count against no consent here, so whoever set a limit there would be charged past it.
      const withinPlan = caller.kind !== "key"
      const as = { keyId: key.id, caller, byTool: true, withinPlan }
      return resultOf(await calls.forward(request, { as }), new URL(endpoint.path, request.url).href)
    },
  }
}

interface Asking {
  caller: Caller
  /** The request to the MCP server. */
  asked: Request
}

/** A call is from where its program is, which is what a publisher has rules about; else it is one of its own. */
const cameFrom = (request: Request, asked: Request): void =>
  setContext(request, {
    ...contextOf(request),
    get ip() {
      return contextOf(asked).ip
    },
  })

/** The endpoints that a plan opens, by names that do not depend on the plan. */
function openedBy({ catalog, plans }: Works, { id }: Product, planId: number): Map<string, Endpoint> {
  const all = plans.plansOf(id)
  const rank = all.find((plan) => plan.id === planId)?.rank ?? -1
  const named = namedTools(catalog.endpointsOf(id))
  return new Map([...named].filter(([, endpoint]) => opens(rank, endpoint, all)))
}

/** The oldest key that lives, of the caller's own mode: a token of test mode never reaches a publisher. @throws AppError conflict */
function keyFor({ clock }: MarketplaceDeps, keys: readonly ProductKey[], { mode }: Caller): ProductKey {
  const isLive = (key: ProductKey): boolean =>
    key.revokedMs === null && (key.expiresMs === null || key.expiresMs > clock.now()) && key.mode === mode
  const first = keys.filter(isLive).sort((a, b) => a.id - b.id)[0]
  if (first) return first
  const kind = mode === "test" ? "no test key" : "no key"
  throw new AppError("conflict", `Your subscription has ${kind} that works. Make one in the marketplace.`)
}
