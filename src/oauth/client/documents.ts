// Clients that describe themselves at an address of their own, which is their id (CIMD). The document is fetched when somebody asks to
// sign in, by the guarded fetch and never from here on: its row is the client, for as long as its server lets it be kept. Whatever is
// wrong with it is said here; nobody is sent anywhere.
import { AppError, ensure, Lru } from "../../app/index.ts"
import { houseNameIn } from "../../brand/index.ts"
import { SafeFetchError, type SafeResponse } from "../../http/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { DOCUMENT_HOSTS, DOCUMENTS } from "../settings.ts"
import { countIn, OAUTH_THROTTLES, throttled } from "../throttle.ts"
import type { Client } from "../types.ts"
import { documentUrlProblem, freshMs, isDocumentId, readDocument } from "./document-rules.ts"
import type { CheckedClient } from "./metadata.ts"
import * as rows from "./store.ts"
import { countUnused, deleteClient, insertOrigin, originOf, setFresh, unusedClients } from "./store-origins.ts"
import { insertIn } from "./verbs.ts"

/** What is under way, and what was refused a moment ago. */
export interface Documents {
  readonly fetching: Map<string, Promise<Client>>
  readonly refused: Lru<{ untilMs: number; error: AppError }>
}

const REFUSED_MAX = 1_000

export const createDocuments = (): Documents => ({ fetching: new Map(), refused: new Lru(REFUSED_MAX) })

interface Asked {
  url: string
  network: string
  requestId: string
}

/** The client of an endpoint that programs call, where it is one of these: its row is there before it proves who it is. */
export async function meetDocument(core: Core, params: URLSearchParams, asked: Omit<Asked, "url">): Promise<void> {
  const url = params.get("client_id")
  if (url !== null && isDocumentId(url)) await clientOfDocument(core, { ...asked, url })
}

/** @throws AppError invalid_request, rate_limit_exceeded, overloaded: words for the person, and for whoever made the document */
export async function clientOfDocument(core: Core, asked: Asked): Promise<Client> {
  const { url } = asked
  ensure(core.setting(DOCUMENTS) === "yes", "invalid_request", "Apps that describe themselves may not sign in here.")
  const problem = documentUrlProblem(url)
  if (problem) throw refusal(problem)
  const hosts = core.setting(DOCUMENT_HOSTS)
  if (hosts.length > 0 && !hosts.includes(new URL(url).hostname))
    throw new AppError("invalid_request", `Apps of ${new URL(url).hostname} may not sign in here. Ask the operator.`)
  const known = rows.clientByPublicId(core.store.read, url)
  if (known && (originOf(core.store.read, known.id)?.freshUntilMs ?? 0) > core.clock.now()) return known
  const refused = core.documents.refused.get(url)
  if (refused && refused.untilMs > core.clock.now()) throw refused.error
  const under = core.documents.fetching.get(url)
  if (under) return under
  const fetching = fetched(core, asked).finally(() => core.documents.fetching.delete(url))
  core.documents.fetching.set(url, fetching)
  return fetching
}

async function fetched(core: Core, { url, network, requestId }: Asked): Promise<Client> {
  if (core.documents.fetching.size >= OAUTH_LIMITS.documentFetchesMax)
    throw new AppError("overloaded", "Too many apps are being looked up. Try again in a moment.", {
      retryAfterSeconds: 2,
    })
  const ctx = { actor: "system:client-document", requestId, reason: "client ID metadata document" }
  const asks = [throttled(core, OAUTH_THROTTLES.documentsForNetwork, network)]
  await core.store.write(ctx, (tx) => countIn(tx, asks, "Too many apps were looked up for this network."))
  try {
    const answer = await core.safeFetch(url, {
      headers: { accept: "application/json" },
      bytesMax: OAUTH_LIMITS.documentBytesMax,
      deadlineMs: OAUTH_LIMITS.documentFetchMs,
    })
    const kept = rows.clientByPublicId(core.store.read, url)?.name
    const form = readDocument(url, answer, { house: houseNameIn(core.store.read), kept })
    return await core.store.write(ctx, (tx) => keepIn(core, tx, url, form, answer))
  } catch (error) {
    const refused = asRefusal(error)
    core.documents.refused.set(url, { untilMs: core.clock.now() + OAUTH_LIMITS.documentRefusedMs, error: refused })
    throw refused
  }
}

function keepIn(core: Core, tx: Tx, url: string, form: CheckedClient, answer: SafeResponse): Client {
  const freshUntilMs = tx.now + freshMs(answer.headers, core.wall.now())
  const known = rows.clientByPublicId(tx, url)
  if (known) {
    rows.updateClient(tx, known.id, { ...form, source: known.source })
    rows.replaceUris(tx, known.id, form)
    setFresh(tx, known.id, freshUntilMs)
    return rows.clientById(tx, known.id)!
  }
  if (countUnused(tx, "document") >= OAUTH_LIMITS.unusedClientsMax) makeRoomIn(tx)
  const client = insertIn(core, tx, { ...form, source: "document", ownerId: null, mode: "live", key: null })
  insertOrigin(tx, { clientId: client.id, url, freshUntilMs })
  return rows.clientById(tx, client.id)!
}

/** The one that nobody allowed for longest goes; it comes back when somebody asks for it. */
function makeRoomIn(tx: Tx): void {
  const [oldest] = unusedClients(tx, { beforeMs: tx.now, kind: "document", rowsMax: 1 })
  ensure(oldest !== undefined, "overloaded", "Too many apps are being looked up. Try again later.")
  deleteClient(tx, oldest)
}

function asRefusal(error: unknown): AppError {
  if (error instanceof SafeFetchError) return refusal(FETCH_WORDS[error.reason], error)
  const isOfDocument =
    error instanceof AppError && ["invalid_client_metadata", "invalid_redirect_uri"].includes(error.code)
  if (isOfDocument) return refusal(error.message, error)
  if (error instanceof AppError) return error
  throw error
}

/** No word of what answered at an address: whoever asks would learn of networks that are not theirs. */
const FETCH_WORDS: Record<SafeFetchError["reason"], string> = {
  bad_url: "it cannot be fetched",
  blocked: "it cannot be fetched",
  unresolved: "it cannot be fetched",
  unreachable: "it cannot be fetched",
  too_slow: "it cannot be fetched",
  too_large: "it is too large",
  broken: "it cannot be fetched",
}

const refusal = (why: string, detail?: unknown): AppError =>
  new AppError(
    "invalid_request",
    `The app that sent you here describes itself at an address (client_id) that we cannot use: ${why}. Go back to it and tell its developer.`,
    {},
    detail,
  )
