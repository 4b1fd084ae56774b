// Words of kept: answers that a person lets apps go on from. What stands in them is their dialect's business.
import type { ClientId, Clock, Keyring, UserId } from "../app/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Store, Tx, WriteContext } from "../store/index.ts"

/** Whose they are. Another app of the same person sees nothing of them; all keys of a person are one. */
export interface Keeper {
  userId: UserId
  /** Null = a key of the person's own. */
  clientId: ClientId | null
  mode: "live" | "test"
}

/** What was asked, without what it went on from, and the answer. */
export interface Exchange {
  input: readonly unknown[]
  answer: Readonly<Record<string, unknown>>
}

export interface KeepAnswer extends Keeper, Exchange {
  /** `resp_…` */
  publicId: string
  /** The answer that it goes on from. */
  previous: string | null
}

export interface KeptSum {
  answers: number
  bytes: number
}

export interface Kept {
  /** Whether this person lets apps keep answers. */
  isOn(userId: UserId): boolean
  /** Turned off, everything is unreadable at once and deleted soon. The same again changes nothing. */
  turnIn(tx: Tx, person: { userId: UserId; userPublicId: string; on: boolean }): void
  turn(ctx: WriteContext, person: { userId: UserId; userPublicId: string; on: boolean }): Promise<void>
  /** Nothing is kept for a person who does not let it. @returns whether it is kept. Answers that are too much for one person push out the oldest. */
  keep(ctx: WriteContext, answer: KeepAnswer): Promise<boolean>
  one(keeper: Keeper, publicId: string): Exchange | null
  /** Newest first. Each is opened: for a few. */
  recent(keeper: Keeper, limit: number): Exchange[]
  /** The conversation that ends with this answer, oldest first; null when a part of it is not there. @throws AppError invalid_request when it is too long */
  conversation(keeper: Keeper, publicId: string): Exchange[] | null
  /** @throws AppError not_found */
  remove(ctx: WriteContext, keeper: Keeper, publicId: string): Promise<void>
  sum(userId: UserId): KeptSum
  /** Days after which an answer that nothing went on from is deleted. */
  days(): number
  /** Deletes what is over, at most so many rows. @returns how many */
  sweep(ctx: WriteContext, rows: number): Promise<number>
}

export interface KeptDeps {
  store: Store
  clock: Clock
  keyring: Keyring
  settings: Settings
}
