// The door of `gateway`: the one way to spend credits, and the /v1 handlers built on it. Routes stand in sites/api.
import { Passing } from "../app/index.ts"
import { createSafeForward } from "../http/index.ts"
import { authenticate } from "./admit.ts"
import { cacheVerbs } from "./cache/change.ts"
import { Switches } from "./cache/switches.ts"
import { Alarms } from "./charge/alarms.ts"
import { ClaimMemory, charged } from "./charge/charged.ts"
import { chargedFixed } from "./charge/fixed.ts"
import type { Held } from "./charge/held.ts"
import { forgetKeys } from "./charge/once.ts"
import { holdProductIn, releaseProductIn, settleProductIn } from "./charge/product.ts"
import { asAsked, chargeOfUse } from "./charge/shares.ts"
import { chargedWork } from "./charge/work.ts"
import { Works } from "./charge/works.ts"
import { Shelf } from "./choice/house.ts"
import { Resolver } from "./choice/resolver.ts"
import { choiceVerbs } from "./choice/verbs.ts"
import { loadRecent, RecentItems, saveRecent } from "./dialects/responses/index.ts"
import { keepUploadsIn } from "./dialects/upload.ts"
import { CallFigures } from "./figures.ts"
import { v1Handlers } from "./handlers.ts"
import { LentAccounts } from "./lent/accounts.ts"
import { provisioning } from "./lent/wire.ts"
import { TIMEOUTS } from "./limits.ts"
import { KeyRing } from "./personal/ring.ts"
import { personalVerbs } from "./personal/verbs.ts"
import { PROVIDERS, type UpstreamFetch } from "./providers/index.ts"
import { createRouter } from "./routing/index.ts"
import { routingVerbs } from "./routing/verbs.ts"
import type { CallDeps } from "./run/call.ts"
import { Deadlines, STOPPING } from "./run/deadlines.ts"
import { FileCall } from "./run/file.ts"
import { Relay } from "./run/relay.ts"
import { Watch } from "./run/watch.ts"
import type { Gateway, GatewayDeps } from "./types.ts"
import { Registry } from "./upstreams/registry.ts"
import { upstreamVerbs } from "./upstreams/verbs.ts"
import { createVideos, type Videos } from "./videos/index.ts"

export { requireScope, samePayer } from "./admit.ts"
export { askedOnce, oncePattern } from "./charge/once.ts"
export type { ProductCallEnd, ProductCharge, ProductHold } from "./charge/product.ts"

import { recordRefused } from "./charge/refusal.ts"

export {
  CAPABILITIES,
  type Capability,
  type CapabilityNow,
  COST_TIERS,
  type Option,
  type Preference,
} from "./choice/capabilities.ts"
export type { HouseModel } from "./choice/house.ts"
export { SpeechRequest } from "./dialects/audio/speech.ts"
export { TranscriptionsRequest, TranslationsRequest } from "./dialects/audio/transcriptions.ts"
export { ChatRequest } from "./dialects/chat/schema.ts"
export { EmbeddingsRequest } from "./dialects/embeddings/index.ts"
export { ImageEditsForm, ImageEditsRequest } from "./dialects/images/edits.ts"
export { ImagesRequest } from "./dialects/images/index.ts"
export { parseJson } from "./dialects/json.ts"
export { CountTokensRequest, MessagesRequest } from "./dialects/messages/schema.ts"
export { ModerationsRequest } from "./dialects/moderations/index.ts"
export { RerankRequest } from "./dialects/rerank/index.ts"
export { ResponsesRequest } from "./dialects/responses/schema.ts"
export { answerV1, CORS, challenge, preflight, v1Error, v1Json } from "./envelope.ts"
export { GATEWAY_LIMITS, type Timeouts } from "./limits.ts"
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
export {
  Amount,
  DeletedResponse,
  FinishedRequest,
  KeptResponse,
  Me,
  Model,
  ModelList,
  ResponseInput,
} from "./reads/schemas.ts"
export { type ListsRead, refreshDueLists, refreshLists } from "./refresh-lists.ts"
export type { AskedGroup, HostedCall, OfferedTool, ToolPort, ToolRun, ToolSaid } from "./rounds/types.ts"
export { Breaker, type Pass } from "./routing/breaker.ts"
export { Watch } from "./run/watch.ts"
export type * from "./types.ts"
export { RemixRequest, VideosForm, VideosRequest } from "./videos/fields.ts"

