// House models: what the operator sells under a name of its own, at a price of its own (SPEC PR-5). A sale is never below what the call
// costs with the developer's share: a model whose price no longer covers that is not sold until somebody looks.
import { AppError, type Ids, type Nano, nano } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { draftPrice, type ModelPrice, type PriceRule } from "../../pricing/index.ts"
import type { OrmReader, Store, Tx } from "../../store/index.ts"
import { modelNames } from "../upstreams/fields.ts"
import { PREFIX } from "./capabilities.ts"
import { type HouseRow, type HouseTerms, houseByName, houseRow, houseRows, insertHouse, updateHouse } from "./store.ts"

export interface HouseModel {
  publicId: string
  /** What callers name, and what answers say. */
  name: string
  /** What answers, as a request would name it. */
  model: string
  /** n$ per 1,000 tokens, and a call. */
  input1kNano: Nano
  output1kNano: Nano
  feeNano: Nano
  active: boolean
}

/** n$ per 1,000 tokens are as many p$ per token; µ$ a million as many. */
const salePrice = ({ name, input1kNano, output1kNano, feeNano }: Omit<HouseModel, "publicId">): ModelPrice => ({
  ...draftPrice({ provider: "house", model: name, rates: { input: input1kNano, output: output1kNano } }),
  perRequest: BigInt(feeNano) * 1_000n,
  free: input1kNano === 0 && output1kNano === 0 && feeNano === 0,
})

export interface Sold extends HouseModel {
  price: ModelPrice
  /** Nothing is added to it; for snapshots. */
  rule: PriceRule
}

const saleRule = (name: string): PriceRule => ({
  id: 0,
  pattern: name,
  traffic: "any",
  priority: 0,
  active: true,
  platformBp: 0,
  developerBp: 0,
  minimumNano: nano(0),
  requestFeeNano: nano(0),
})

/** What is sold now, in memory: asked on every call. */
export class Shelf {
  private byName = new Map<string, Sold>()

  load(reader: OrmReader): void {
    const sold = houseRows(reader).map(toHouse)
    this.byName = new Map(
      sold.map((one) => [one.name.toLowerCase(), { ...one, price: salePrice(one), rule: saleRule(one.name) }]),
    )
  }

  /** @returns null for names that are not sold */
  sold(name: string): Sold | null {
    const found = this.byName.get(name.toLowerCase())
    return found?.active ? found : null
  }

  all(): Iterable<Sold> {
    return this.byName.values()
  }
}

export interface HouseDeps {
  store: Store
  ids: Ids
  shelf: Shelf
  /** Whether somebody serves a model of this name, as the body of a change sees it. */
  isServed: (reader: OrmReader, model: string) => boolean
}

const toHouse = (row: HouseRow): HouseModel => ({
  publicId: row.publicId,
  name: row.name,
  model: row.model,
  input1kNano: nano(row.input1kNano),
  output1kNano: nano(row.output1kNano),
  feeNano: nano(row.feeNano),
  active: row.active,
})

export const listHouse = ({ store }: Pick<HouseDeps, "store">): HouseModel[] => houseRows(store.read).map(toHouse)

export function oneHouse({ store }: Pick<HouseDeps, "store">, publicId: string): HouseModel | null {
  const row = houseRow(store.read, publicId)
  return row && toHouse(row)
}

/** @param publicId null = a new one. @throws AppError not_found, validation_failed with formErrors */
export function setHouseIn(deps: HouseDeps, tx: Tx, publicId: string | null, terms: HouseTerms): HouseModel {
  const before = publicId === null ? null : houseRow(tx, publicId)
  if (publicId !== null && !before) throw new AppError("not_found", "There is no such model.")
  const [name = "", model = ""] = [modelNames([terms.name])[0], modelNames([terms.model])[0]]
  refuseWrong(tx, deps, { name, model, ownId: publicId })
  const saved = { ...terms, name, model }
  const id = publicId ?? deps.ids.next("hsm")
  if (before) updateHouse(tx, id, saved)
  else insertHouse(tx, id, saved)
  auditIn(tx, {
    action: before ? "house_model.changed" : "house_model.added",
    subject: id,
    ...(before ? { before: termsOf(before) } : {}),
    after: termsOf(saved),
  })
  tx.afterCommit(() => deps.shelf.load(deps.store.read))
  return toHouse(houseRow(tx, id)!)
}

const termsOf = ({ name, model, input1kNano, output1kNano, feeNano, active }: HouseTerms) => ({
  name,
  model,
  input1kNano,
  output1kNano,
  feeNano,
  active,
})

function refuseWrong(
  tx: Tx,
  deps: Pick<HouseDeps, "isServed">,
  { name, model, ownId }: { name: string; model: string; ownId: string | null },
): void {
  const other = houseByName(tx, name)
  const errors: Record<string, string> = {}
  if (!/^[a-z0-9][a-z0-9._-]{0,79}$/i.test(name)) {
    errors.name = "Give a name of 1 to 80 letters, digits, dots, dashes or underscores."
  } else if (name.startsWith(PREFIX) || deps.isServed(tx, name)) {
    errors.name = "A provider has a model of this name. Choose a different one."
  } else if (other && other.publicId !== ownId) errors.name = "Another model of the house has this name."
  if (!deps.isServed(tx, model))
    errors.model = "No provider here serves this model. GET /v1/models lists what there is."
  const [first] = Object.entries(errors)
  if (first) throw new AppError("validation_failed", first[1], { param: first[0], formErrors: errors })
}
