// The door of payouts by Stripe Connect.
import type { UserId } from "../../app/index.ts"
import type { WriteContext } from "../../store/index.ts"
import type { PayoutsDeps } from "../deps.ts"
import { isOffered, startStripe, syncAll, syncStripe } from "./account.ts"
import { type Round, sendPayouts } from "./send.ts"

export const stripeVerbs = (deps: PayoutsDeps, round: Round = { afterId: 0 }) => ({
  /** Whether payees may choose Stripe. */
  isStripeOffered: () => isOffered(deps),
  /** @returns Stripe's page for them */
  startStripe: (ctx: WriteContext, userId: UserId) => startStripe(deps, ctx, userId),
  /** Asks Stripe whether they can be paid by now; null = it does not say. */
  syncStripe: (userId: UserId) => syncStripe(deps, userId),
  /** The jobs. */
  syncAllStripe: (rows: number) => syncAll(deps, rows),
  sendPayouts: (rows: number) => sendPayouts(deps, round, rows),
})
