// More credits for a call that goes on to a dearer candidate: one body, in which its caller is asked again, as for the hold.
import { AppError, type ErrorCode } from "../../app/index.ts"
import type { Hold, HoldTerms, Ledger, Raised } from "../../ledger/index.ts"
import type { Store, Tx, WriteContext } from "../../store/index.ts"
import type { ChargedCall, Quote, SponsorPort } from "../types.ts"
import { sponsorRoomIn } from "./sponsored.ts"

const RAISE = { lane: "hold" } as const
/** Codes of a hold, or a raise of one, that its caller cannot pay. */
export const UNAFFORDABLE: ReadonlySet<ErrorCode> = new Set([
  "insufficient_credits",
  "credits_on_hold",
  "app_daily_limit_exceeded",
  "spend_limit_exceeded",
])
/** The database is busy, or the call has ended meanwhile. */
const NOT_NOW: ReadonlySet<ErrorCode> = new Set(["overloaded", "conflict"])

interface HowRaised {
  /** Where others are paid than those who were asked before. */
  termsIn: ((tx: Tx) => HoldTerms) | null
  /** The app pays: its pool has the room, and no limit of the person counts. */
  isSponsored: boolean
}

/**
 * Holds what is missing for this candidate, or as much as fits, at least what is of use.
 * @returns the whole hold, now; null when its caller cannot pay. @throws AppError when the caller may no longer call
 */
export async function raisedFor(
  {
    store,
    ledger,
    sponsors,
  }: { store: Pick<Store, "write">; ledger: Pick<Ledger, "raiseIn">; sponsors?: SponsorPort | undefined },
  ctx: WriteContext,
  { caller, scope, ticket }: Pick<ChargedCall, "caller" | "scope" | "ticket">,
  held: Hold,
  quote: Quote,
  { termsIn, isSponsored }: HowRaised,
): Promise<Raised | null> {
  const missingNano = Math.max(0, quote.hold.totalNano - held.amountNano)
  const leastNano = Math.max(0, Math.min(quote.least.totalNano, quote.hold.totalNano) - held.amountNano)
  try {
    return await store.write(
      ctx,
      (tx) => {
        const { dailyLimitNano } = caller.requireIn(tx, scope)
        const roomNano = isSponsored ? sponsorRoomIn({ sponsors }, tx, caller) : ticket.roomIn(tx)
        if (leastNano > roomNano) return null
        const moreNano = Math.min(missingNano, roomNano)
        const dailyNano = isSponsored ? null : dailyLimitNano
        const raised = ledger.raiseIn(tx, held, moreNano, dailyNano, leastNano, termsIn?.(tx))
        if (isSponsored) return { ...raised, balanceAfterNano: held.balanceAfterNano }
        ticket.reserveIn(tx, raised.amountNano - held.amountNano)
        return raised
      },
      RAISE,
    )
  } catch (error) {
    if (error instanceof AppError && (UNAFFORDABLE.has(error.code) || NOT_NOW.has(error.code))) return null
    throw error
  }
}
