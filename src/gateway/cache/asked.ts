// Whether a call may be answered from the cache: its own header, else what its key or app is set to (SPEC GW-9). Pure.
import { AppError, sha256Hex } from "../../app/index.ts"
import { digestOf } from "../../http/index.ts"
import type { Question } from "../dialects/dialect.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import type { Caller, Quote } from "../types.ts"

/** Request: `on`, `off`, or seconds. Answer: `hit`, `miss` or `bypass`. */
export const CACHE_HEADER = "x-credits-cache"

export interface CacheAsked {
  /** How old an answer may be, and how long this one is kept. */
  seconds: number
  /** Tells bodies apart. Known once the body was read. */
  bodyHash(): string
  /** Of the headers that change what a body means. */
  meant: string
}

/**
 * Seconds that the header asks for; null = it says nothing.
 * @throws AppError invalid_request
 */
function secondsAsked(headers: Headers): number | null {
  const said = headers.get(CACHE_HEADER)
  if (said === null) return null
  if (said === "off") return 0
  if (said === "on") return GATEWAY_LIMITS.cacheSecondsDefault
  const seconds = /^[0-9]{1,6}$/.test(said) ? Number(said) : Number.NaN
  if (seconds >= 0 && seconds <= GATEWAY_LIMITS.cacheSecondsMax) return seconds
  const words = `\`X-Credits-Cache\` must be \`on\`, \`off\` or seconds, at most ${GATEWAY_LIMITS.cacheSecondsMax}.`
  throw new AppError("invalid_request", words, { param: "X-Credits-Cache" })
}

/** To be asked before the body is read. @param byDefault seconds of its key or app; 0 = not set. @returns null: no cache */
export function askedCache(request: Request, byDefault: number): CacheAsked | null {
  const seconds = secondsAsked(request.headers) ?? byDefault
  if (seconds === 0) return null
  return { seconds, bodyHash: digestOf(request), meant: request.headers.get("anthropic-beta") ?? "" }
}

/** What goes on elsewhere, or is a file: tools that run here, conversations that are kept, forms and sound. */
export const isCacheable = (endpoint: string, body: Question): boolean =>
  endpoint !== "responses" && !body.groups?.length && !body.upload && !body.fileType && !body.answerType

/**
 * Where the answer to this very question of this very caller lies. Other models that could answer are another question; so is the same one
 * asked of a person's own key, whose answers cost a part of what the operator's do.
 */
export function placeOf(asked: CacheAsked, caller: Caller, endpoint: string, quotes: readonly Quote[]): string {
  const { payer, userId, clientId, keyId, kind, mode, actor } = caller
  const models = [...new Set(quotes.map(({ model }) => model))].sort()
  const isOwn = quotes[0]?.upstream.personal?.kind === "own"
  const who = [payer.id, userId, kind, clientId, keyId, actor, mode, isOwn]
  const scope = [...who, endpoint, models, asked.meant, asked.bodyHash()]
  return sha256Hex(JSON.stringify(scope))
}
