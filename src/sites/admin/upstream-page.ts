// What the pages of upstreams show: state, the health of the last day, and each model with its price.
import { AdminUpstreamPage, type ModelRow } from "../../../views/admin/upstream.tsx"
import type { AttemptRow } from "../../../views/admin/upstream-attempts.tsx"
import type { UpstreamLivePart } from "../../../views/admin/upstream-live.tsx"
import type { UpstreamState } from "../../../views/admin/upstream-words.ts"
import type { LiveRow, UpstreamRow } from "../../../views/admin/upstreams.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { DAY_MS, dayOf, ensure, nano } from "../../app/index.ts"
import type { CallAttempt, ModelLive, Upstream, UpstreamLive } from "../../gateway/index.ts"
import { type ModelPrice, PRICE_PROVIDERS, providerName, type TokenUsage } from "../../pricing/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import { unpricedOf } from "./queues.ts"
import type { AdminDeps } from "./site.ts"
import type { UpstreamHealth, UpstreamSpend } from "./store.ts"

const PAGE_MODELS = 50

/** What the read worker knows of upstreams, by id. */
export interface Told {
  health: Map<number, UpstreamHealth>
  spend: Map<number, UpstreamSpend>
}

export async function toldOf({ reads, clock }: AdminDeps): Promise<Told> {
  const now = clock.now()
  const today = dayOf(now)
  const firstDay = dayOf(Date.UTC(new Date(now).getUTCFullYear(), new Date(now).getUTCMonth(), 1))
  const [health, spend] = await Promise.all([
    reads.ask<UpstreamHealth[]>("admin.upstream-health", { sinceMs: now - DAY_MS }),
    reads.ask<UpstreamSpend[]>("admin.upstream-spend", { firstDay, today }),
  ])
  const byId = <Row extends { upstream_id: number }>(rows: Row[]) => new Map(rows.map((row) => [row.upstream_id, row]))
  return { health: byId(health), spend: byId(spend) }
}

export function rowOf({ gateway }: Pick<AdminDeps, "gateway">, upstream: Upstream, told: Told): UpstreamRow {
  const health = told.health.get(upstream.id)
  const spend = told.spend.get(upstream.id)
  const live = gateway.health(upstream.publicId)!
  return {
    id: upstream.publicId,
    name: upstream.name,
    isLocal: upstream.isLocal,
    baseUrl: upstream.isLocal ? null : upstream.baseUrl,
    state: stateOf(upstream, live),
    models: upstream.models.length,
    lastTest: upstream.test && { atMs: upstream.test.atMs, ok: upstream.test.ok, message: upstream.test.message },
    health: health ? { calls: health.calls, errors: health.errors, answerMs: health.answer_ms } : null,
    live: { ...liveOf(live), running: live.running },
    spend: { today: nano(spend?.today_nano ?? 0), month: nano(spend?.month_nano ?? 0) },
    weight: upstream.routing.weight,
    priority: upstream.routing.priority,
  }
}

/** What the calls say comes before what the last test said. */
function stateOf(upstream: Upstream, live: UpstreamLive): UpstreamState {
  if (!upstream.enabled) return "disabled"
  if (live.state === "out") return live.out ?? "open"
  if (live.state !== "closed") return live.state
  if (!upstream.test) return "untested"
  return upstream.test.ok ? "healthy" : "failing"
}

const liveOf = ({ calls, failures, firstTokenMs, last, untilMs }: UpstreamLive | ModelLive): LiveRow => ({
  calls,
  failures,
  firstToken: firstTokenMs,
  lastError: last && { atMs: last.atMs, kind: last.kind, status: last.status },
  untilMs,
  running: 0,
})

/** Models shown of those in memory: an operator looks for the ones that fail, which come first. */
const LIVE_MODELS = 20

