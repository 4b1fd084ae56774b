// What backup promises: that what was copied comes back, and that whoever brought it back looks before the house goes on.

import type { UserId } from "../app/index.ts"
import type { Held } from "../replica/index.ts"
import type { WriteContext } from "../store/index.ts"
import type { backupProofs, restores } from "./tables.ts"

/** What a restore into a folder of its own showed. */
export interface Proof {
  ok: boolean
  /** The replica's address, or the path of a file. */
  source: string
  tookMs: number
  /** Its last commit, as the database tells time. */
  lastMs: number | null
  bytes: number | null
  /** Transactions whose books were verified. */
  transactions: number | null
  /** What is wrong, and what to do; null = nothing. */
  why: string | null
}

export type ProofRow = typeof backupProofs.$inferSelect
export type Restore = typeof restores.$inferSelect

export interface BackupNow {
  held: Held
  /** Everything committed up to this moment was asked for, ms UTC as the database tells time. */
  lastMs: number
}

export interface Backup {
  /** Since when a copy is being tried, ms UTC; null = none is. */
  readonly provingSinceMs: number | null
  /**
   * Restores the newest copy in a process apart and tries it; what came out is a row. One at a time.
   * @throws AppError conflict while one runs or there is nothing to try; the signal's reason
   */
  prove(ctx: WriteContext, signal?: AbortSignal): Promise<Proof>
  /** A proof that another process of this machine made. */
  noteProof(ctx: WriteContext, proof: Proof): Promise<void>
  /** Newest first. */
  proofs(rows: number): ProofRow[]
  /** Waits until the replica has everything that is committed by now. */
  now(): Promise<BackupNow>
  /** The newest restore of this database; null = it never was. */
  lastRestore(): Restore | null
  /** While a restored house waits: asks what happened to payments since. @throws AppError unavailable, to be asked again */
  askPayments(): Promise<void>
  /** Messages that wait for somebody to look. */
  heldMessages(): number
  /**
   * Somebody has looked at what was lost: jobs and messages go on. By an admin who proves their password once more (step-up).
   * @throws AppError conflict when nothing waits, unavailable while payments could not be asked about, validation_failed (formErrors current), rate_limit_exceeded, unauthenticated
   */
  goOn(ctx: WriteContext, byId: UserId): Promise<Restore>
  /** The same from the console of the server. @throws AppError conflict when nothing waits */
  goOnFromConsole(ctx: WriteContext): Promise<Restore>
  /** Before anybody is answered: ends what was open in a database that was just restored, and holds back what leaves the house. */
  recover(): Promise<void>
}
