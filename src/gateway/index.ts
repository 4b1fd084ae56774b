// The door of `gateway`: the one way to spend credits, and the /v1 handlers built on it. Routes stand in sites/api.
import { Passing } from "../app/index.ts"
import { authenticate } from "./admit.ts"
import { Alarms } from "./charge/alarms.ts"
import { ClaimMemory, charged } from "./charge/charged.ts"
import { chargedFixed, recordRefused } from "./charge/fixed.ts"
import type { Held } from "./charge/held.ts"
import { forgetKeys } from "./charge/once.ts"
import { holdProductIn, releaseProductIn, settleProductIn } from "./charge/product.ts"
import { asAsked, chargeOfUse } from "./charge/shares.ts"
import { Shelf } from "./choice/house.ts"
import { Resolver } from "./choice/resolver.ts"
import { choiceVerbs } from "./choice/verbs.ts"
import { loadRecent, RecentItems, saveRecent } from "./dialects/responses/index.ts"
import { CallFigures } from "./figures.ts"
import { v1Handlers } from "./handlers.ts"
import { TIMEOUTS } from "./limits.ts"
import { PROVIDERS, type UpstreamFetch } from "./providers/index.ts"
import { createRouter } from "./routing/index.ts"
import { routingVerbs } from "./routing/verbs.ts"
import type { CallDeps } from "./run/call.ts"
import { Deadlines, STOPPING } from "./run/deadlines.ts"
import { Relay } from "./run/relay.ts"
import { Watch } from "./run/watch.ts"
import type { Gateway, GatewayDeps } from "./types.ts"
import { Registry } from "./upstreams/registry.ts"
import { upstreamVerbs } from "./upstreams/verbs.ts"

export { askedOnce } from "./charge/once.ts"
export type { ProductCallEnd, ProductCharge, ProductHold } from "./charge/product.ts"
export { CAPABILITIES, type Capability, COST_TIERS, type Option, type Preference } from "./choice/capabilities.ts"
export type { HouseModel } from "./choice/house.ts"
export { ChatRequest } from "./dialects/chat/schema.ts"
export { EmbeddingsRequest } from "./dialects/embeddings/index.ts"
export { CountTokensRequest, MessagesRequest } from "./dialects/messages/schema.ts"
export { ResponsesRequest } from "./dialects/responses/schema.ts"
export { CORS, preflight, v1Error } from "./envelope.ts"
export { GATEWAY_LIMITS, TIMEOUTS, type Timeouts } from "./limits.ts"
export { gatewayPart } from "./part.ts"
export {
  type AnswerEvent,
  type Conversation,
  type Frame,
  MAX_TOKENS_FIELDS,
  PROVIDERS,
  type Provider,
  type Providers,
  type Wire,
} from "./providers/index.ts"
export { DeletedResponse, FinishedRequest, KeptResponse, Me, Model, ModelList, ResponseInput } from "./reads/schemas.ts"
export { type ListsRead, refreshDueLists, refreshLists } from "./refresh-lists.ts"
export { Breaker, type Pass } from "./routing/breaker.ts"
export { Watch } from "./run/watch.ts"
export type * from "./types.ts"

export function createGateway(deps: GatewayDeps): Gateway {
  const timeouts = { ...TIMEOUTS, ...deps.timeouts }
  const registry = loadRegistry(deps)
  const shelf = new Shelf()
  shelf.load(deps.store.read)
  const resolver = new Resolver({ registry, pricing: deps.pricing, shelf, reader: deps.store.read })
  const watch = new Watch(timeouts.tickMs)
  const inFlight = new Passing<string, Held>()
  const alarms = new Alarms(deps.log)
  const router = createRouter(deps)
  const figures = new CallFigures()
  let isClosing = false
  const calls: CallDeps = {
    ...deps,
    timeouts,
    resolver,
    router,
    watch,
    inFlight,
    alarms,
    figures,
    claims: new ClaimMemory(),
    isClosing: () => isClosing,
    // Only the total is looked at; who gets which part is the settle's business.
    chargeOf: (quote, usage) =>
      chargeOfUse(deps.pricing, quote, deps.pricing.rawCost(quote.price, asAsked(quote, usage)), usage, null),
  }
  const { store, ids, keyring, clock } = deps
  const recent = new RecentItems(clock)
  if (deps.itemsFile) loadRecent(recent, deps.itemsFile, deps.log)
  const admin = { store, ids, keyring, clock, registry, router, timeouts }

  return {
    charged: (call) => charged(calls, call),
    chargedFixed: (call) => chargedFixed(calls, call, deps.clock.now()),
    holdProductIn: (tx, charge) => holdProductIn(calls, tx, charge),
    settleProductIn: (tx, hold, end) => settleProductIn(calls, tx, hold, end),
    releaseProductIn: (tx, hold) => releaseProductIn(calls, tx, hold),
    noteRefused: (call, error) => recordRefused(deps, call, error, deps.clock.now()),
    authenticate: (request) => authenticate(deps, request),
    ...v1Handlers(calls, { ...deps, registry, resolver, shelf, recent }),
    ...choiceVerbs({ ...deps, registry, resolver, shelf }),
    ...upstreamVerbs(admin),
    ...routingVerbs(admin),

    forgetKeys: (rows) => forgetKeys(deps.store, rows),
    forgetItems: () => recent.forget(),
    isAlive: (callId) => inFlight.has(callId),
    alarms: () => alarms.list(),
    get callsInFlight() {
      return inFlight.size
    },
    figures,
    drain: (ms) => drained(inFlight, ms),
    cutUser: (userId) => cutUser(watch, userId),
    cutAll: () => cutAll(watch),
    close() {
      isClosing = true
      watch.close()
      if (deps.itemsFile) saveRecent(recent, deps.itemsFile, deps.log)
    },
  }
}

function loadRegistry(deps: GatewayDeps): Registry {
  const registry = new Registry({
    keyring: deps.keyring,
    log: deps.log,
    providers: deps.providers ?? PROVIDERS,
    fetch: deps.fetch ?? (fetch as UpstreamFetch),
    sandboxWordMs: deps.sandboxWordMs ?? 0,
  })
  registry.load(deps.store.read)
  return registry
}

async function drained(inFlight: Pick<Passing<string, Held>, "size">, ms: number): Promise<number> {
  const endMs = performance.now() + ms
  while (inFlight.size > 0 && performance.now() < endMs) await Bun.sleep(20)
  return inFlight.size
}

function cutUser(watch: Watch, userId: number): void {
  for (const call of watch.values()) if (call instanceof Relay && call.userId === userId) call.cut()
}

function cutAll(watch: Watch): void {
  for (const call of watch.values()) {
    if (call instanceof Relay) call.cut(STOPPING)
    else if (call instanceof Deadlines) call.stop("cut", STOPPING)
  }
}
