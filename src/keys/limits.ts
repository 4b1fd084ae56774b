// Every limit of API keys, with its unit and its reason.
import { DAY_MS, SECOND_MS } from "../app/index.ts"

export const KEY_LIMITS = {
  /** One for each program of a person who has many; more is a leak or a loop. */
  keysPerPersonMax: 100,
  /** New keys and new secrets of a person in 24 hours: rows that stay, and a mail each. */
  secretsPerDayMax: 100,
  /** Keys on the page: those that are alive, and as many that are over. */
  keysShownMax: 200,
  nameCharsMax: 80,
  /** Ranges of one key: an office, its cloud, and their spares. */
  allowedIpsMax: 50,
  /** Characters of a key that are kept in the clear, `sk_live_` and four more: 24 of 256 bits. */
  prefixChars: 12,
  /** A key of ours is 59 characters; longer text is no key and is not hashed. */
  keyCharsMax: 100,
  /** Looked-up secrets kept in memory: about 500 bytes each. */
  knownSecretsMax: 20_000,
  /** How far a key's last use may be behind: one write for all keys in that time. */
  usesEveryMs: 30 * SECOND_MS,
  /** Uses written in one mutation. */
  usesPerWriteMax: 500,
  /** Charges summed in one mutation: 2 ms of it. */
  spendFoldRows: 2_000,
  /** Charges that a page adds to the sums: what comes in half a minute, and much more; never the whole past. */
  spendRowsMax: 100_000,
  /** How long the secret before may work on after a roll: a deployment, not a habit. */
  rollKeepMsMax: 7 * DAY_MS,
  /** Secrets in one report: GitHub sends at most 100 a request. */
  reportTokensMax: 100,
  /** Where a secret was found, as its owner is told. */
  reportUrlCharsMax: 500,
} as const
