// Joining: whoever an issuer brought proves that the account with their address is theirs, by its password or by a code that is mailed
// there, and by a code of their app where that is on. Only then is the issuer's account connected.
import type { Tx } from "../../store/index.ts"
import { isOnItsWay, isWaiting, pendingOf, readCode, sendCodeIn, tryCodeIn, wrongCode } from "../codes.ts"
import { type Core, visitorCtx } from "../core.ts"
import { joinCode } from "../mails.ts"
import { provePassword, refused } from "../password.ts"
import { isOn } from "../second-step/index.ts"
import { codeOf } from "../store/guards.ts"
import { forgiveIn } from "../throttle.ts"
import type { PendingCode, Visitor } from "../types.ts"
import { requireActiveIn } from "../users.ts"
import { enterIn } from "./enter.ts"
import { joinOver, type OpenJoin, openJoin } from "./join-seal.ts"
import { linkIn } from "./link.ts"
import type { Joined, WaitingJoin } from "./types.ts"

const PURPOSE = "join"

/** One code waits per account and browser. */
const keyOf = (core: Core, visitor: Visitor, userId: number): string =>
  core.keyring.hmac("browser", `${visitor.browserId}\njoin\n${userId}`)

/** @see FederationVerbs.waitingJoinOf */
export function waitingJoinOf(core: Core, visitor: Visitor, join: string): WaitingJoin | null {
  const { read } = core.store
  const open = openJoin(core, read, visitor, join, core.clock.now())
  if (!open) return null
  const { user, passwordHash } = open.account
  const row = codeOf(read, PURPOSE, keyOf(core, visitor, user.id))
  const isOpen = isWaiting(row, core.clock.now()) && row.email === user.email
  return {
    email: user.email,
    issuerName: open.elsewhere.issuerName,
    hasPassword: passwordHash !== null,
    code: isOpen ? pendingOf(row) : null,
  }
}

/** @see FederationVerbs.joinByPassword */
export async function joinByPassword(
  core: Core,
  visitor: Visitor,
  input: { join: string; password: string },
): Promise<Joined> {
  const before = openJoin(core, core.store.read, visitor, input.join, core.clock.now())
  if (!before) throw joinOver()
  if (input.password === "") throw refused({ current: "Enter your password." })
  return core.hasher.withSlot(async (slot) => {
    const ctx = visitorCtx(visitor, "join an account by its password")
    const asks = await provePassword(core, slot, { ctx, visitor, account: before.account, current: input.password })
    return core.store.write(ctx, (tx) => {
      // Opened again: it ends with the password that was proved.
      const open = openJoin(core, tx, visitor, input.join, tx.now)
      if (!open) throw joinOver()
      forgiveIn(tx, asks)
      return joinIn(core, tx, visitor, open, "pwd")
    })
  })
}

/** @see FederationVerbs.sendJoinCode */
export const sendJoinCode = (core: Core, visitor: Visitor, join: string): Promise<PendingCode> =>
  core.store.write(visitorCtx(visitor, "mail a code to join an account"), (tx) => {
    const open = openJoin(core, tx, visitor, join, tx.now)
    if (!open) throw joinOver()
    const { id, email } = open.account.user
    const browserHash = keyOf(core, visitor, id)
    const row = codeOf(tx, PURPOSE, browserHash)
    if (isOnItsWay(row, email, tx.now)) return pendingOf(row)
    return sendCodeIn(core, tx, visitor, {
      purpose: PURPOSE,
      browserHash,
      email,
      name: null,
      passwordHash: null,
      isTaken: false,
      mails: { code: joinCode },
    })
  })

/** @see FederationVerbs.joinByCode */
export async function joinByCode(core: Core, visitor: Visitor, input: { join: string; code: string }): Promise<Joined> {
  const code = readCode(input.code)
  const outcome = await core.store.write(visitorCtx(visitor, "join an account by a mailed code"), (tx) => {
    const open = openJoin(core, tx, visitor, input.join, tx.now)
    if (!open) throw joinOver()
    const browserHash = keyOf(core, visitor, open.account.user.id)
    const tried = tryCodeIn(core, tx, { purpose: PURPOSE, browserHash, code })
    // A wrong try is counted by a body that ends.
    if (tried.is !== "right") return tried
    if (tried.row.email !== open.account.user.email) throw joinOver()
    return { is: "joined" as const, joined: joinIn(core, tx, visitor, open, "otp") }
  })
  if (outcome.is === "joined") return outcome.joined
  throw wrongCode(outcome)
}

/** Connected at once, or, where a code of the app is asked for, with that code. */
function joinIn(core: Core, tx: Tx, visitor: Visitor, { account, elsewhere, by }: OpenJoin, amr: string): Joined {
  const user = requireActiveIn(tx, account.user.id)
  const waits = isOn(tx, user.id) && !by.isTwoFactor
  if (!waits) linkIn(core, tx, user, elsewhere)
  return enterIn(core, tx, visitor, user, by, waits ? { amr, link: elsewhere } : { amr })
}
