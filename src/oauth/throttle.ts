// Holds what anybody may ask of this domain against limits by network and by person, as rows decided in their body: parallel askers are
// counted exactly, a restart forgives nothing. Keys are HMACs: no address is stored.
import { AppError, HOUR_MS, limiter, MINUTE_MS, SECOND_MS } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import type { Core } from "./core.ts"
import { throttleRows } from "./store-throttles.ts"

const smooth = (name: string, burst: number, periodMs: number): limiter.SmoothRule => ({
  kind: "smooth",
  name,
  limit: 1,
  periodMs,
  burst,
})

export const OAUTH_THROTTLES = {
  /** Devices that begin a sign-in from one network: a company's terminals behind one address; each leaves a row for an hour. */
  devicesFromNetwork: smooth("device_start", 60, 20 * SECOND_MS),
  /**
   * Codes that were wrong, by network and by person. Right ones are given back. 500 a day and network, of 2.5 · 10¹⁰ codes: whoever
   * does hit one has signed a stranger's device in to their own account.
   */
  codesFromNetwork: smooth("device_code_network", 30, 3 * MINUTE_MS),
  codesOfPerson: smooth("device_code_person", 10, 10 * MINUTE_MS),
  /** Documents of clients that are fetched for one network: each is a request of ours to an address that a stranger chose. */
  documentsForNetwork: smooth("client_document", 40, 20 * SECOND_MS),
  /** Clients that register themselves from one network. */
  registrationsFromNetwork: smooth("client_registration", 20, HOUR_MS / 6),
} as const satisfies Record<string, limiter.LimitRule>

export type Throttled = readonly limiter.LimitAsk[]

export const throttled = (core: Core, rule: limiter.LimitRule, who: string): limiter.LimitAsk => ({
  key: core.keyring.hmac("oauth-throttle", `${rule.name}\n${who}`),
  rule,
})

/** @throws AppError rate_limit_exceeded; a refused ask counts nothing, so that waiting ends */
export function countIn(tx: Tx, asks: Throttled, what: string): void {
  const { admitted, retryAtMs } = limiter.decide(limiter.rowStates(throttleRows(tx)), asks, tx.now)
  if (admitted) return
  const seconds = Math.max(1, Math.ceil(((retryAtMs ?? tx.now) - tx.now) / 1_000))
  throw new AppError("rate_limit_exceeded", `${what} Try again in ${wait(seconds)}.`, { retryAfterSeconds: seconds })
}

/** What was counted turned out to be none of those that are limited. */
export const giveBackIn = (tx: Tx, asks: Throttled): void =>
  limiter.giveBack(limiter.rowStates(throttleRows(tx)), asks, tx.now)

const wait = (seconds: number): string => (seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`)
