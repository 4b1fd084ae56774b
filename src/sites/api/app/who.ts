// An app asks about itself by one of its secret keys. What it asks for is counted by key, so that one job of it starves no other.
import { AppError, type Clock, type Log, limiter } from "../../../app/index.ts"
import { type AppCaller, type AppKeyScope, type AppKeys, isAppSecret } from "../../../developers/index.ts"
import { answerV1, CORS, challenge } from "../../../gateway/index.ts"
import { contextOf, credentialOf, dpopToken, hasCredential } from "../../../http/index.ts"

export interface WhoDeps {
  appKeys: Pick<AppKeys, "authenticate">
  apiUrl: string
  clock: Clock
  log: Log
}

/** Questions of one key: a page of a dashboard asks five, a mailing list of a million people takes nine minutes. */
const PER_KEY: limiter.WindowRule = { kind: "window", name: "app-key", window: "minute", limit: 120 }
/** Keys that are counted at a time; of an app there are ten. */
const KEYS_MAX = 50_000

/** A question about one app, whoever was let in to ask it. */
export interface AskedOfApp {
  caller: Pick<AppCaller, "client">
  params: URLSearchParams
  wantsCsv: boolean
}

export interface Asked extends AskedOfApp {
  caller: AppCaller
}

/** @returns answers to questions that need this permission */
export function createAsking(deps: WhoDeps) {
  const { clock, log } = deps
  const states = new limiter.MemoryStates(KEYS_MAX)
  return (request: Request, scope: AppKeyScope, answer: (asked: Asked) => Promise<Response>): Promise<Response> =>
    answerV1(log, request, async (_, { requestId }) => {
      const caller = callerOf(deps, request, scope)
      const headers = limit(states, caller.keyId, clock.now())
      const asked = { caller, params: new URL(request.url).searchParams, wantsCsv: wantsCsv(request) }
      const response = await answer(asked)
      const always = { ...CORS, ...headers, "x-request-id": requestId, "cache-control": "no-store", vary: "accept" }
      for (const [name, value] of Object.entries(always)) response.headers.set(name, value)
      return response
    })
}

export type AppAskingDeps = Pick<WhoDeps, "appKeys">

/** An app's server at a door that others come through too; null: it is somebody else. @throws those of `AppKeys.authenticate` */
export function appAsking(deps: AppAskingDeps, request: Request, scope: AppKeyScope): AppCaller | null {
  if (!hasCredential(request) || dpopToken(request) !== null || !isAppSecret(credentialOf(request))) return null
  contextOf(request).caller = "app"
  return named(deps.appKeys.authenticate(credentialOf(request), scope), request)
}

/** @throws AppError token_missing, invalid_api_key and those of `AppKeys.authenticate` */
function callerOf({ appKeys, apiUrl }: WhoDeps, request: Request, scope: AppKeyScope): AppCaller {
  try {
    return named(appKeys.authenticate(credentialOf(request), scope), request)
  } catch (error) {
    throw error instanceof AppError ? challenge(error, apiUrl) : error
  }
}

/** @throws AppError invalid_api_key where `X-Client-ID` names another app */
function named(caller: AppCaller, request: Request): AppCaller {
  const named = request.headers.get("x-client-id")
  if (named === null || named === caller.client.publicId) return caller
  throw new AppError("invalid_api_key", "This app secret key belongs to another app than `X-Client-ID` names.")
}

/** @returns how the limit stands, for the answer. @throws AppError rate_limit_exceeded */
function limit(states: limiter.MemoryStates, keyId: number, nowMs: number): Record<string, string> {
  const decision = limiter.decide(states, [{ key: String(keyId), rule: PER_KEY }], nowMs)
  const headers = limiter.limitHeaders(decision, nowMs)
  if (decision.admitted) return headers
  const words = `At most ${PER_KEY.limit} questions a minute by one key. Wait a little, or ask for larger pages.`
  const retryAfterSeconds = Math.ceil(((decision.retryAtMs ?? nowMs) - nowMs) / 1_000)
  throw new AppError("rate_limit_exceeded", words, { retryAfterSeconds, headers })
}

/** CSV where it is named and wanted no less than JSON (RFC 9110 §12.5.1); whoever says nothing gets JSON. */
export function wantsCsv(request: Request): boolean {
  const weights = new Map(
    (request.headers.get("accept") ?? "")
      .slice(0, 1_000)
      .toLowerCase()
      .split(",")
      .map((part) => {
        const [type = "", ...rest] = part.split(";").map((one) => one.trim())
        const q = rest.find((one) => one.startsWith("q="))
        return [type, q === undefined ? 1 : Number(q.slice(2)) || 0] as const
      }),
  )
  const csv = weights.get("text/csv") ?? 0
  return csv > 0 && csv >= (weights.get("application/json") ?? 0)
}
