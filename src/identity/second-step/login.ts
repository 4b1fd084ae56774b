// The second step of a sign-in. Between the steps nothing stands in the database: what says that the password was right is sealed for this
// browser, so that several sign-ins can wait at once, and none of them can be taken elsewhere.
import { AppError, MINUTE_MS, sha256Hex } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { browserHashOf, type Core, visitorCtx } from "../core.ts"
import { type Elsewhere, linkIn } from "../federation/link.ts"
import { recoveryUsed } from "../mails.ts"
import { startSessionIn } from "../sessions.ts"
import { type Account, accountById } from "../store/users.ts"
import { countEntryIn } from "../throttle.ts"
import type { StartedSession, Visitor } from "../types.ts"
import { promoteConfiguredIn, requireActiveIn } from "../users.ts"
import { takeCodeIn, wrongCode } from "./enrol.ts"
import { recoveryLeft } from "./store.ts"
import type { WaitingStep } from "./types.ts"

const STEP_MS = 10 * MINUTE_MS
const PURPOSE = "second-step"
/** With what is connected afterwards. */
const CHARS_MAX = 3_000

interface Sealed {
  userId: number
  /** Of the password's hash: a new password ends the sign-ins that wait. */
  proof: string
  /** How it was proved who they are. */
  amr: string
  /** What is connected once they are in. */
  link?: Elsewhere
  expiresMs: number
}

const placeOf = (core: Core, visitor: Visitor): string => `browser:${browserHashOf(core, visitor)}`
const proofOf = ({ passwordHash }: Account): string => sha256Hex(passwordHash ?? "").slice(0, 32)

/** @param account whose password was right a moment ago; or who came in otherwise, as `by` says */
export function waitForCode(
  core: Core,
  visitor: Visitor,
  account: Account,
  nowMs: number,
  by: Pick<Sealed, "amr" | "link"> = { amr: "pwd" },
): WaitingStep {
  const sealed: Sealed = { userId: account.user.id, proof: proofOf(account), ...by, expiresMs: nowMs + STEP_MS }
  return { step: core.keyring.seal(PURPOSE, placeOf(core, visitor), JSON.stringify(sealed)) }
}

/** The account behind a step that still counts. */
function waiting(
  core: Core,
  reader: Reader,
  visitor: Visitor,
  step: string,
  nowMs: number,
): (Account & { sealed: Sealed }) | null {
  if (step.length > CHARS_MAX) return null
  let sealed: Sealed
  try {
    sealed = JSON.parse(core.keyring.open(PURPOSE, placeOf(core, visitor), step)) as Sealed
  } catch {
    return null
  }
  const account = nowMs < sealed.expiresMs ? accountById(reader, sealed.userId) : null
  const isAlive = account && account.user.status !== "deleted" && proofOf(account) === sealed.proof
  return isAlive ? { ...account, sealed } : null
}

/** @see SecondStepVerbs.waitingStepOf */
export function waitingStepOf(core: Core, visitor: Visitor, step: string): { email: string } | null {
  const account = waiting(core, core.store.read, visitor, step, core.clock.now())
  return account && { email: account.user.email }
}

/** @see SecondStepVerbs.completeLogin */
export async function completeLogin(
  core: Core,
  visitor: Visitor,
  { step, code }: { step: string; code: string },
): Promise<StartedSession> {
  const started = await core.store.write(visitorCtx(visitor, "sign in, second step"), (tx) =>
    enterIn(core, tx, visitor, step, code),
  )
  if (started === null) throw wrongCode(code)
  return started
}

function enterIn(core: Core, tx: Tx, visitor: Visitor, step: string, code: string): StartedSession | null {
  const account = waiting(core, tx, visitor, step, tx.now)
  if (!account) throw new AppError("unauthenticated", "This sign-in took too long. Start it again.")
  const active = requireActiveIn(tx, account.user.id)
  const by = takeCodeIn(core, tx, visitor, active, code)
  if (by === null) return null
  if (account.sealed.link) linkIn(core, tx, active, account.sealed.link)
  const user = promoteConfiguredIn(core, tx, active)
  countEntryIn(core, tx, user.email)
  if (by === "recovery") {
    const data = { left: recoveryLeft(tx, user.id) }
    core.mails.queueIn(tx, recoveryUsed, { to: user.email, data, uselessAfterMs: null })
  }
  // RFC 8176: a password, a one-time code, so several factors.
  const amr = `${account.sealed.amr} otp mfa`
  return startSessionIn(core, tx, { user, visitor, kind: "auth", parent: null, amr, authTimeMs: tx.now })
}
