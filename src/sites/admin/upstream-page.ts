// What the pages of upstreams show: state, the health of the last day, and each model with its price.
import { AdminUpstreamPage, type ModelRow } from "../../../views/admin/upstream.tsx"
import type { UpstreamRow } from "../../../views/admin/upstreams.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { DAY_MS, nano } from "../../app/index.ts"
import type { Upstream } from "../../gateway/index.ts"
import { type ModelPrice, PRICE_PROVIDERS, providerName, type TokenUsage } from "../../pricing/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import { unpricedOf } from "./queues.ts"
import type { AdminDeps } from "./site.ts"
import type { UpstreamHealth } from "./store.ts"

const PAGE_MODELS = 50

type Health = Map<number, UpstreamHealth>

/** By upstream id, from the read worker. */
export async function healthOf({ reads, clock }: AdminDeps): Promise<Health> {
  const rows = await reads.ask<UpstreamHealth[]>("admin.upstream-health", { sinceMs: clock.now() - DAY_MS })
  return new Map(rows.map((row) => [row.upstream_id, row]))
}

export function rowOf(upstream: Upstream, health: Health): UpstreamRow {
  const row = health.get(upstream.id)
  return {
    id: upstream.publicId,
    name: upstream.name,
    isLocal: upstream.isLocal,
    baseUrl: upstream.isLocal ? null : upstream.baseUrl,
    state: !upstream.enabled ? "disabled" : !upstream.test ? "untested" : upstream.test.ok ? "healthy" : "failing",
    models: upstream.models.length,
    lastTest: upstream.test && { atMs: upstream.test.atMs, ok: upstream.test.ok, message: upstream.test.message },
    health: row ? { calls: row.calls, errors: row.errors, answerMs: row.answer_ms } : null,
  }
}

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
    now: deps.clock.now(),
    upstream: rowOf(upstream, await healthOf(deps)),
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
  const priceFor = (use: "chat" | "embedding") => pricing.modelPrice(upstream.priceProvider, model, clock.now(), use)
  const price = priceFor("chat") ?? priceFor("embedding")
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