export function createGateway(deps: GatewayDeps): Gateway {
  const timeouts = { ...TIMEOUTS, ...deps.timeouts }
  const registry = loadRegistry(deps)
  const own = { ring: KeyRing.of({ ...deps, registry, reader: deps.store.read }), lent: lentOf(deps) }
  const shelf = loadShelf(deps)
  keepUploadsIn(deps.uploadDir)
  const resolver = new Resolver({ registry, pricing: deps.pricing, shelf, reader: deps.store.read })
  const watch = new Watch(timeouts.tickMs)
  const inFlight = new Passing<string, Held>()
  const alarms = new Alarms(deps.log)
  const router = createRouter(deps)
  const [figures, works, switches] = [new CallFigures(), new Works(), new Switches(deps.store.read)]
  let isClosing = false
  const calls: CallDeps = {
    ...deps,
    timeouts,
    resolver,
    ...own,
    router,
    watch,
    inFlight,
    alarms,
    figures,
    switches,
    claims: new ClaimMemory(),
    isClosing: () => isClosing,
    hosted: { port: null },
    // Only the total is looked at; who gets which part is the settle's business.
    chargeOf: (quote, usage) =>
      chargeOfUse(deps.pricing, quote, deps.pricing.rawCost(quote.price, asAsked(quote, usage)), usage, null),
  }
  const [recent, videos] = [recentOf(deps), videosOf(deps, { ...calls, ...own, works, registry })]
  const admin = { ...deps, registry, router, timeouts }

  return {
    ...chargingVerbs({ ...calls, works }, videos),
    authenticate: (request) => authenticate(deps, request),
    ...v1Handlers(calls, { ...deps, registry, resolver, shelf, recent }, videos),
    ...choiceVerbs({ ...deps, registry, resolver, shelf }),
    ...personalVerbs({ ...deps, ...own, registry, fetch: fetchOf(deps), testMs: timeouts.testMs }),
    openrouter: own.lent,
    ...upstreamVerbs(admin),
    ...routingVerbs(admin),
    ...cacheVerbs(deps.store, switches),
    ...forgetting(deps, recent),
    isAlive: (callId) => inFlight.has(callId) || works.has(callId),
    alarms: () => alarms.list(),
    get callsInFlight() {
      return inFlight.size + works.size
    },
    figures,
    drain: (ms) => drained(() => inFlight.size + works.size, ms),
    ...cutting(watch, works),
    close() {
      isClosing = true
      watch.close()
      if (deps.itemsFile) saveRecent(recent, deps.itemsFile, deps.log)
    },
  }
}

function lentOf(deps: GatewayDeps): LentAccounts {
  const { openrouterManagementKey: key = null } = deps
  return new LentAccounts({ ...deps, api: key === null ? null : provisioning({ fetch: fetchOf(deps) }, key) })
}

const videosOf = (
  { ids, forward = createSafeForward() }: GatewayDeps,
  calls: CallDeps & { works: Works; registry: Registry; ring: KeyRing },
): Videos => createVideos({ ...calls, ids, forward, bootId: ids.next("job"), submitting: new Set() })

function loadShelf({ store }: GatewayDeps): Shelf {
  const shelf = new Shelf()
  shelf.load(store.read)
  return shelf
}

function recentOf({ clock, itemsFile, log }: GatewayDeps): RecentItems {
  const recent = new RecentItems(clock)
  if (itemsFile) loadRecent(recent, itemsFile, log)
  return recent
}

const fetchOf = (deps: GatewayDeps): UpstreamFetch => deps.fetch ?? (fetch as UpstreamFetch)

function loadRegistry(deps: GatewayDeps): Registry {
  const registry = new Registry({
    keyring: deps.keyring,
    log: deps.log,
    providers: deps.providers ?? PROVIDERS,
    fetch: fetchOf(deps),
    sandboxWordMs: deps.sandboxWordMs ?? 0,
  })
  registry.load(deps.store.read)
  return registry
}

async function drained(running: () => number, ms: number): Promise<number> {
  const endMs = performance.now() + ms
  while (running() > 0 && performance.now() < endMs) await Bun.sleep(20)
  return running()
}

/** Every way to spend credits. */
const chargingVerbs = (
  deps: CallDeps & { works: Works },
  videos: Videos,
): Pick<
  Gateway,
  | "charged"
  | "chargedFixed"
  | "chargedWork"
  | "holdProductIn"
  | "settleProductIn"
  | "releaseProductIn"
  | "noteRefused"
  | "addTools"
  | "videos"
> => ({
  videos,
  charged: (call) => charged(deps, call),
  chargedFixed: (call) => chargedFixed(deps, call, deps.clock.now()),
  chargedWork: (call) => chargedWork(deps, call, deps.clock.now()),
  holdProductIn: (tx, charge) => holdProductIn(deps, tx, charge),
  settleProductIn: (tx, hold, end) => settleProductIn(deps, tx, hold, end),
  releaseProductIn: (tx, hold) => releaseProductIn(deps, tx, hold),
  noteRefused: (call, error) => recordRefused(deps, call, error, deps.clock.now()),
  addTools(port) {
    deps.hosted.port = port
  },
})

/** What is kept for a while only. */
const forgetting = ({ store }: GatewayDeps, recent: RecentItems): Pick<Gateway, "forgetKeys" | "forgetItems"> => ({
  forgetKeys: (rows) => forgetKeys(store, rows),
  forgetItems: () => recent.forget(),
})

const cutting = (watch: Watch, works: Works): Pick<Gateway, "cutUser" | "cutAll"> => ({
  cutUser(userId) {
    cutUser(watch, userId)
    works.cut(userId)
  },
  cutAll() {
    cutAll(watch)
    works.cut()
  },
})

function cutUser(watch: Watch, userId: number): void {
  for (const call of watch.values())
    if ((call instanceof Relay || call instanceof FileCall) && call.userId === userId) call.cut()
}

function cutAll(watch: Watch): void {
  for (const call of watch.values()) {
    if (call instanceof Relay || call instanceof FileCall) call.cut(STOPPING)
    else if (call instanceof Deadlines) call.stop("cut", STOPPING)
  }
}
