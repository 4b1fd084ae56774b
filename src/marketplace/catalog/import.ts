// A document on its way into a product: brought by file, text or address, looked at with what it changes, then taken over or thrown away.
import { AppError, ensure, type PrincipalId, refuseFields } from "../../app/index.ts"
import { SafeFetchError } from "../../http/index.ts"
import type { Reader, Tx, WriteContext } from "../../store/index.ts"
import { type Core, changeableIn, mineIn, publisherIn } from "./core.ts"
import { setEndpointsIn } from "./endpoints.ts"
import { CATALOG_LIMITS as L } from "./limits.ts"
import { type Differences, differences, exportDocument, type Imported, type ImportResult } from "./openapi/index.ts"
import { createProductIn } from "./products.ts"
import { publisherById, saveProduct } from "./store.ts"
import { endpointsOf, planNames } from "./store-endpoints.ts"
import { documentOf, dropDocument, keepDocument } from "./store-words.ts"
import type { Mine, Product } from "./types.ts"

const IMPORT_READ = "marketplace.import"

/** A text, or an address to fetch it from; a text comes before an address. */
export interface DocumentSource {
  text?: string | null
  url?: string | null
}

interface Brought {
  text: string
  sourceUrl: string | null
  document: Imported
}

const wrong = (field: "text" | "url", words: string): AppError =>
  new AppError("validation_failed", words, { formErrors: { [field]: words } })

/** @throws AppError validation_failed with what is wrong with it, under `text` or `url` */
async function bring(core: Core, { text, url }: DocumentSource): Promise<Brought> {
  const given = text?.trim() ?? ""
  const address = url?.trim() ?? ""
  if (given === "" && address === "") throw wrong("url", "Choose a file, paste a document, or enter an address.")
  const sourceUrl = given === "" ? address : null
  const whole = sourceUrl === null ? given : await fetched(core, sourceUrl)
  const document = await parsed(core, whole, sourceUrl)
  if ("problem" in document) throw wrong(sourceUrl === null ? "text" : "url", document.problem)
  return { text: whole, sourceUrl, document: document.document }
}

async function fetched(core: Core, url: string): Promise<string> {
  try {
    const headers = { accept: "application/json, application/yaml, text/yaml, */*;q=0.5" }
    const answer = await core.safeFetch(url, { headers, bytesMax: L.documentBytesMax, deadlineMs: L.documentFetchMs })
    if (answer.status >= 300 && answer.status < 400)
      throw wrong("url", "That address leads on to another one. Enter the address of the document itself.")
    if (answer.status !== 200) throw wrong("url", `That server answered ${answer.status}.`)
    return answer.text()
  } catch (error) {
    if (error instanceof SafeFetchError)
      throw wrong("url", error.reason === "too_large" ? "That document is larger than 5 MB." : error.message)
    throw error
  }
}

/** In the read Worker: the loop goes on meanwhile. */
const parsed = (core: Core, text: string, fetchedFrom: string | null): Promise<ImportResult> =>
  Buffer.byteLength(text) > L.documentBytesMax
    ? Promise.resolve({
        problem:
          "This document is larger than 5 MB. Split it into several products, or leave out what callers do not need.",
      })
    : core.reads.ask<ImportResult>(IMPORT_READ, { text, fetchedFrom })

/** A product and its endpoints in one step. @throws AppError validation_failed under `upstreamUrl` when the document names no server */
export async function createFromDocument(
  core: Core,
  ctx: WriteContext,
  {
    ownerId,
    title,
    upstreamUrl,
    ...source
  }: DocumentSource & { ownerId: PrincipalId; title?: string; upstreamUrl?: string },
): Promise<Product> {
  await core.store.write(ctx, (tx) => void publisherIn(core, tx, ownerId))
  const brought = await bring(core, source)
  const { document } = brought
  const server = upstreamUrl?.trim() || document.upstreamUrl
  if (!server) refuseFields({ upstreamUrl: "The document names no https server. Enter its address." })
  return core.store.write(ctx, (tx) => {
    const product = createProductIn(core, tx, {
      ownerId,
      title: title?.trim() || document.title || "Untitled API",
      upstreamUrl: server!,
      version: document.version,
      overview: document.description,
    })
    setEndpointsIn(core, tx, { ownerId, productPublicId: product.publicId, endpoints: document.endpoints })
    keepDocument(tx, { ...rowOf(product.id, brought), state: "current", createdMs: tx.now })
    return product
  })
}

const rowOf = (productId: number, { text, sourceUrl }: Brought) => ({ productId, text, sourceUrl })

/** It waits for its publisher's word; the one that waited before is gone. */
export async function bringDocument(
  core: Core,
  ctx: WriteContext,
  { text, url, ...mine }: Mine & DocumentSource,
): Promise<void> {
  await core.store.write(ctx, (tx) => void changeableIn(core, tx, mine))
  const brought = await bring(core, { text: text ?? null, url: url ?? null })
  await core.store.write(ctx, (tx) => {
    const product = changeableIn(core, tx, mine)
    keepDocument(tx, { ...rowOf(product.id, brought), state: "waiting", createdMs: tx.now })
  })
}

export interface Waiting {
  document: Imported
  differences: Differences
  sourceUrl: string | null
  /** Names it: taking over is refused when another one came meanwhile. */
  createdMs: number
}

/** What waits, and what it would change; null = nothing. */
export async function waitingDocument(core: Core, mine: Mine): Promise<Waiting | null> {
  const { read } = core.store
  const product = mineIn(read, mine)
  const row = documentOf(read, product.id, "waiting")
  if (!row) return null
  const result = await parsed(core, row.text, row.sourceUrl)
  if ("problem" in result) return null
  const { sourceUrl, createdMs } = row
  return {
    document: result.document,
    differences: differences(endpointsOf(read, product.id), result.document.endpoints),
    sourceUrl,
    createdMs,
  }
}

/** Endpoints as the document has them; plans, weights and prices of those that stay. @param words version and overview too */
export async function applyDocument(
  core: Core,
  ctx: WriteContext,
  { createdMs, words, ...mine }: Mine & { createdMs: number; words: boolean },
): Promise<Differences> {
  const waiting = await waitingDocument(core, mine)
  ensure(waiting, "not_found", "No document waits. Bring it again.")
  return core.store.write(ctx, (tx) => {
    const product = changeableIn(core, tx, mine)
    const row = documentOf(tx, product.id, "waiting")
    ensure(row?.createdMs === createdMs, "conflict", "Another document came meanwhile. Look at what it changes first.")
    const { document } = waiting
    const made = differences(endpointsOf(tx, product.id), document.endpoints)
    setEndpointsIn(core, tx, { ...mine, endpoints: document.endpoints })
    if (words)
      saveProduct(tx, {
        ...product,
        version: document.version,
        overview: document.description || product.overview,
        updatedMs: tx.now,
      })
    dropDocument(tx, product.id, "waiting")
    keepDocument(tx, { ...row!, state: "current" })
    return made
  })
}

export function dropWaitingIn(core: Core, tx: Tx, mine: Mine): void {
  dropDocument(tx, changeableIn(core, tx, mine).id, "waiting")
}

/** As OpenAPI 3.1, of its public address: from the rows, so that what is documented is what can be called. */
export function openapiOf(core: Core, reader: Reader, product: Product): object {
  const publisher = publisherById(reader, product.publisherId)
  ensure(publisher, "not_found", "There is no such product.")
  return exportDocument({
    product,
    publisher,
    endpoints: endpointsOf(reader, product.id),
    plans: planNames(reader, product.id),
    publishedAt: core.publishedAt,
  })
}
