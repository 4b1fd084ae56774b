// Limits of subscriptions, each with its unit and its reason.
import { DAY_MS, MINUTE_MS } from "../../app/index.ts"

export const SUBSCRIPTION_LIMITS = {
  /** Living ones of a person: far more than anybody calls, far fewer than a page can bear. */
  perPersonMax: 200,
  /** ms between two tries to pay what is due: a purchase of credits revives keys within this. */
  retryMs: 10 * MINUTE_MS,
  /** ms between them while a card is being charged for it. */
  rechargeMs: MINUTE_MS,
  /** ms that a form waits for the charge of a card: longer than most take, shorter than a person's patience. */
  rechargeWaitMs: 15_000,
  /** ms between two looks at it. */
  rechargeLookMs: 50,
  /** ms that calls may still run after their period ended; then what they cost is put on an invoice. */
  overageLeewayMs: 10 * MINUTE_MS,
  /** ms that a form is remembered by its key. */
  formLifeMs: 2 * DAY_MS,
  /** ms before the end of a trial when it is told; of a short one, in its middle. */
  trialToldMs: 3 * DAY_MS,
  reasonCharsMax: 300,
  /** Calls whose charges are given back in one write: a moment of it. */
  refundCalls: 500,
  /** Rows of a page. */
  pageRows: 25,
} as const
