// Counters of failed logins and sent codes. Rows, decided in their body, so that parallel tries are counted exactly and
// a restart forgives nothing. Keys are HMACs: no address is stored here.
import { AppError, nextDayMs } from "../app/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { browserHashOf, type Kit } from "./kit.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { type Counter, delayAfterMs, failuresAt, networkOf, usesToday } from "./rules.ts"
import { counterOf, deleteCounter, saveCounter } from "./store/guards.ts"
import { isKnownBrowser } from "./store/sessions.ts"
import type { Visitor } from "./types.ts"

interface Guard {
  scope: string
  keyHash: string
  freeTries: number
  maxMs: number
}

export interface LoginGuards {
  account: Guard
  network: Guard
}

const keyHash = (kit: Kit, scope: string, value: string): string => kit.keyring.hmac("throttle", `${scope}\n${value}`)

/**
 * The counters a login is held against. A browser that has signed in as this user before has a counter of its own, so
 * that a stranger who guesses cannot lock the owner out (OWASP, device cookies).
 */
export function loginGuards(
  kit: Kit,
  reader: Reader,
  who: { email: string; userId: number | null; visitor: Visitor; nowMs: number },
): LoginGuards {
  const browserHash = browserHashOf(kit, who.visitor)
  const known = who.userId !== null && isKnownBrowser(reader, who.userId, browserHash, who.nowMs - L.sessionKeptMs)
  const account = known ? `${who.email}\n${browserHash}` : who.email
  return {
    account: {
      scope: "login_account",
      keyHash: keyHash(kit, "login_account", account),
      freeTries: L.loginFreeTriesPerAccount,
      maxMs: L.loginDelayMsMax,
    },
    network: {
      scope: "login_network",
      keyHash: keyHash(kit, "login_network", networkOf(who.visitor.ip)),
      freeTries: L.loginFreeTriesPerNetwork,
      maxMs: L.loginNetworkDelayMsMax,
    },
  }
}

/** @throws AppError rate_limit_exceeded while one of the waits runs; counts nothing, so that waiting always ends */
export function refuseBlocked(reader: Reader, guards: LoginGuards, nowMs: number): void {
  const until = Math.max(
    ...[guards.account, guards.network].map((g) => counterOf(reader, g.scope, g.keyHash)?.blockedUntilMs ?? 0),
  )
  if (until <= nowMs) return
  const seconds = Math.ceil((until - nowMs) / 1_000)
  throw new AppError("rate_limit_exceeded", `Too many tries. Wait ${inWords(seconds)}, then try again.`, {
    retryAfterSeconds: seconds,
  })
}

/** Counts a try as failed before its password is looked at; a right password takes it back. */
export function countTryIn(tx: Tx, guards: LoginGuards): void {
  for (const g of [guards.account, guards.network]) {
    const count = failuresAt(counterOf(tx, g.scope, g.keyHash), tx.now) + 1
    const blockedUntilMs = tx.now + delayAfterMs(count, g.freeTries, g.maxMs)
    saveCounter(tx, g.scope, g.keyHash, { count, lastMs: tx.now, blockedUntilMs })
  }
}

/** The account's failures are forgotten; the network's are not, or one good account would pay for endless guesses. */
export function forgiveIn(tx: Tx, { account, network }: LoginGuards): void {
  deleteCounter(tx, account.scope, account.keyHash)
  const counter = counterOf(tx, network.scope, network.keyHash)
  if (!counter) return
  const count = Math.max(0, counter.count - 1)
  saveCounter(tx, network.scope, network.keyHash, { ...counter, count, blockedUntilMs: 0 })
}

/** Daily caps on mails to one address and sign-ups from one network. `email` null = only the network is asked. */
function sendCaps(kit: Kit, visitor: Visitor, email: string | null) {
  const network = { scope: "code_network", value: networkOf(visitor.ip), max: L.codesPerNetworkDayMax }
  const address = { scope: "code_email", value: email ?? "", max: L.codesPerEmailDayMax }
  return (email === null ? [network] : [network, address]).map((cap) => ({
    ...cap,
    keyHash: keyHash(kit, cap.scope, cap.value),
  }))
}

/** @throws AppError rate_limit_exceeded; known and unknown addresses count alike */
export function refuseSends(kit: Kit, reader: Reader, visitor: Visitor, email: string | null, nowMs: number): void {
  for (const cap of sendCaps(kit, visitor, email)) {
    if (usesToday(counterOf(reader, cap.scope, cap.keyHash), nowMs) < cap.max) continue
    const whom = cap.scope === "code_email" ? "to this address" : "from your network"
    throw new AppError("rate_limit_exceeded", `Too many codes were asked for ${whom} today. Try again tomorrow.`, {
      retryAfterSeconds: Math.ceil((nextDayMs(nowMs) - nowMs) / 1_000),
    })
  }
}

export function countSendIn(kit: Kit, tx: Tx, visitor: Visitor, email: string | null): void {
  refuseSends(kit, tx, visitor, email, tx.now)
  for (const cap of sendCaps(kit, visitor, email)) {
    const count = usesToday(counterOf(tx, cap.scope, cap.keyHash), tx.now) + 1
    saveCounter(tx, cap.scope, cap.keyHash, { count, lastMs: tx.now, blockedUntilMs: 0 })
  }
}

/** The account's failures are forgotten, for this browser and for strangers: whoever reads its mail has proved more. */
export function forgiveAccountIn(kit: Kit, tx: Tx, who: { email: string; visitor: Visitor }): void {
  const keys = [who.email, `${who.email}\n${browserHashOf(kit, who.visitor)}`]
  for (const key of keys) deleteCounter(tx, "login_account", keyHash(kit, "login_account", key))
}

/**
 * Counts one reset link for this address and network, whether or not the address has an account.
 * @returns false when a link to it went out a moment ago, so that pressing twice sends one mail
 * @throws AppError rate_limit_exceeded
 */
export function countResetIn(kit: Kit, tx: Tx, visitor: Visitor, email: string): boolean {
  const address = resetCap(kit, tx, "reset_email", email)
  const again = address.counter !== null && tx.now - address.counter.lastMs < L.resetAgainMs
  const network = resetCap(kit, tx, "reset_network", networkOf(visitor.ip))
  refuseFull(network.counter, L.resetsPerNetworkDayMax, tx.now)
  if (!again) refuseFull(address.counter, L.resetsPerEmailDayMax, tx.now)
  for (const { scope, key, counter } of again ? [network] : [network, address]) {
    saveCounter(tx, scope, key, { count: usesToday(counter, tx.now) + 1, lastMs: tx.now, blockedUntilMs: 0 })
  }
  return !again
}

function resetCap(kit: Kit, tx: Tx, scope: string, value: string) {
  const key = keyHash(kit, scope, value)
  return { scope, key, counter: counterOf(tx, scope, key) }
}

function refuseFull(counter: Counter | null, max: number, nowMs: number): void {
  if (usesToday(counter, nowMs) < max) return
  throw new AppError("rate_limit_exceeded", "Too many links were asked for today. Try again tomorrow.", {
    retryAfterSeconds: Math.ceil((nextDayMs(nowMs) - nowMs) / 1_000),
  })
}

/** "1 second", "2 minutes". */
export function inWords(seconds: number): string {
  const [count, unit] = seconds < 60 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"]
  return `${count} ${unit}${count === 1 ? "" : "s"}`
}
