// Words of charges: what a call came to, and what is kept of the call itself. The ledger stores the latter and reads nothing out of it.
import type { Nano, RouteId } from "../../app/index.ts"

/** Parts of one charge; `totalNano` is their exact sum. */
export interface Charge {
  totalNano: Nano
  upstreamNano: Nano
  developerNano: Nano
  platformNano: Nano
}

/** How a call ended; `recovered`: its process died, or its lease ran out, and the ledger settled it. */
export type EndReason = "done" | "failed" | "client_gone" | "timeout" | "cut" | "recovered"
export type UsageSource = "reported" | "estimated" | "none"

/** What a call was, told when it ends. Whose it was stands on its hold. */
export interface CallEnd {
  /** Which model answered where, at which prices; absent: as the hold says. */
  routeId?: RouteId | null
  /** HTTP status of the answer. */
  status: number
  errorCode: string | null
  end: EndReason
  latencyMs: number
  firstTokenMs: number | null
  inputTokens: number
  cachedTokens: number
  outputTokens: number
  reasoningTokens: number
  /** Other units by kind, as {"images": 2}. */
  units?: Readonly<Record<string, number>> | null
  source: UsageSource
}
