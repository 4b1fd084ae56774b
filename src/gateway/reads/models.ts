// Models as /v1 lists them, with what the caller pays. Never charged.
import type { MadeUnit } from "../../pricing/index.ts"
import { authenticate } from "../admit.ts"
import { allowedIn, notFound } from "../charge/quote.ts"
import { ruleOf } from "../charge/traffic.ts"
import { ableOf, CAPABILITIES, capabilityIn, type Option, PREFIX, seesPictures, useOf } from "../choice/capabilities.ts"
import type { Shelf } from "../choice/house.ts"
import type { Resolver } from "../choice/resolver.ts"
import type { Caller, Candidate, GatewayDeps, ModelPriceLine } from "../types.ts"
import type { Registry } from "../upstreams/registry.ts"
import { isAnthropic, modelInfo, modelPage } from "./models-anthropic.ts"
import { eachNano, pricesTold, requestNano, side, tokensNano } from "./prices.ts"
import type { ModelJson, ModelListJson } from "./schemas.ts"

export type ReadDeps = GatewayDeps & { registry: Registry; resolver: Resolver; shelf: Shelf }

/**
 * GET /v1/models: OpenAI's list (Anthropic's for its SDKs), with the names of the house and the capabilities; what has no price, or is beyond the plan of a key,
 * cannot be called and is not listed.
 */
export async function models(deps: ReadDeps, request: Request): Promise<ModelListJson | ReturnType<typeof modelPage>> {
  const caller = await authenticate(deps, request)
  const data = modelsFor(deps, caller)
  return isAnthropic(request) ? modelPage(data, new URL(request.url)) : { object: "list", data }
}

/** GET /v1/models/:id */
export async function model(
  deps: ReadDeps,
  request: Request,
  id: string,
): Promise<ModelJson | ReturnType<typeof modelInfo>> {
  const caller = await authenticate(deps, request)
  const entry = entryOf(deps, caller, id)
  if (!entry) throw notFound(id, caller)
  return isAnthropic(request) ? modelInfo(entry) : entry
}

/** What somebody may call, as the list has it. */
export const modelsFor = (deps: ReadDeps, caller: Caller): ModelJson[] =>
  namesOf(deps)
    .map((id) => entryOf(deps, caller, id))
    .filter((entry) => entry !== null)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))

function namesOf({ registry, shelf }: ReadDeps): string[] {
  const sold = [...shelf.all()].filter(({ active }) => active).map(({ name }) => name)
  return [...[...registry.entries()].map(([id]) => id), ...sold, ...CAPABILITIES.map((one) => `${PREFIX}${one}`)]
}

/**
 * What anybody may know of prices: each model by its shortest name, cheapest answers first, and what the house sells. Models that never
 * leave this machine only where there are no others.
 */
export function priceList(deps: Pick<ReadDeps, "pricing" | "registry" | "shelf" | "clock">): ModelPriceLine[] {
  const lines = [...deps.registry.entries()].map(([id, [first]]) =>
    first && id === first.model ? lineOf(deps, id, first) : null,
  )
  const sold = [...deps.shelf.all()].map((one) => {
    const [first] = deps.registry.candidates(one.model)
    return one.active && first ? lineOf(deps, one.name, { ...first, sale: one }) : null
  })
  const known = [...lines, ...sold].filter((line) => line !== null)
  const served = known.some(({ isLocal }) => !isLocal) ? known.filter(({ isLocal }) => !isLocal) : known
  // What is paid by the piece cannot be compared with tokens: it comes behind them.
  const isByPiece = ({ inputNano, outputNano, each }: ModelPriceLine) =>
    Number(each.length > 0 && inputNano + outputNano === 0)
  return served.sort((a, b) => isByPiece(a) - isByPiece(b) || a.outputNano - b.outputNano || (a.id < b.id ? -1 : 1))
}

