// Reads a published price list and takes over what is believed of it. Never throws for faults of the list: they are the result, a row,
// and a line on the operator's page; what was in force stays in force.

import type { Clock } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { type SafeFetch, SafeFetchError } from "../../http/index.ts"
import type { Store, Tx, WriteContext } from "../../store/index.ts"
import type { ModelLimits, ModelPrice } from "../types.ts"
import { doubt, refusalOf } from "./judge.ts"
import { CATALOGUE_LIMITS } from "./limits.ts"
import { OPENROUTER, readOpenRouterList } from "./openrouter.ts"
import { isSamePrice, saveEntry, saveRead } from "./store.ts"
import { makerNames, withTiersOf } from "./tiers.ts"
import { type CatalogueEntry, CatalogueError, type CatalogueRead, type ListedModel, type ReadList } from "./types.ts"

export interface RefreshDeps {
  store: Store
  clock: Clock
  safeFetch: SafeFetch
  /** What the list said before. */
  entry(list: string, model: string): CatalogueEntry | null
  /** The bundled table's price. */
  tablePrice(provider: string, model: string, atMs: number): ModelPrice | null
  /** Models of the last read that was taken over; 0 = there was none. */
  lastModels(list: string): number
  /** Takes over what the transaction wrote, once it is committed. */
  reloadIn(tx: Tx): void
}

interface Found {
  /** Rows that change. */
  changes: CatalogueEntry[]
  held: number
  known: number
}

/** @param url of the list; its answer is bounded in bytes and time. */
export async function refreshCatalogue(deps: RefreshDeps, ctx: WriteContext, url: string): Promise<CatalogueRead> {
  const list = OPENROUTER
  try {
    const read = readOpenRouterList(await fetched(deps.safeFetch, url))
    return await deps.store.write(ctx, await decided(deps, list, read))
  } catch (error) {
    const words = wordsOf(error)
    if (words === null) throw error
    return deps.store.write(ctx, (tx) => failedIn(deps, tx, list, words))
  }
}

async function fetched(safeFetch: SafeFetch, url: string): Promise<string> {
  const { bytesMax, deadlineMs } = CATALOGUE_LIMITS
  const response = await safeFetch(url, { bytesMax, deadlineMs, headers: { accept: "application/json" } })
  if (response.status >= 300 && response.status < 400) {
    throw new CatalogueError("The address redirects. Enter the final address.")
  }
  if (response.status !== 200) throw new CatalogueError(`The server of the list answered ${response.status}.`)
  return response.text()
}

const wordsOf = (error: unknown): string | null =>
  error instanceof SafeFetchError || error instanceof CatalogueError ? error.message : null

/** What is to be written. Looking up 700 models takes a while: the event loop turns in between. */
async function decided(deps: RefreshDeps, list: string, read: ReadList): Promise<(tx: Tx) => CatalogueRead> {
  const found: Found = { changes: [], held: 0, known: 0 }
  for (let at = 0; at < read.models.length; at += CATALOGUE_LIMITS.sliceModels) {
    for (const one of read.models.slice(at, at + CATALOGUE_LIMITS.sliceModels)) judge(deps, list, one, found)
    await Bun.sleep(0)
  }
  const models = read.models.length
  const refusal = refusalOf({ models, known: found.known, held: found.held, last: deps.lastModels(list) })
  if (refusal) return (tx) => failedIn(deps, tx, list, `The list was not taken over. ${refusal}`)
  return (tx) => takenIn(deps, tx, list, read, found)
}

function judge(deps: RefreshDeps, list: string, one: ListedModel, found: Found): void {
  const before = deps.entry(list, one.model)
  const nowMs = deps.clock.now()
  const inForce = before?.price ?? deps.tablePrice(list, one.model, nowMs)
  const price = tiered(deps, one, nowMs)
  // What an operator once believed is believed.
  const why = isSamePrice(inForce, price) ? null : doubt(inForce, price)
  if (inForce) found.known++
  if (why) found.held++
  const entry: Omit<CatalogueEntry, "changedMs"> = {
    list,
    model: one.model,
    name: one.name,
    price: why ? (before?.price ?? null) : price,
    held: why ? { price, why } : null,
    contextWindow: one.contextWindow,
    maxOutputTokens: one.maxOutputTokens,
  }
  if (before && isSame(before, entry)) return
  // A new name or window leaves the price what it was, and of when it was.
  const isPriceSame = before !== null && isSamePrice(before.price, entry.price)
  found.changes.push({ ...entry, changedMs: isPriceSame ? before.changedMs : nowMs })
}

function tiered(deps: RefreshDeps, { model, price }: ListedModel, nowMs: number): ModelPrice {
  if (price.free) return price
  for (const [provider, name] of makerNames(model)) {
    const maker = deps.tablePrice(provider, name, nowMs)
    if (maker) return withTiersOf(price, maker)
  }
  return price
}

const isSame = (a: Omit<CatalogueEntry, "changedMs">, b: Omit<CatalogueEntry, "changedMs">): boolean =>
  a.name === b.name &&
  sameLimits(a, b) &&
  isSamePrice(a.price, b.price) &&
  isSamePrice(a.held?.price ?? null, b.held?.price ?? null) &&
  a.held?.why === b.held?.why

const sameLimits = (a: ModelLimits, b: ModelLimits): boolean =>
  a.contextWindow === b.contextWindow && a.maxOutputTokens === b.maxOutputTokens

function takenIn(deps: RefreshDeps, tx: Tx, list: string, read: ReadList, found: Found): CatalogueRead {
  for (const entry of found.changes) saveEntry(tx, entry)
  const left = read.variable + read.unreadable
  const words = [
    `${read.models.length} models read, ${found.changes.length} changed.`,
    ...(left > 0 ? [`${left} have no price that can be counted here.`] : []),
    ...(found.held > 0 ? [`${found.held} held back: look at them.`] : []),
  ]
  const result: CatalogueRead = {
    list,
    atMs: tx.now,
    ok: true,
    message: words.join(" "),
    models: read.models.length,
    changed: found.changes.length,
    held: found.held,
  }
  return notedIn(deps, tx, result)
}

const failedIn = (deps: RefreshDeps, tx: Tx, list: string, message: string): CatalogueRead =>
  notedIn(deps, tx, { list, atMs: tx.now, ok: false, message, models: 0, changed: 0, held: 0 })

function notedIn(deps: RefreshDeps, tx: Tx, read: CatalogueRead): CatalogueRead {
  saveRead(tx, read)
  const { ok, message, models, changed, held } = read
  auditIn(tx, {
    action: "catalogue.read",
    subject: `catalogue:${read.list}`,
    after: { ok, message, models, changed, held },
  })
  deps.reloadIn(tx)
  return read
}
