// Calls that a person makes themselves, on a page of the console: no key and no app, charged as their own key would be, by the same road.
import type { UserId } from "../app/index.ts"
import { contextOf, setContext } from "../http/index.ts"
import { principal } from "../ledger/index.ts"
import { chat } from "./dialects/chat/index.ts"
import { images } from "./dialects/images/index.ts"
import { modelsFor, type ReadDeps } from "./reads/models.ts"
import type { ModelJson } from "./reads/schemas.ts"
import { answerCall, type CallDeps } from "./run/call.ts"
import type { Caller, GatewayDeps } from "./types.ts"

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

export interface OwnCalls {
  /** Answers whatever is thrown, as the routes of /v1 do. @param body as their documentation has it */
  chatCompletions(body: object, asking: Asking): Promise<Response>
  images(body: object, asking: Asking): Promise<Response>
  /** What they may call, with what they pay. */
  models(person: Person): ModelJson[]
}

const SCOPES: ReadonlySet<string> = new Set(["llm", "image-generation"])

export function ownCalls(calls: CallDeps, deps: ReadDeps): OwnCalls {
  const made = (path: string, body: object, { page }: Asking): Request => {
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }
    const request = new Request(`${deps.apiUrl}${path}`, { ...init, signal: page.signal })
    // A page may ask several models at once: each is a call of its own.
    const own = {
      requestId: deps.ids.next("req"),
      method: "POST",
      startMs: performance.now(),
      bodies: null,
      seat: null,
    }
    setContext(request, { ...contextOf(page), ...own, answerHeaders: null })
    contextOf(page).server?.timeout(page, 0)
    return request
  }
  return {
    chatCompletions: (body, asking) =>
      answerCall(calls, chat, made("/v1/chat/completions", body, asking), callerOf(deps, asking.person)),
    images: (body, asking) =>
      answerCall(calls, images, made("/v1/images/generations", body, asking), callerOf(deps, asking.person)),
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
