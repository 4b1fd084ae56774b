// Calls that a person makes themselves, on a page of the console: no key and no app, charged as their own key would be, by the same road.
import { type Nano, nano, type UserId } from "../app/index.ts"
import { contextOf, setContext } from "../http/index.ts"
import { principal } from "../ledger/index.ts"
import { speech } from "./dialects/audio/speech.ts"
import { transcriptions, translations } from "./dialects/audio/transcriptions.ts"
import { chat } from "./dialects/chat/index.ts"
import { imageEdits } from "./dialects/images/edits.ts"
import { images } from "./dialects/images/index.ts"
import { modelsFor, type ReadDeps } from "./reads/models.ts"
import type { ModelJson } from "./reads/schemas.ts"
import { answerCall, type CallDeps } from "./run/call.ts"
import type { Caller, GatewayDeps } from "./types.ts"
import { videoOf } from "./videos/store.ts"
import type { Videos } from "./videos/types.ts"

export interface Person {
  userId: UserId
  publicId: string
}

/** Whose call it is, and on whose page. */
export interface Asking {
  person: Person
  /** Of the page: its end is the call's. Whoever calls has proved the person. */
  page: Request
}

/** Each answers whatever is thrown, as the routes of /v1 do; bodies are as their documentation has them. */
export interface OwnCalls {
  chatCompletions(body: object, asking: Asking): Promise<Response>
  images(body: object, asking: Asking): Promise<Response>
  imageEdits(body: object, asking: Asking): Promise<Response>
  speech(body: object, asking: Asking): Promise<Response>
  transcriptions(body: FormData, asking: Asking): Promise<Response>
  translations(body: FormData, asking: Asking): Promise<Response>
  readonly videos: {
    create(body: object, asking: Asking): Promise<Response>
    /** Those that the person asked for on pages, the latest first. @param rows at most */
    list(rows: number, asking: Asking): Promise<Response>
    one(id: string, asking: Asking): Promise<Response>
    /** Whole, or the range that the page's request names. */
    content(id: string, asking: Asking): Promise<Response>
    remove(id: string, asking: Asking): Promise<Response>
    /** The call that asked for it; null: there is no such video of theirs. */
    callOf(id: string, person: Person): string | null
  }
  /** What a call came to; null: it is not settled. */
  chargedFor(callId: string, person: Person): Nano | null
  /** What they may call, with what they pay. */
  models(person: Person): ModelJson[]
}

const SCOPES: ReadonlySet<string> = new Set(["llm", "image-generation", "speech", "video-generation"])

export function ownCalls(calls: CallDeps, deps: ReadDeps, videos: Videos): OwnCalls {
  const by = ({ person }: Asking) => callerOf(deps, person)
  const made = (method: string, path: string, { page }: Asking, init: RequestInit = {}): Request => {
    const request = new Request(`${deps.apiUrl}${path}`, { ...init, method, signal: page.signal })
    // A page may ask several models at once: each is a call of its own.
    const own = {
      requestId: deps.ids.next("req"),
      method,
      startMs: performance.now(),
      bodies: null,
      seat: null,
      server: null,
    }
    setContext(request, { ...contextOf(page), ...own, answerHeaders: null })
    contextOf(page).server?.timeout(page, 0)
    return request
  }
  const json = (path: string, body: object, asking: Asking) =>
    made("POST", path, asking, { headers: { "content-type": "application/json" }, body: JSON.stringify(body) })
  const form = (path: string, body: FormData, asking: Asking) => made("POST", path, asking, { body })
  return {
    chatCompletions: (body, asking) => answerCall(calls, chat, json("/v1/chat/completions", body, asking), by(asking)),
    images: (body, asking) => answerCall(calls, images, json("/v1/images/generations", body, asking), by(asking)),
    imageEdits: (body, asking) => answerCall(calls, imageEdits, json("/v1/images/edits", body, asking), by(asking)),
    speech: (body, asking) => answerCall(calls, speech, json("/v1/audio/speech", body, asking), by(asking)),
    transcriptions: (body, asking) =>
      answerCall(calls, transcriptions, form("/v1/audio/transcriptions", body, asking), by(asking)),
    translations: (body, asking) =>
      answerCall(calls, translations, form("/v1/audio/translations", body, asking), by(asking)),
    videos: {
      create: (body, asking) => videos.create(json("/v1/videos", body, asking), by(asking)),
      list: (rows, asking) => videos.list(made("GET", `/v1/videos?limit=${rows}`, asking), by(asking)),
      one: (id, asking) => videos.one(made("GET", "/v1/videos/id", asking), id, by(asking)),
      content(id, asking) {
        const range = asking.page.headers.get("range")
        const init = range === null ? {} : { headers: { range } }
        return videos.content(made("GET", "/v1/videos/id/content", asking, init), id, by(asking))
      },
      remove: (id, asking) => videos.remove(made("DELETE", "/v1/videos/id", asking), id, by(asking)),
      callOf: (id, person) => videoOf(deps.store.read, callerOf(deps, person), id)?.callId ?? null,
    },
    chargedFor(callId, { userId }) {
      const call = deps.usage.byRequestId(userId, null, callId, null)
      return call && nano(call.collectedNano)
    },
    models: (person) => modelsFor(deps, callerOf(deps, person)),
  }
}

const callerOf = ({ identity }: Pick<GatewayDeps, "identity">, { userId, publicId }: Person): Caller => ({
  kind: "session",
  userId,
  userPublicId: publicId,
  payer: principal(userId),
  clientId: null,
  clientPublicId: null,
  keyId: null,
  consentId: null,
  developer: null,
  mode: "live",
  scopes: SCOPES,
  actor: `user:${publicId}`,
  requireIn(tx) {
    const { emailVerified } = identity.requireActiveIn(tx, userId)
    return { dailyLimitNano: null, emailVerified }
  },
})
