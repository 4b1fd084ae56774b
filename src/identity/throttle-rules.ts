// How many wrong passwords and how many mails (OWASP Authentication, NIST 800-63B §3.2.2). The lock hangs on the account, and what
// is counted by network is generous: a company, a campus and everybody behind a proxy nobody was told about share one address.
//
// Three kinds of guessers, and the owner beside each of them:
// - one stranger on one network: `near` stops them; they never get far enough to touch anybody else's tries.
// - many networks at one account: `account` lets 30 guesses through, then one in ten minutes, about 170 a day in all. The owner
//   goes on undisturbed in every browser that has signed in before (`device`), and elsewhere by a link for a new password, which makes
//   that browser a known one. Nobody but a guesser with many networks can make an owner take that way, and only while they go on.
// - one network over many accounts: `network`. Right passwords are given back, so that people who know theirs are never counted.
import { DAY_MS, HOUR_MS, type limiter, MINUTE_MS } from "../app/index.ts"

const smooth = (name: string, burst: number, periodMs: number, limit = 1): limiter.SmoothRule => ({
  kind: "smooth",
  name,
  limit,
  periodMs,
  burst,
})

export const THROTTLES = {
  /** Tries at one account in a browser that has signed in to it before: the owner's typing mistakes. */
  device: smooth("login_device", 10, MINUTE_MS),
  /** Tries at one account from one network in browsers unknown to it: six, then one a minute … */
  near: smooth("login_near", 6, MINUTE_MS),
  /** … and twelve, then one an hour: fewer than `account` gets back, so that one network alone cannot use it up. */
  nearHour: smooth("login_near_hour", 12, HOUR_MS),
  /** Tries at one account in all unknown browsers. */
  account: smooth("login_account", 30, 10 * MINUTE_MS),
  /** Tries at any account from one network in unknown browsers. */
  network: smooth("login_network", 500, MINUTE_MS, 60),
  /** Codes of the second step, by who knew the password: three in a million are right, so 288 a day let one in some thousand days in … */
  secondStep: smooth("second_step", 6, 5 * MINUTE_MS),
  /** … and the owner's typing mistakes in a browser that signed in before are counted apart. */
  secondStepDevice: smooth("second_step_device", 10, 2 * MINUTE_MS),
  /** Mails about new devices: who signs in over and over floods no inbox. */
  newDevice: smooth("new_device_mail", 5, HOUR_MS),
  /** Sign-ins to one account with the right password: each leaves a session and a line in the audit log. */
  entries: smooth("login_entry", 200, MINUTE_MS),

  /** Answers of issuers, each of which makes us ask there. */
  issuerAnswers: smooth("issuer_answer", 300, MINUTE_MS, 60),

  /** Codes to one address: nobody's inbox is flooded through us, and nobody is kept from one for longer than an hour. */
  codesToAddress: smooth("code_email", 10, HOUR_MS),
  codesFromNetwork: smooth("code_network", 300, DAY_MS, 300),
  /** Links for a new password; browsers known to the account are not counted. A link works for whoever reads it, whoever asked. */
  resetsToAddress: smooth("reset_email", 10, HOUR_MS),
  resetsFromNetwork: smooth("reset_network", 300, DAY_MS, 300),
  /** Asking again sooner sends nothing new: the first link is on its way. */
  resetAgain: smooth("reset_again", 1, MINUTE_MS),
  /**
   * Mails that strangers make us send, in all: each is a row that waits and a letter with our name on it. About 45,000 a day, whatever
   * number of networks they come from. People in browsers we know are not counted.
   */
  mailsOfStrangers: smooth("mail_strangers", 2_000, DAY_MS, 43_200),
} as const satisfies Record<string, limiter.LimitRule>
