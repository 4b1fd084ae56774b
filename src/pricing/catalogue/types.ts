// Words of the catalogue: prices that a provider publishes as a list, and what reading it came to.
import type { ModelLimits, ModelPrice } from "../types.ts"

/** A model as a list names it. */
export interface ListedModel extends ModelLimits {
  /** Lower case. */
  model: string
  name: string
  price: ModelPrice
}

/** What could be made of a list. */
export interface ReadList {
  models: ListedModel[]
  /** Priced by what it is routed to: no price at all. */
  variable: number
  /** Figures that are no prices, or that price what nobody counts here (pictures and sound that a model makes). */
  unreadable: number
}

/** A list's price of one model. `price` is in force; `held` was read and not believed. */
export interface CatalogueEntry extends ModelLimits {
  readonly list: string
  readonly model: string
  readonly name: string
  readonly price: ModelPrice | null
  readonly held: { readonly price: ModelPrice; readonly why: string } | null
  /** When the list was read that this price was first in. */
  readonly changedMs: number
}

/** One read of a list, well or not. */
export interface CatalogueRead {
  list: string
  atMs: number
  ok: boolean
  /** In a sentence, for the operator. */
  message: string
  models: number
  changed: number
  held: number
}

/** A list that is not taken over, in words for the operator. */
export class CatalogueError extends Error {
  override name = "CatalogueError"
}
