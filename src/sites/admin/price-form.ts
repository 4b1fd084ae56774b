// The form of a model's price: dollars per million tokens as decimal texts, and what a price may have beside. Values ↔ the domain's input.
import { DAY_MS, dayOf, type Nano, nano } from "../../app/index.ts"
import { type FieldDef, field, form, type ValuesOf } from "../../http/index.ts"
import type {
  ModelLimits,
  ModelPrice,
  OverrideRates,
  RateKind,
  ServiceTier,
  SetModelPriceInput,
} from "../../pricing/index.ts"
import { microOfEach, microOfNano, microUp, nanoOfMicro } from "./price-amounts.ts"
import { madeField, nanoOfMade } from "./price-made.ts"
import { type TierLine, tiersField, withTiers } from "./price-tiers.ts"

const MTOK = "Dollars per million tokens"
const EACH = "Dollars per thousand"
const SERVICE = "Service tiers"
const rate = (label: string, help?: string): FieldDef<Nano | null> =>
  field.dollars({ label, help, optional: true, group: MTOK })
const each = (label: string, help?: string): FieldDef<Nano | null> =>
  field.dollars({ label, help, optional: true, group: EACH })
const tier = (label: string, help?: string): FieldDef<number | null> =>
  field.percent({ label, help, optional: true, group: SERVICE })

/** Which rate each field is, and so which field an error of the domain belongs to. */
const RATE_FIELDS = [
  "input",
  "output",
  "cacheRead",
  "cacheWrite",
  "cacheWrite1h",
  "reasoning",
  "inputAudio",
  "outputAudio",
  "cacheAudioRead",
  "inputImage",
  "outputImage",
] as const satisfies readonly RateKind[]
const SERVICE_FIELDS = ["flex", "priority", "batch"] as const satisfies readonly ServiceTier[]

export const PRICE_FORM = form(
  {
    list: field.hidden({ label: "Price list" }),
    model: field.hidden({ label: "Model" }),
    input: field.dollars({
      label: "Input",
      help: "0 makes it free.",
      missing: "Give a price per million input tokens; 0 is free.",
      required: true,
      group: MTOK,
    }),
    output: rate("Output", "Empty for models that only embed."),
    cacheRead: rate("Cached input", "Empty: as input."),
    cacheWrite: rate("Cache writes, 5 minutes", "Empty: as input."),
    cacheWrite1h: rate("Cache writes, 1 hour", "Empty: as 5 minutes."),
    reasoning: rate("Reasoning", "Empty: as output."),
    inputAudio: rate("Audio in", "Empty: as input."),
    outputAudio: rate("Audio out", "Empty: as output."),
    cacheAudioRead: rate("Cached audio", "Empty: as audio in."),
    inputImage: rate("Pictures in", "Empty: as input."),
    outputImage: rate("Pictures out", "Empty: as output."),
    tiers: tiersField,
    request: each("Calls", "Added to every call."),
    webSearch: each("Web searches", "Empty: calls with searches are refused."),
    image: each("Pictures in the prompt", "Beside their tokens."),
    made: madeField,
    flex: tier("Flex", "Percent of the rates above. Empty: refused."),
    priority: tier("Priority"),
    batch: tier("Batch"),
    contextWindow: field.count({ label: "Context window", optional: true, suffix: "tokens", min: 1, group: "Limits" }),
    maxOutputTokens: field.count({
      label: "Longest answer",
      optional: true,
      suffix: "tokens",
      min: 1,
      group: "Limits",
    }),
    from: field.date({ label: "Holds from", help: "The beginning of that day, UTC. Empty: now.", optional: true }),
    reason: field.reason(),
  },
  { submit: "Set price" },
)

type Values = ValuesOf<typeof PRICE_FORM.fields>

const SIX_PLACES = "Use at most six decimal places."
const THREE_PLACES = "Use at most three decimal places."

