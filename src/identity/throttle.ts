// Holds tries and mails against their limits (app/limiter), as rows decided in their body: parallel tries are counted exactly and a
// restart forgives nothing. Keys are HMACs: no address is stored here.
import { AppError, limiter } from "../app/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { browserHashOf, type Core } from "./core.ts"
import { networkOf } from "./rules.ts"
import { isKnownBrowser } from "./store/sessions.ts"
import { deleteThrottle, throttleRows, throttleView } from "./store/throttles.ts"
import { THROTTLES } from "./throttle-rules.ts"
import type { Visitor } from "./types.ts"

/** What one try takes, and gives back when the password was right. */
export type LoginAsks = readonly limiter.LimitAsk[]

export const askOf = (core: Core, rule: limiter.LimitRule, value: string): limiter.LimitAsk => ({
  key: core.keyring.hmac("throttle", `${rule.name}\n${value}`),
  rule,
})

/**
 * What a login is held against. A browser that this person has used before has tries of its own, so that strangers who guess cannot
 * lock the owner out (OWASP, device cookies), neither by account nor by network.
 */
export function loginAsks(
  core: Core,
  reader: Reader,
  who: { email: string; userId: number | null; visitor: Visitor; nowMs: number },
): LoginAsks {
  const { email, userId, visitor, nowMs } = who
  // Asked without an account, too: the same statements take the same time.
  const isOwners = isKnown(core, reader, { email, userId: userId ?? NOBODY, visitor, nowMs })
  if (userId !== null && isOwners) return [deviceAsk(core, email, visitor)]
  const network = networkOf(visitor.ip)
  return [
    askOf(core, THROTTLES.near, `${email}\n${network}`),
    askOf(core, THROTTLES.nearHour, `${email}\n${network}`),
    askOf(core, THROTTLES.account, email),
    askOf(core, THROTTLES.network, network),
  ]
}

const deviceAsk = (core: Core, email: string, visitor: Visitor): limiter.LimitAsk =>
  askOf(core, THROTTLES.device, `${email}\n${browserHashOf(core, visitor)}`)

/** No row has this number. */
const NOBODY = 0

const isKnown = (
  core: Core,
  reader: Reader,
  who: { email: string; userId: number; visitor: Visitor; nowMs: number },
): boolean =>
  isKnownBrowser(reader, {
    userId: who.userId,
    email: who.email,
    browserHash: browserHashOf(core, who.visitor),
    nowMs: who.nowMs,
  })

/** A look that counts nothing. @throws AppError rate_limit_exceeded */
export function refuseBlocked(reader: Reader, asks: LoginAsks, nowMs: number): void {
  refuse(limiter.decide(limiter.rowStates(throttleView(reader)), asks, nowMs), nowMs)
}

/** Counts a try before its password is looked at. @throws AppError rate_limit_exceeded; a refused try counts nothing, so that waiting ends */
export function countTryIn(tx: Tx, asks: LoginAsks): void {
  refuse(limiter.decide(limiter.rowStates(throttleRows(tx)), asks, tx.now), tx.now)
}

/** The password was right: the try is given back, the wrong ones before it stay counted. */
export function forgiveIn(tx: Tx, asks: LoginAsks): void {
  limiter.giveBack(limiter.rowStates(throttleRows(tx)), asks, tx.now)
}

/** What a code of the second step is held against. */
export function secondStepAsks(
  core: Core,
  reader: Reader,
  { user, visitor, nowMs }: { user: { id: number; email: string }; visitor: Visitor; nowMs: number },
): LoginAsks {
  const { id: userId, email } = user
  if (isKnown(core, reader, { email, userId, visitor, nowMs }))
    return [askOf(core, THROTTLES.secondStepDevice, `${userId}\n${browserHashOf(core, visitor)}`)]
  return [askOf(core, THROTTLES.secondStep, String(userId))]
}

/** What the answer of a passkey is held against: nobody guesses one, but to look at each costs time. */
export const passkeyAsks = (core: Core, visitor: Visitor): LoginAsks => [
  askOf(core, THROTTLES.network, networkOf(visitor.ip)),
]

/** @returns false when enough mails about copied passkeys went out already */
export const countPasskeyTroubleIn = (core: Core, tx: Tx, userId: number): boolean =>
  limiter.decide(limiter.rowStates(throttleRows(tx)), [askOf(core, THROTTLES.passkeyTrouble, String(userId))], tx.now)
    .admitted

/** @returns false when enough mails about new devices went out already */
export const countNewDeviceIn = (core: Core, tx: Tx, userId: number): boolean =>
  limiter.decide(limiter.rowStates(throttleRows(tx)), [askOf(core, THROTTLES.newDevice, String(userId))], tx.now)
    .admitted

/** @throws AppError rate_limit_exceeded for who signs in over and over */
export function countEntryIn(core: Core, tx: Tx, email: string): void {
  refuse(limiter.decide(limiter.rowStates(throttleRows(tx)), [askOf(core, THROTTLES.entries, email)], tx.now), tx.now)
}

/** @throws AppError rate_limit_exceeded for a network that brings answer after answer of issuers */
export function countIssuerAnswerIn(core: Core, tx: Tx, visitor: Visitor): void {
  const asks = [askOf(core, THROTTLES.issuerAnswers, networkOf(visitor.ip))]
  refuse(limiter.decide(limiter.rowStates(throttleRows(tx)), asks, tx.now), tx.now)
}

