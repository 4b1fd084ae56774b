// Every limit of identity, with its unit and its reason; how often somebody may try is in throttle-rules.ts.
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../app/index.ts"

export const IDENTITY_LIMITS = {
  /** OWASP minimum for argon2id; about 25 ms and 19 MiB a hash. */
  argonMemoryKib: 19_456,
  argonPasses: 2,
  /** Hashes at once: each takes a core and 19 MiB. */
  hashesParallelMax: 2,
  /** Hashes waiting: about 0.8 s of work; beyond it "busy" is the honest answer. */
  hashesQueuedMax: 64,

  passwordCharsMin: 8,
  /** Long phrases welcome, megabytes not. */
  passwordCharsMax: 1_024,
  nameCharsMax: 80,
  companyCharsMax: 120,
  /** The longest tags that are registered stay below it. */
  localeCharsMax: 35,
  zoneCharsMax: 64,
  /** RFC 5321 §4.5.3.1. */
  emailCharsMax: 254,
  emailLocalCharsMax: 64,
  userAgentCharsMax: 300,

  codeDigits: 6,
  codeMs: 10 * MINUTE_MS,
  /** A form sent twice by two clicks; the second one proves nothing new. */
  codeRepeatMs: 10 * SECOND_MS,
  /** 5 in 10^6 per code; with the day's codes at most 50 in 10^6 per address and day. */
  codeTriesMax: 5,
  codeResendMs: MINUTE_MS,
  /** A sign-up may be resumed with a new code this long. */
  pendingMs: DAY_MS,

  /** A reset link: long enough to fetch a mail on another device, short enough to be worthless in an old inbox. */
  resetLinkMs: 30 * MINUTE_MS,

  /** Unused this long, a session ends … */
  sessionIdleMs: 14 * DAY_MS,
  /** … and however much it is used, here. */
  sessionMs: 60 * DAY_MS,
  /** How exactly last use is kept; each note is a write. */
  sessionSeenMs: 10 * MINUTE_MS,
  /** Ended sessions are kept this long (known browsers, support). */
  sessionKeptMs: 60 * DAY_MS,
  /** Living sessions of one user; the one unused longest gives way. */
  sessionsPerUserMax: 50,

  /** People who are signed in to one browser: a family, or the accounts of one person; a cookie each. */
  peoplePerBrowserMax: 5,
  /** Cookies of sign-ins that are looked at: one a person, and those of people who are gone. */
  tokensOfBrowserMax: 12,

  /** What a browser says of a sign-in when it asks for pages of others; ours are 120 characters. */
  browserWordCharsMax: 400,

  /** What is dangerous asks for a proof of who is there that is no older: long enough for a few acts in a row, too short for a desk that was left. */
  confirmedMs: 10 * MINUTE_MS,

  /** Passkeys of one person: every device they have, and a few keys in a drawer. */
  passkeysMax: 20,
  passkeyNameCharsMax: 40,

  setupLinkMs: 30 * MINUTE_MS,
  searchRowsMax: 100,
  /** Lists that one person keeps of one page: as many as a menu can show. */
  savedListsMax: 20,
  savedListNameCharsMax: 40,
  savedListQueryCharsMax: 1_000,
  /** Rows of one kind deleted in one body: a few milliseconds. */
  purgeRowsMax: 500,
} as const
