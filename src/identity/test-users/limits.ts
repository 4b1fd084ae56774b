// Every limit of test users, with its unit and its reason.
import { DAY_MS, MINUTE_MS } from "../../app/index.ts"

export const TEST_USER_LIMITS = {
  /** At a time: a family of accounts in every state that an app tells apart. */
  most: 20,
  /** Made in a day, also those that were removed since: each leaves a number in the books for good. */
  aDay: 40,
  /** From the day they were made: who is still needed is made anew by a press. */
  keptMs: 90 * DAY_MS,
  /** A sign-in link: long enough to carry it to a private window, worthless in a history. */
  linkMs: 10 * MINUTE_MS,
  /** Links made in an hour, of all test users together: a test that runs by itself signs in by password. */
  linksAnHour: 60,
  /** Whose time is over, taken in one write. */
  sweptMax: 100,
  /** Of the part of an address that tells one from another. */
  nameChars: 10,
} as const

/** Never an address that a mail gets to (RFC 2606). */
export const TEST_USER_DOMAIN = "test-users.invalid"
