// What the pages of upstreams show: state, the health of the last day, and each model with its price.
import { AdminUpstreamPage, type AdminUpstreamProps, type ModelRow } from "../../../views/admin/upstream.tsx"
import type { UpstreamRow } from "../../../views/admin/upstreams.tsx"
import { DAY_MS, nano } from "../../app/index.ts"
import type { Upstream } from "../../gateway/index.ts"
import { type ModelPrice, PRICE_PROVIDERS, providerName, type TokenUsage } from "../../pricing/index.ts"
import type { Visit } from "../console/index.ts"
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

export async function upstreamPage(
  deps: AdminDeps,
  visit: Visit,
  upstream: Upstream,
  failed?: Pick<AdminUpstreamProps, "values"> & { errors: Record<string, string> },
): Promise<Response> {
  const search = new URL(visit.request.url).searchParams
  const query = (search.get("q") ?? "").trim().slice(0, 200)
  const show: AdminUpstreamProps["show"] = search.get("show") === "unpriced" ? "unpriced" : "all"
  const unpriced = unpricedOf(deps, upstream)
  const asked = (show === "unpriced" ? unpriced : upstream.models).filter((model) =>
    model.toLowerCase().includes(query.toLowerCase()),
  )
  const pages = Math.max(1, Math.ceil(asked.length / PAGE_MODELS))
  const page = Math.min(pages, Math.max(1, Math.trunc(Number(search.get("page"))) || 1))
  const lists = priceLists()
  const present = upstream.priceProvider
  const props = {
    now: deps.clock.now(),
    upstream: rowOf(upstream, await healthOf(deps)),
    hasKey: upstream.hasKey,
    baseUrlHelp: deps.gateway.upstreamKinds().find(({ kind }) => kind === upstream.kind)?.baseUrlHelp ?? "",
    // A list that was named by hand stays a choice, so that saving does not change it unseen.
    providers: lists.some(({ value }) => value === present)
      ? lists
      : [{ value: present, label: providerName(present) }, ...lists],
    unpriced: unpriced.length,
    models: asked.slice((page - 1) * PAGE_MODELS, page * PAGE_MODELS).map((model) => modelRow(deps, upstream, model)),
    query,
    show,
    page,
    pages,
    values: failed?.values ?? {
      base_url: upstream.baseUrl,
      provider: present,
      max_tokens_field: upstream.maxTokensField ?? "",
      extra_fields: upstream.extraFields.join(" "),
    },
    errors: failed?.errors,
  }
  return visit.page((frame) => AdminUpstreamPage({ frame, ...props }), { status: failed ? 422 : 200 })
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
