// /admin/prices/model: one model's price, what it was and will be, what a call costs, and setting it.
import { AdminPriceAskedPage, AdminPriceFormPage } from "../../../views/admin/price-form.tsx"
import { AdminModelPricePage, type ModelPriceProps } from "../../../views/admin/price-model.tsx"
import { modelPath, rateText } from "../../../views/admin/price-text.ts"
import type { FormView } from "../../../views/ui/index.ts"
import { ensure } from "../../app/index.ts"
import { field, form, type ValuesOf } from "../../http/index.ts"
import { draftPrice, type ModelPrice, packPrice, providerName, RATE_KINDS } from "../../pricing/index.ts"
import { type Done, type PageRequest, type Status, undoing, undoTo } from "../base/index.ts"
import { actorName } from "./people.ts"
import { costOf, costQuestion } from "./price-cost.ts"
import { inputOf, PRICE_FORM, presentOf, priceErrors } from "./price-form.ts"
import { perMillion } from "./price-list.ts"
import { madeLines } from "./price-made.ts"
import { previewOf } from "./price-preview.ts"
import { required, type Subject, subjectOf, unnamed } from "./price-subject.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const PATH = "/admin/prices/model"

const NAMED = { list: field.hidden({ label: "Price list" }), model: field.hidden({ label: "Model" }) }
const EARLIER_FORM = form(
  { ...NAMED, id: field.hidden({ label: "Which price" }), reason: field.reason() },
  { submit: "Set this price again" },
)
const BACK_FORM = form({ ...NAMED, reason: field.reason() }, { submit: "Back to the list’s price" })
const BELIEVE_FORM = form({ ...NAMED, reason: field.reason() }, { submit: "Take it over" })

export function priceModelRoutes(site: AdminSite, deps: AdminDeps): void {
  const { clock } = deps
  const load = subjectOf(deps)
  site.get(PATH, (page) => {
    const params = new URL(page.request.url).searchParams
    const subject = load(page, {}, (name) => params.get(name) ?? "")
    return modelPage(deps, page, required(subject), params)
  })

  site.form(`${PATH}/price`, {
    summary: "Set the price of a model",
    load,
    form: PRICE_FORM,
    present: (subject) => (subject ? presentFor(deps, subject) : {}),
    kept: ["input"],
    check: ({ readable }, subject) => ({ ...unnamed(subject), ...priceErrors(readable) }),
    async question(values, subject) {
      const { list, model } = required(subject)
      const packed = packPrice(draftPrice(inputOf(values, clock.now())))
      const words = await previewOf(deps, { price: { list, model: model.toLowerCase(), packed } })
      return { words, label: "Set price", danger: false }
    },
    act: (page, values, subject) => setPrice(deps, page, values, required(subject)),
    show: (page, form, subject, status) => formPage(deps, page, form, required(subject), status),
    ask: (page, asked, subject) =>
      page.render((frame) => AdminPriceAskedPage({ frame, ...asked, ...namesOf(required(subject)) })),
  })
  historyRoutes(site, deps)
}

const presentFor = ({ pricing, clock }: AdminDeps, { list, model, price }: Subject) => ({
  ...presentOf(price, pricing.limits(list, model, clock.now())),
  list,
  model,
})

async function setPrice(
  { pricing, clock }: AdminDeps,
  page: PageRequest,
  values: ValuesOf<typeof PRICE_FORM.fields>,
  { list, model, history }: Subject,
): Promise<Done> {
  const nowMs = clock.now()
  const { reason } = values
  const decided = inputOf({ ...values, list, model }, nowMs)
  const saved = await pricing.setModelPrice(page.ctx(reason), decided)
  const input = saved.price && perMillion(saved.price, "input")
  const isLater = decided.effectiveFromMs !== undefined
  const when = isLater ? ` from ${new Date(saved.effectiveFromMs).toISOString().slice(0, 10)} on` : " now"
  const say = `A million input tokens of ${model} cost ${input === null ? "nothing" : rateText(input)}${when}.`
  const done = { to: modelPath(list, model), say, result: { id: saved.id } }
  // What is planned has changed nothing yet.
  if (isLater) return done
  const before = history.find((row) => row.effectiveFromMs <= nowMs)
  const id = String(before?.id ?? 0)
  const undo = before?.price
    ? undoTo(`${PATH}/earlier`, EARLIER_FORM, { list, model, id }, { reason: undoing(reason) })
    : undoTo(`${PATH}/list-price`, BACK_FORM, { list, model }, { reason: undoing(reason) })
  return { ...done, undo }
}

function formPage(deps: AdminDeps, page: PageRequest, form: FormView, subject: Subject, status: Status): Response {
  const props = { form, ...namesOf(subject), isNew: subject.price === null, suggestion: suggestionOf(deps, subject) }
  return page.render((frame) => AdminPriceFormPage({ frame, ...props }), status)
}

