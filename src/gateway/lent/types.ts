// The words of accounts at OpenRouter that people get here.
import type { Nano, UserId } from "../../app/index.ts"
import type { Delivery } from "../../part/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import type { KeyOwner } from "../personal/types.ts"

export interface LentAccount {
  publicId: string
  state: "making" | "ready" | "deleted"
  /** Null = none. */
  limitNano: Nano | null
  remainingNano: Nano | null
  usedNano: Nano
  createdMs: number
  /** When it was read last. */
  syncedMs: number | null
}

export interface LentVerbs {
  openrouter: {
    /** There is a management key. */
    readonly isOffered: boolean
    of(userId: UserId): LentAccount | null
    /** Made by the outbox, in a moment. @throws AppError conflict, unavailable */
    create(ctx: WriteContext, owner: KeyOwner): Promise<LentAccount>
    /** Tells OpenRouter the limits that changed with a plan or a setting. @returns whether there are more accounts to look at */
    limitDue(rows: number): Promise<boolean>
    createDue(sinceMs: number, rows: number): Promise<number>
    /** Reads limit and use there. @throws AppError not_found, rate_limit_exceeded, provider_error, unavailable */
    sync(ctx: WriteContext, owner: KeyOwner): Promise<LentAccount>
    /** @throws AppError not_found */
    remove(ctx: WriteContext, owner: KeyOwner): Promise<LentAccount>
    make(delivery: Pick<Delivery, "payload" | "eventId">): Promise<void>
    unmake(delivery: Pick<Delivery, "payload">): Promise<void>
    eraseIn(tx: Tx, userId: UserId): number
  }
}
