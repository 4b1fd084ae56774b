// Which model a page or a form of prices is about: a name of a price list, in the query or among the form's fields.
import { ensure } from "../../app/index.ts"
import type { CatalogueEntry, ModelPrice, ModelPriceOverride } from "../../pricing/index.ts"
import type { AdminDeps } from "./site.ts"

/** A model of a price list, whether it has a price or not. */
export interface Subject {
  list: string
  model: string
  price: ModelPrice | null
  history: ModelPriceOverride[]
  entry: CatalogueEntry | null
}

const NAME = { list: /^[\w.-]{1,64}$/, model: /^[\w.:/@~+-]{1,200}$/ }

type Deps = Pick<AdminDeps, "pricing" | "gateway" | "clock">

/** Null where no model was named at all. @throws AppError not_found for one that nobody knows */
export const subjectOf =
  (deps: Deps) =>
  (_: unknown, __: unknown, sent: (name: string) => string): Subject | null => {
    const [list, model] = [sent("list").trim().toLowerCase(), sent("model").trim()]
    if (list === "" && model === "") return null
    const found = NAME.list.test(list) && NAME.model.test(model) ? lookUp(deps, list, model) : null
    return required(found)
  }

function lookUp(deps: Deps, list: string, model: string): Subject | null {
  const { pricing, gateway, clock } = deps
  const nowMs = clock.now()
  const price = pricing.anyPrice(list, model, nowMs)?.price ?? null
  const history = pricing.priceHistory(list, model)
  const entry = pricing.catalogue.entry(list, model.toLowerCase())
  const isSame = (name: string) => name.toLowerCase() === model.toLowerCase()
  const isServed = () => gateway.upstreams().some((one) => one.priceProvider === list && one.models.some(isSame))
  return price || history.length > 0 || entry || isServed() ? { list, model, price, history, entry } : null
}

/** @throws AppError not_found */
export function required(subject: Subject | null): Subject {
  ensure(subject, "not_found", "There is no such model. They are listed under Prices.")
  return subject
}

/** What a form without a model says, by field. */
export const unnamed = (subject: Subject | null): Record<string, string> =>
  subject ? {} : { list: "Name the price list, such as openai.", model: "Name the model as the list does." }