/** This browser's wrong tries at the account are forgotten: whoever reads its mail has proved more. */
export function forgiveDeviceIn(core: Core, tx: Tx, who: { email: string; visitor: Visitor }): void {
  const { key, rule } = deviceAsk(core, who.email, who.visitor)
  deleteThrottle(tx, key, rule.name)
}

/** @param sent.email null = the form came again and no mail goes out; @param sent.isStranger nobody is signed in here */
export interface CodeSent {
  email: string | null
  isStranger: boolean
}

function codeAsks(core: Core, visitor: Visitor, { email, isStranger }: CodeSent): limiter.LimitAsk[] {
  const asks = [askOf(core, THROTTLES.codesFromNetwork, networkOf(visitor.ip))]
  if (email !== null) asks.push(askOf(core, THROTTLES.codesToAddress, email))
  if (email !== null && isStranger) asks.push(askOf(core, THROTTLES.mailsOfStrangers, ""))
  return asks
}

/** A look that counts nothing. @throws AppError rate_limit_exceeded; known and unknown addresses count alike */
export function refuseCode(core: Core, reader: Reader, visitor: Visitor, sent: CodeSent, nowMs: number): void {
  refuse(limiter.decide(limiter.rowStates(throttleView(reader)), codeAsks(core, visitor, sent), nowMs), nowMs)
}

/** @throws AppError rate_limit_exceeded */
export function countCodeIn(core: Core, tx: Tx, visitor: Visitor, sent: CodeSent): void {
  refuse(limiter.decide(limiter.rowStates(throttleRows(tx)), codeAsks(core, visitor, sent), tx.now), tx.now)
}

/**
 * Counts one reset link for this address and network, whether or not the address has an account.
 * @returns false when a link to it went out a moment ago, so that pressing twice sends one mail
 * @throws AppError rate_limit_exceeded
 */
export function countResetIn(
  core: Core,
  tx: Tx,
  visitor: Visitor,
  to: { email: string; userId: number | null },
): boolean {
  const { email, userId } = to
  const states = limiter.rowStates(throttleRows(tx))
  const isFirst = limiter.decide(states, [askOf(core, THROTTLES.resetAgain, email)], tx.now).admitted
  const asks = [askOf(core, THROTTLES.resetsFromNetwork, networkOf(visitor.ip))]
  const isOwners = isKnown(core, tx, { email, userId: userId ?? NOBODY, visitor, nowMs: tx.now })
  const isStranger = userId === null || !isOwners
  if (isFirst && isStranger)
    asks.push(askOf(core, THROTTLES.resetsToAddress, email), askOf(core, THROTTLES.mailsOfStrangers, ""))
  refuse(limiter.decide(states, asks, tx.now), tx.now)
  return isFirst
}

const WORDS: Record<string, (wait: string) => string> = {
  [THROTTLES.entries.name]: (wait) => `This account was signed in to too often. Wait ${wait}, then try again.`,
  [THROTTLES.secondStep.name]: (wait) => `Too many codes were wrong. Wait ${wait}, then try again.`,
  [THROTTLES.secondStepDevice.name]: (wait) => `Too many codes were wrong. Wait ${wait}, then try again.`,
  [THROTTLES.network.name]: (wait) => `Too many tries from your network. Wait ${wait}, then try again.`,
  [THROTTLES.issuerAnswers.name]: (wait) => `Too many sign-ins from your network. Wait ${wait}, then try again.`,
  [THROTTLES.codesToAddress.name]: (wait) => `Too many codes went to this address. Wait ${wait} for the next one.`,
  [THROTTLES.codesFromNetwork.name]: (wait) => `Too many codes were asked for from your network. Wait ${wait}.`,
  [THROTTLES.resetsToAddress.name]: (wait) => `Too many links went to this address. Use the last one, or wait ${wait}.`,
  [THROTTLES.resetsFromNetwork.name]: (wait) => `Too many links were asked for from your network. Wait ${wait}.`,
  [THROTTLES.mailsOfStrangers.name]: (wait) => `Many people ask for mails right now. Wait ${wait}, then try again.`,
}
const TRIES = (wait: string) =>
  `Too many tries. Wait ${wait}, then try again, or get a link for a new password by mail.`

function refuse(decision: limiter.LimitDecision, nowMs: number): void {
  const { refusedBy, retryAtMs } = decision
  if (!refusedBy) return
  const seconds = Math.max(1, Math.ceil(((retryAtMs ?? nowMs) - nowMs) / 1_000))
  const words = (WORDS[refusedBy.name] ?? TRIES)(inWords(seconds))
  throw new AppError("rate_limit_exceeded", words, { retryAfterSeconds: seconds })
}

/** "1 second", "2 minutes", "3 hours". */
export function inWords(seconds: number): string {
  const [count, unit] =
    seconds < 60
      ? [seconds, "second"]
      : seconds < 3_600
        ? [Math.ceil(seconds / 60), "minute"]
        : [Math.ceil(seconds / 3_600), "hour"]
  return `${count} ${unit}${count === 1 ? "" : "s"}`
}