function historyRoutes(site: AdminSite, deps: AdminDeps): void {
  const { pricing } = deps
  const load = subjectOf(deps)
  const back = (subject: Subject | null) => (subject ? modelPath(subject.list, subject.model) : "/admin/prices")
  const check = (_: unknown, subject: Subject | null) => unnamed(subject)
  site.post(`${PATH}/earlier`, {
    summary: "Set an earlier price of a model again",
    load,
    form: EARLIER_FORM,
    check,
    async act(page, { id, reason }, named) {
      const subject = required(named)
      const earlier = subject.history.find((row) => String(row.id) === id)
      ensure(earlier, "not_found", "There is no such price of this model.")
      await pricing.repeatModelPrice(page.ctx(reason), earlier.id)
      return { to: back(subject), say: `${subject.model} costs again what it did then.` }
    },
    back,
  })
  site.post(`${PATH}/list-price`, {
    summary: "Return a model to the price of its list",
    load,
    form: BACK_FORM,
    check,
    async act(page, { reason }, named) {
      const subject = required(named)
      const { list, model } = subject
      await pricing.setModelPrice(page.ctx(reason), { provider: list, model, rates: null })
      return { to: back(subject), say: `${model} costs what its list says.` }
    },
    back,
  })
  site.post(`${PATH}/held`, {
    summary: "Take over a published price that was held back",
    load,
    form: BELIEVE_FORM,
    check,
    async act(page, { reason }, named) {
      const subject = required(named)
      await pricing.catalogue.believe(page.ctx(reason), subject.list, subject.model.toLowerCase())
      return { to: back(subject), say: `${subject.model} costs what was published.` }
    },
    back,
  })
}

const namesOf = ({ list, model }: Subject) => ({ list, listName: providerName(list), model })

/** What OpenRouter asks for the same model, where its own list does not know it. */
function suggestionOf({ pricing, clock }: AdminDeps, { list, model, price }: Subject): ModelPriceProps["suggestion"] {
  if (price || list === "openrouter") return null
  const found = [`${list}/${model}`, `${list === "mistral" ? "mistralai" : list}/${model}`].flatMap(
    (name) => pricing.modelPrice("openrouter", name, clock.now()) ?? [],
  )[0]
  if (!found) return null
  return { input: perMillion(found, "input"), output: perMillion(found, "output") }
}

function modelPage(deps: AdminDeps, page: PageRequest, subject: Subject, params: URLSearchParams): Response {
  const { pricing, clock, plans, gateway } = deps
  const { list, model, price, entry } = subject
  const nowMs = clock.now()
  const question = costQuestion(params)
  const props: Omit<ModelPriceProps, "frame"> = {
    ...namesOf(subject),
    now: nowMs,
    source: price?.source ?? null,
    version: price?.version ?? pricing.priceTableVersion,
    rates: price ? ratesOf(price) : [],
    each: price ? eachOf(price) : [],
    made: price ? madeLines(price) : [],
    services: Object.entries(price?.services ?? {}).map(([tier, bp]) => ({ tier, percent: bp / 100 })),
    limits: pricing.limits(list, model, nowMs),
    upstreams: gateway
      .upstreams()
      .filter((one) => one.priceProvider === list && one.models.includes(model))
      .map((one) => ({ name: one.name, id: one.publicId, enabled: one.enabled })),
    history: historyOf(deps, subject, nowMs),
    held: entry?.held
      ? {
          why: entry.held.why,
          input: perMillion(entry.held.price, "input"),
          output: perMillion(entry.held.price, "output"),
        }
      : null,
    suggestion: suggestionOf(deps, subject),
    cost: price ? { question, ...costOf({ pricing, plans }, price, model, question) } : null,
    payers: [
      { value: "app", label: "Through an app" },
      ...plans.list().map((plan) => ({ value: plan.code, label: `Own key, plan ${plan.name}` })),
    ],
    forms: {
      earlier: EARLIER_FORM.show({ action: `${PATH}/earlier`, present: { list, model } }),
      back:
        price?.source === "override"
          ? BACK_FORM.show({ action: `${PATH}/list-price`, present: { list, model } })
          : null,
      believe: entry?.held
        ? BELIEVE_FORM.show({ action: `${PATH}/held`, present: { list, model }, ids: "held" })
        : null,
    },
  }
  return page.render((frame) => AdminModelPricePage({ frame, ...props }))
}

const RATE_LABELS: Readonly<Record<(typeof RATE_KINDS)[number], string>> = {
  input: "Input",
  output: "Output",
  cacheRead: "Cached input",
  cacheWrite: "Cache writes, 5 minutes",
  cacheWrite1h: "Cache writes, 1 hour",
  inputAudio: "Audio in",
  outputAudio: "Audio out",
  cacheAudioRead: "Cached audio",
  reasoning: "Reasoning",
  inputImage: "Pictures in",
  outputImage: "Pictures out",
}

const ratesOf = (price: ModelPrice): ModelPriceProps["rates"] =>
  RATE_KINDS.flatMap((kind) => {
    const rate = price.rates[kind]
    const shown = perMillion(price, kind)
    if (!rate || shown === null) return []
    const tiers = rate.tiers.map((tier) => ({
      above: tier.above,
      amount: perMillion({ ...price, rates: { ...price.rates, [kind]: { base: tier.rate, tiers: [] } } }, kind)!,
    }))
    return [{ label: RATE_LABELS[kind], amount: shown, tiers }]
  })

function eachOf(price: ModelPrice): ModelPriceProps["each"] {
  const { request, webSearch, image } = presentOf(price, { contextWindow: null, maxOutputTokens: null })
  const lines = [
    { label: "Calls", amount: request },
    { label: "Web searches", amount: webSearch },
    { label: "Pictures in the prompt", amount: image },
  ]
  return lines.flatMap(({ label, amount }) => (amount === null || amount === undefined ? [] : [{ label, amount }]))
}

const historyOf = (deps: AdminDeps, { history }: Subject, nowMs: number): ModelPriceProps["history"] => {
  const inForce = history.find((row) => row.effectiveFromMs <= nowMs)
  return history.map((row) => ({
    id: row.id,
    fromMs: row.effectiveFromMs,
    state: row.effectiveFromMs > nowMs ? "planned" : row === inForce ? "in-force" : "past",
    input: row.price && perMillion(row.price, "input"),
    output: row.price && perMillion(row.price, "output"),
    isRetired: row.price === null,
    by: actorName(deps, row.actor),
    reason: row.reason,
  }))
}
