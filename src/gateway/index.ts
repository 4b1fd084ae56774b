// The door of `gateway`: the one way to spend credits, and the /v1 handlers built on it. Routes stand in sites/api.
import { Passing } from "../app/index.ts"
import type { WriteContext } from "../store/index.ts"
import { authenticate } from "./admit.ts"
import { Alarms } from "./charge/alarms.ts"
import { ClaimMemory, charged } from "./charge/charged.ts"
import type { Held } from "./charge/held.ts"
import { shareOut } from "./charge/held.ts"
import { chat } from "./dialects/chat/index.ts"
import { embeddings } from "./dialects/embeddings/index.ts"
import { createResponses } from "./dialects/responses/index.ts"
import { answerV1, v1Json } from "./envelope.ts"
import { TIMEOUTS } from "./limits.ts"
import { PROVIDERS, type UpstreamFetch } from "./providers/index.ts"
import * as reads from "./reads/index.ts"
import { answerCall, type CallDeps } from "./run/call.ts"
import { Relay } from "./run/relay.ts"
import { Watch } from "./run/watch.ts"
import type { AddUpstream, Gateway, GatewayDeps } from "./types.ts"
import { addUpstreamIn, enableUpstreamIn, listKinds, listUpstreams, oneUpstream } from "./upstreams/accounts.ts"
import { editUpstreamIn } from "./upstreams/edit.ts"
import { testUpstream } from "./upstreams/probe.ts"
import { Registry } from "./upstreams/registry.ts"

export { ChatRequest } from "./dialects/chat/schema.ts"
export { EmbeddingsRequest } from "./dialects/embeddings/index.ts"
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
export type * from "./types.ts"

export function createGateway(deps: GatewayDeps): Gateway {
  const timeouts = { ...TIMEOUTS, ...deps.timeouts }
  const registry = loadRegistry(deps)
  const watch = new Watch(timeouts.tickMs)
  const inFlight = new Passing<string, Held>()
  const alarms = new Alarms(deps.log)
  let isClosing = false
  const calls: CallDeps = {
    ...deps,
    timeouts,
    registry,
    watch,
    inFlight,
    alarms,
    claims: new ClaimMemory(),
    isClosing: () => isClosing,
    // Only the total is looked at; who gets which part is the settle's business.
    chargeOf: (quote, usage) =>
      shareOut(deps.pricing.chargeForApp(deps.pricing.rawCost(quote.price, usage), quote.rule), null),
  }
  const readDeps = { ...deps, registry }
  const admin = { store: deps.store, ids: deps.ids, keyring: deps.keyring, registry, timeouts }
  const read: ReadRoute = (request, run) =>
    answerV1(deps.log, request, async (_, { requestId }) => v1Json(await run(requestId), requestId))

  return {
    charged: (call) => charged(calls, call),
    authenticate: (request) => authenticate(deps, request),
    ...answersOf(calls, createResponses(deps)),
    models: (request) => read(request, () => reads.models(readDeps, request)),
    model: (request, id) => read(request, () => reads.model(readDeps, request, id)),
    priceList: () => reads.priceList(readDeps),
    me: (request) => read(request, () => reads.me(readDeps, request)),
    ...keptOf(deps, read),
    requestById: (request, id) => read(request, () => reads.requestById(readDeps, request, id)),

    addUpstreamIn: (tx, input) => addUpstreamIn(admin, tx, input),
    addUpstream: (ctx: WriteContext, input: AddUpstream) =>
      deps.store.write(ctx, (tx) => addUpstreamIn(admin, tx, input)),
    editUpstream: (ctx, publicId, input) => deps.store.write(ctx, (tx) => editUpstreamIn(admin, tx, publicId, input)),
    enableUpstream: (ctx, publicId, enabled) =>
      deps.store.write(ctx, (tx) => enableUpstreamIn(admin, tx, publicId, enabled)),
    testUpstream: (ctx, publicId) => testUpstream(admin, ctx, publicId),
    upstreams: () => listUpstreams(admin),
    upstreamKinds: () => listKinds(admin),
    upstream: (publicId) => oneUpstream(admin, publicId),

    isAlive: (callId) => inFlight.has(callId),
    alarms: () => alarms.list(),
    get callsInFlight() {
      return inFlight.size
    },
    drain: (ms) => drained(inFlight, ms),
    cutUser: (userId) => cutUser(watch, userId),
    close() {
      isClosing = true
      watch.close()
    },
  }
}

type ReadRoute = (request: Request, run: (requestId: string) => Promise<unknown>) => Promise<Response>

function keptOf(deps: GatewayDeps, read: ReadRoute): Pick<Gateway, "response" | "responseInput" | "deleteResponse"> {
  return {
    response: (request, id) => read(request, () => reads.response(deps, request, id)),
    responseInput: (request, id) => read(request, () => reads.responseInput(deps, request, id)),
    deleteResponse: (request, id) => read(request, (requestId) => reads.deleteResponse(deps, request, id, requestId)),
  }
}

/** The routes that models answer, each by its dialect. */
function answersOf(
  calls: CallDeps,
  responses: ReturnType<typeof createResponses>,
): Pick<Gateway, "chatCompletions" | "responses" | "embeddings"> {
  return {
    chatCompletions: (request) => answerCall(calls, chat, request),
    responses: (request) => answerCall(calls, responses, request),
    embeddings: (request) => answerCall(calls, embeddings, request),
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
