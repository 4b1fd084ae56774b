// Every limit of app secret keys, with its unit and its reason.
import { DAY_MS, MINUTE_MS } from "../../app/index.ts"

export const APP_KEY_LIMITS = {
  nameCharsMax: 80,
  /** Keys of an app at a time: servers that take turns, with room for each of several jobs. */
  keysMax: 10,
  /** Made for one app within a day, revoked ones too: what anybody can write has a bound. */
  madePerDayMax: 30,
  /** How far the last use may be behind: one write for all of them in that time. */
  usesEveryMs: MINUTE_MS,
  /** Whoever asks with a revoked key hears that it was revoked for this long; then that there is none. */
  revokedKeptMs: 90 * DAY_MS,
} as const