/** What is wrong with the figures, by field. */
export function priceErrors(values: Partial<Values>): Record<string, string> {
  const wrong: Record<string, string> = {}
  for (const kind of RATE_FIELDS) {
    const amount = values[kind]
    if (amount !== null && amount !== undefined && microOfNano(amount) === null) wrong[kind] = SIX_PLACES
  }
  for (const key of ["request", "webSearch", "image"] as const) {
    const amount = values[key]
    if (amount !== null && amount !== undefined && amount % PER_THOUSAND !== 0) wrong[key] = THREE_PLACES
  }
  const rates = values.tiers && values.input !== undefined ? ratesOf(values as Values) : null
  if (rates && "baseless" in rates) wrong.tiers = `Give ${rates.baseless} a price above first.`
  return wrong
}

/** n$ per thousand that are a whole µ$ each. */
const PER_THOUSAND = 1_000_000

function ratesOf(values: Values): OverrideRates | { baseless: string } {
  const bases: Partial<Record<RateKind, number>> = {}
  for (const kind of RATE_FIELDS) {
    const amount = values[kind] ?? null
    if (amount !== null) bases[kind] = microOfNano(amount) ?? 0
  }
  return withTiers({ ...bases, input: bases.input ?? 0 }, values.tiers)
}

/** A day that has begun means now: prices do not reach back. */
const startOf = (from: number | null, nowMs: number): number | undefined =>
  from === null || dayOf(from) * DAY_MS <= nowMs ? undefined : from

/** Checked by `priceErrors` before. */
export function inputOf(values: Values, nowMs: number): SetModelPriceInput {
  const rates = ratesOf(values)
  const units = {
    ...(values.webSearch === null ? {} : { webSearch: values.webSearch / PER_THOUSAND }),
    ...(values.image === null ? {} : { image: values.image / PER_THOUSAND }),
  }
  const services: Partial<Record<ServiceTier, number>> = {}
  for (const name of SERVICE_FIELDS) {
    const bp = values[name]
    if (bp !== null) services[name] = bp
  }
  const effectiveFromMs = startOf(values.from, nowMs)
  return {
    provider: values.list,
    model: values.model,
    rates: "baseless" in rates ? null : rates,
    requestMicro: (values.request ?? 0) / PER_THOUSAND,
    units,
    services,
    ...(Object.keys(values.made).length > 0 ? { made: values.made } : {}),
    limits: { contextWindow: values.contextWindow, maxOutputTokens: values.maxOutputTokens },
    ...(effectiveFromMs === undefined ? {} : { effectiveFromMs }),
  }
}

/** A price as it stands in the form. Rates finer than a µ$ per million tokens are the next µ$. */
export function presentOf(price: ModelPrice | null, limits: ModelLimits): Partial<Values> {
  const { contextWindow, maxOutputTokens } = limits
  const empty: Partial<Values> = { tiers: [], made: {}, from: null, contextWindow, maxOutputTokens }
  for (const key of [...RATE_FIELDS.slice(1), "request", "webSearch", "image", ...SERVICE_FIELDS] as const) {
    Object.assign(empty, { [key]: null })
  }
  if (!price) return empty
  const { scale, units = {}, services = {} } = price
  const perThousand = (each: bigint | undefined) =>
    each === undefined ? null : nano(microOfEach(each, scale) * PER_THOUSAND)
  const rates: Partial<Record<RateKind, Nano>> = {}
  for (const kind of RATE_FIELDS) {
    const found = price.rates[kind]
    if (found) rates[kind] = nanoOfMicro(microUp(found.base, scale))
  }
  return {
    ...empty,
    ...rates,
    tiers: linesOf(price),
    request: price.perRequest === 0n ? null : perThousand(price.perRequest),
    webSearch: perThousand(units.webSearch),
    image: perThousand(units.image),
    made: nanoOfMade(price),
    flex: services.flex ?? null,
    priority: services.priority ?? null,
    batch: services.batch ?? null,
  }
}

function linesOf({ rates, scale }: ModelPrice): TierLine[] {
  const lines = new Map<number, TierLine["rates"]>()
  for (const [kind, found] of Object.entries(rates) as [RateKind, (typeof rates)[RateKind] & {}][]) {
    for (const { above, rate: units } of found.tiers) {
      lines.set(above, { ...lines.get(above), [kind]: microUp(units, scale) })
    }
  }
  return [...lines].map(([above, changed]) => ({ above, rates: changed })).toSorted((a, b) => a.above - b.above)
}
