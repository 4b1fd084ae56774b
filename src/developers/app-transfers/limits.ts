// Every limit of handing apps over, with its unit and its reason.
import { DAY_MS } from "../../app/index.ts"

export const APP_TRANSFER_LIMITS = {
  /** An offer waits for so long: a week, as a deleted app does. */
  openMs: 7 * DAY_MS,
  /** Offers that one developer makes within a day, each of which sends a mail to an address of their choice. */
  perDayMax: 5,
  /** What came of an offer is told on the page of the app for so long; the audit log keeps it. */
  keptMs: 90 * DAY_MS,
} as const