export async function livePart(deps: AdminDeps, upstream: Upstream): Promise<Omit<UpstreamLivePart, "frame">> {
  const { gateway, clock } = deps
  // Asked first: what moves while the rest is read makes the page ask again, never miss it.
  const stamp = gateway.healthStamp()
  const live = gateway.health(upstream.publicId)!
  const { requestsPerMinute, tokensPerMinute } = upstream.routing
  return {
    now: clock.now(),
    stamp,
    upstream: rowOf(deps, upstream, await toldOf(deps)),
    errors: live.errors,
    health: live.models.slice(0, LIVE_MODELS).map((one) => ({ model: one.model, state: one.state, live: liveOf(one) })),
    grants: {
      requests: requestsPerMinute,
      tokens: tokensPerMinute,
      usedRequests: live.used.requests,
      usedTokens: live.used.tokens,
    },
    failed: gateway.failedAttempts(upstream.publicId).map(attemptRow),
  }
}

export const attemptRow = ({ callId, atMs, upstream, model, ms, outcome, status }: CallAttempt): AttemptRow => ({
  callId,
  atMs,
  upstream: upstream?.name ?? null,
  upstreamId: upstream?.publicId ?? null,
  model,
  ms,
  outcome,
  status,
})

export const priceLists = () =>
  PRICE_PROVIDERS.filter((id) => id !== "sandbox")
    .map((id) => ({ value: id, label: providerName(id) }))
    .toSorted((a, b) => a.label.localeCompare(b.label, "en"))

/** A list that was named by hand stays a choice, so that saving does not change it unseen. */
export function listsFor({ priceProvider }: Pick<Upstream, "priceProvider">) {
  const lists = priceLists()
  const isListed = lists.some(({ value }) => value === priceProvider)
  return isListed ? lists : [{ value: priceProvider, label: providerName(priceProvider) }, ...lists]
}

export async function upstreamPage(
  deps: AdminDeps,
  request: PageRequest,
  upstream: Upstream,
  form: FormView,
  status: Status,
): Promise<Response> {
  const search = new URL(request.request.url).searchParams
  const query = (search.get("q") ?? "").trim().slice(0, 200)
  const show = search.get("show") === "unpriced" ? "unpriced" : "all"
  const unpriced = unpricedOf(deps, upstream)
  const asked = (show === "unpriced" ? unpriced : upstream.models).filter((model) =>
    model.toLowerCase().includes(query.toLowerCase()),
  )
  const pages = Math.max(1, Math.ceil(asked.length / PAGE_MODELS))
  const page = Math.min(pages, Math.max(1, Math.trunc(Number(search.get("page"))) || 1))
  const props = {
    ...(await livePart(deps, upstream)),
    unpriced: unpriced.length,
    models: asked.slice((page - 1) * PAGE_MODELS, page * PAGE_MODELS).map((model) => modelRow(deps, upstream, model)),
    query,
    show: show as "all" | "unpriced",
    page,
    pages,
    form,
  }
  return request.render((frame) => AdminUpstreamPage({ frame, ...props }), status)
}

function modelRow({ pricing, clock }: AdminDeps, upstream: Upstream, model: string): ModelRow {
  const price = pricing.anyPrice(upstream.priceProvider, model, clock.now())?.price
  if (!price) return { name: model, price: null }
  const perMillion = (usage: Partial<TokenUsage>) =>
    millionOf(pricing.rawCost(price, { ...NO_TOKENS, ...usage }), price)
  return {
    name: model,
    price: {
      input: perMillion({ inputTokens: SAMPLE }),
      output: price.rates.output ? perMillion({ outputTokens: SAMPLE }) : null,
    },
  }
}

/** Small enough for the first tier of every list: prices that rise with the length of a call are shown as they begin. */
const SAMPLE = 1_000
const NO_TOKENS: TokenUsage = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  inputAudioTokens: 0,
  outputAudioTokens: 0,
}

/** p$ of a thousand tokens are n$ of a million; a flat price of each request is no part of it. */
const millionOf = (pico: bigint, price: ModelPrice) => nano(Number(pico - price.perRequest / price.scale))

export const pathOf = (upstream: Pick<Upstream, "publicId">): string => `/admin/upstreams/${upstream.publicId}`

export const loader =
  ({ gateway }: AdminDeps) =>
  (_: unknown, params: { upstream: string }): Upstream => {
    const upstream = gateway.upstream(params.upstream)
    ensure(upstream, "not_found", "There is no such upstream. They are listed under Upstreams.")
    return upstream
  }
