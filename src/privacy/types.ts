// The nouns of privacy: a copy of everything about a person for that person, and the end of it.
import type { Clock, Ids, Log, UserId } from "../app/index.ts"
import type { Identity } from "../identity/index.ts"
import type { Ledger } from "../ledger/index.ts"
import type { Mails } from "../mail/index.ts"
import type { Leaving, LifecycleHooks } from "../part/index.ts"
import type { Replica } from "../replica/index.ts"
import type { Settings } from "../settings/index.ts"
import type { ReadWorker, Store, Tx } from "../store/index.ts"
import type { personalExports } from "./tables.ts"

/** asked: it may be kept until the day. erasing: nobody enters any more. */
export type ErasureState = "asked" | "erasing" | "done"
/** `list`: it was erased before, and a backup brought it back. */
export type AskedBy = "person" | "admin" | "list"
export type ExportState = "waiting" | "ready" | "failed"

export interface Erasure {
  userId: UserId
  state: ErasureState
  askedBy: AskedBy
  askedMs: number
  dueMs: number
}

export type ExportRow = typeof personalExports.$inferSelect

/** A copy as its person sees it. */
export interface Copy {
  /** `exp_…` */
  publicId: string
  state: ExportState
  askedMs: number
  bytes: number | null
  expiresMs: number | null
}

export interface PrivacyDeps {
  store: Store
  clock: Clock
  ids: Ids
  log: Log
  settings: Pick<Settings, "get">
  mails: Pick<Mails, "queueIn">
  lifecycle: Pick<LifecycleHooks, "eraseIn" | "leaving" | "tellIn">
  identity: Pick<
    Identity,
    "closeIn" | "closedIn" | "tombstoneIn" | "knownId" | "testUsersDue" | "userById" | "requireActiveIn"
  >
  ledger: Pick<Ledger, "holdsOf" | "clearNextIn">
  /** The one for downloads, and for what takes as long. */
  exports: Pick<ReadWorker, "ask" | "stream">
  replica: Pick<Replica, "note" | "notes">
  /** Where the files and the list of who was erased lie. */
  dataDir: string
}

export interface Privacy {
  // ---- a copy ------------------------------------------------------------------------------------------------------
  /** The newest, also one that is over. */
  copyOf(userId: UserId): Copy | null
  /** From when on another may be asked for; null = now. */
  nextCopyMs(userId: UserId): number | null
  /** A copy is made soon, and a mail says so. @throws AppError conflict (one waits), rate_limit_exceeded (one a day) */
  askCopyIn(tx: Tx, userId: UserId): void
  /** Path of the file; null = it is not theirs, not ready, or over. */
  fileOf(userId: UserId, publicId: string): string | null
  /** The job: the next copy that waits. @returns whether another waits */
  makeCopy(signal: AbortSignal): Promise<boolean>
  /** The job: files that are over, and those that no row knows. */
  sweepCopies(): Promise<void>

  // ---- the end -----------------------------------------------------------------------------------------------------
  /** What ends with an account, and what keeps it here. */
  leaving(userId: UserId): Required<Leaving>
  /** null = nobody asked. */
  erasureOf(userId: UserId): Erasure | null
  graceDays(): number
  /**
   * From now on the account ends on its day; asking again changes nothing. An admin may have it end at once.
   * @throws AppError conflict while something keeps them here, not_found
   */
  askErasureIn(tx: Tx, input: { userId: UserId; by: "person" | "admin"; atOnce?: boolean }): Erasure
  /** The account stays. @throws AppError conflict when it has begun */
  keepIn(tx: Tx, userId: UserId): void
  /** When the account of somebody who asked for it ends; null = it stays. */
  leavesMs(userId: UserId): number | null
  /** The job: test users whose time is over, or whose developer is gone, end like anybody who asked to. */
  endTestUsers(): Promise<void>
  /**
   * The job: warns, begins and goes on; one erasure that fails or waits keeps no other waiting. @returns whether there is more to do at once
   * @throws RowsFailed when nothing is left but what failed
   */
  eraseNext(): Promise<boolean>
  /** Who is on the list of the erased, and in a database that was brought back: again. @returns how many */
  eraseAgain(): Promise<number>
}
