// What one may do with the catalogue: read it anew, look at it, believe a price that was held back.
import { type Clock, ensure } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { SafeFetch } from "../../http/index.ts"
import type { Store, Tx, WriteContext } from "../../store/index.ts"
import type { PriceBook } from "../prices.ts"
import { CATALOGUE_LIMITS } from "./limits.ts"
import { refreshCatalogue } from "./refresh.ts"
import { keyOf, loadEntries, loadReads, saveEntry } from "./store.ts"
import type { CatalogueEntry, CatalogueRead } from "./types.ts"

export interface Catalogue {
  /** Reads OpenRouter's list and takes over what is believed of it; what goes wrong is the result. One read at a time. */
  refresh(ctx: WriteContext, url: string): Promise<CatalogueRead>
  /** Newest first, of OpenRouter's list. */
  reads(): CatalogueRead[]
  entry(list: string, model: string): CatalogueEntry | null
  /** Prices that were read and not believed. */
  held(): CatalogueEntry[]
  /** Puts a price that was held back in force. @throws AppError not_found */
  believe(ctx: WriteContext, list: string, model: string): Promise<CatalogueEntry>
}

interface CatalogueDeps {
  store: Store
  clock: Clock
  safeFetch: SafeFetch
  book: PriceBook
}

const LIST = "openrouter"
const READS_SHOWN = 10

export function createCatalogue({ store, clock, safeFetch, book }: CatalogueDeps): Catalogue {
  let running: Promise<CatalogueRead> | null = null
  book.replaceCatalogue(loadEntries(store.read))

  function reloadIn(tx: Tx): void {
    const loaded = loadEntries(tx, book.catalogued)
    tx.afterCommit(() => book.replaceCatalogue(loaded))
  }

  function believeIn(tx: Tx, list: string, model: string): CatalogueEntry {
    const found = loadEntries(tx).find((one) => keyOf(one.list, one.model) === keyOf(list, model))
    ensure(found?.held, "not_found", "No price of this model is held back.")
    const before = found.price
    const entry: CatalogueEntry = { ...found, price: found.held.price, held: null, changedMs: tx.now }
    saveEntry(tx, entry)
    auditIn(tx, {
      action: "catalogue.believed",
      subject: `model_price:${list}/${model}`,
      before: { input: before && String(before.rates.input.base) },
      after: { why: found.held.why, input: String(found.held.price.rates.input.base) },
    })
    reloadIn(tx)
    return entry
  }

  const deps = {
    store,
    clock,
    safeFetch,
    entry: (list: string, model: string) => book.catalogued.get(keyOf(list, model)) ?? null,
    tablePrice: (provider: string, model: string, atMs: number) => book.tablePrice(provider, model, atMs),
    lastModels: (list: string) =>
      loadReads(store.read, list, CATALOGUE_LIMITS.readsKept).find((read) => read.ok)?.models ?? 0,
    reloadIn,
  }
  return {
    refresh(ctx, url) {
      running ??= refreshCatalogue(deps, ctx, url).finally(() => {
        running = null
      })
      return running
    },
    reads: () => loadReads(store.read, LIST, READS_SHOWN),
    entry: deps.entry,
    held: () => [...book.catalogued.values()].filter((entry) => entry.held !== null),
    async believe(ctx, list, model) {
      // A read under way has judged already, and would write over what is believed now.
      await running?.catch(() => {})
      return store.write(ctx, (tx) => believeIn(tx, list, model))
    },
  }
}
