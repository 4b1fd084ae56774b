// Every limit of proofs of apps' hosts, with its unit and its reason.
import { DAY_MS } from "../../app/index.ts"

export const APP_HOST_LIMITS = {
  /** A proof is looked for again after so long: domains change hands by the year, and badges are read each day. */
  everyMs: 7 * DAY_MS,
  /** One that was not found, so often: name servers have bad days. */
  missingEveryMs: DAY_MS,
  /** Not found for so long it is over; its developer got a mail at the beginning. */
  missingMs: 7 * DAY_MS,
  /** Hosts in one slice: each may take the time of two looks. */
  sliceRows: 10,
} as const