function lineOf(
  { pricing, clock }: Pick<ReadDeps, "pricing" | "clock">,
  id: string,
  { upstream, model, sale }: Candidate,
): (ModelPriceLine & { isLocal: boolean }) | null {
  const atMs = clock.now()
  const found = pricing.anyPrice(upstream.priceProvider, model, atMs)
  const price = sale?.price ?? found?.price
  if (!price) return null
  const rule = sale?.rule ?? pricing.ruleFor(model, "app")
  const { contextWindow } = pricing.limits(upstream.priceProvider, model, atMs)
  return {
    id,
    provider: sale ? HOUSE : upstream.name,
    contextWindow,
    capabilities: capabilitiesOf(model, contextWindow, found?.use ?? "chat"),
    inputNano: side(pricing, price, rule, "input"),
    outputNano: side(pricing, price, rule, "output"),
    each: Object.entries(eachNano(pricing, price, rule)).map(([unit, figures]) => {
      const nanos = Object.values(figures).sort((a, b) => a - b)
      return { unit: unit as MadeUnit, leastNano: nanos[0]!, mostNano: nanos.at(-1)! }
    }),
    tokens: tokensNano(pricing, price, rule).map(([name, eachNano]) => ({ name, eachNano })),
    requestNano: requestNano(pricing, price, rule),
    isLocal: upstream.isLocal,
  }
}

/** The first candidate that this caller may call. A capability is what it comes to for this person now. */
function entryOf(deps: ReadDeps, caller: Caller, id: string): ModelJson | null {
  const { pricing, resolver } = deps
  const atMs = deps.clock.now()
  const byCaller = ruleOf(deps, caller)
  for (const candidate of resolver.candidates(id, caller, atMs)) {
    if (!allowedIn(caller, candidate)) continue
    const { upstream, model, sale } = candidate
    const found = pricing.anyPrice(upstream.priceProvider, model, atMs)
    const price = sale?.price ?? found?.price
    const use = sale ? "chat" : (found?.use ?? "chat")
    const reached = price && byCaller(model, price, sale)
    const rule = reached && (sale?.rule ?? reached)
    if (!price || !rule) continue
    const limits = pricing.limits(upstream.priceProvider, model, atMs)
    const capability = capabilityIn(id)
    const uses = upstream.isLocal ? (capability ? [useOf(capability)] : EVERYTHING) : [use]
    return {
      id,
      object: "model",
      created: 0,
      owned_by: sale ? HOUSE : upstream.name,
      context_window: limits.contextWindow,
      max_output_tokens: limits.maxOutputTokens,
      resolves_to: capability ? `${upstream.name}/${model}` : null,
      input_modalities: unique(uses.flatMap((one) => (one === "transcription" ? ["audio"] : takenBy(model)))),
      output_modalities: unique(uses.flatMap((one) => MODALITIES[one])),
      capabilities: capabilitiesOf(model, limits.contextWindow, use),
      pricing: pricesTold(pricing, price, rule),
    }
  }
  return null
}

const MODALITIES: Readonly<Record<Option["use"], string[]>> = {
  chat: ["text"],
  embedding: ["embedding"],
  image: ["image"],
  rerank: ["score"],
  speech: ["audio"],
  transcription: ["text"],
  video: ["video"],
  moderation: ["score"],
}

/** What the sandbox does: whatever it is asked for. */
const EVERYTHING = Object.keys(MODALITIES) as Option["use"][]
const takenBy = (model: string): string[] => (seesPictures(model) ? ["text", "image"] : ["text"])
const unique = (words: string[]): string[] => [...new Set(words)]

/** Whose a house model is, as callers see it. */
const HOUSE = "house"

/** What its name says that it can do, apart from how it compares with others. */
function capabilitiesOf(model: string, contextWindow: number | null, use: Option["use"]): string[] {
  const option = { id: model, model, provider: "", costPico: 0n, isFree: true, contextWindow, use, isLocal: false }
  const own = ["thinking", "vision", "code", "long-context", "embedding", "image", "video", "speech"] as const
  return own.filter((capability) => ableOf(capability, [option]).length > 0)
}
