// Calls that a client may repeat, and calls that run nothing here: what they cost is known.
import type { Charge } from "../pricing/index.ts"
import type { ChargedCall, Receipt } from "./types.ts"

/** The client's name for a call that it may repeat. */
export interface AskedOnce {
  /** `Idempotency-Key` as it was sent. */
  readonly key: string
  /** SHA-256, hex, of the body. Known once it was read. */
  bodyHash(): string
}

/** A call that runs nothing here: what it costs is known. */
export interface FixedCall
  extends Pick<ChargedCall, "requestId" | "startMs" | "caller" | "endpoint" | "scope" | "once"> {
  /** What is charged, as usage names it. */
  model: string
  /** Snapshot of the price, for whoever asks later. */
  prices: string
  charge: Charge
  /** As {"units": 12}. */
  units: Readonly<Record<string, number>>
  /** JSON of the answer; made inside the body that charges. */
  answer(receipt: Receipt, transactionId: string | null): string
}

/** One that was refused, however far it came. */
export interface RefusedFixedCall extends Pick<FixedCall, "requestId" | "startMs" | "caller" | "endpoint"> {
  /** "" where nothing says which. */
  scope: string
  /** As it was named. */
  requested: string
  /** The same when there is such a thing; else "". */
  model: string
}
