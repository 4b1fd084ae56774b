// Making people, their roles, and shutting them out. A user exists only with a principal of the same integer.
import { AppError, invariant, LIMITS, nameProblem, tidyName } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { houseNameIn } from "../brand/index.ts"
import type { Reader, Tx, WriteContext } from "../store/index.ts"
import type { Core } from "./core.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { ADDRESS_WORDS, normaliseEmail, normalisePassword, passwordProblem } from "./rules.ts"
import { endSessionsIn } from "./sessions.ts"
import { voidLoginLinks } from "./store/login-links.ts"
import { voidResets } from "./store/resets.ts"
import * as rows from "./store/users.ts"
import type { NewUser, SignUpInput, User } from "./types.ts"

/** A person may go without a name. */
function readName(
  reader: Reader,
  raw: string | null | undefined,
  kept?: string | null,
): { name: string | null; problem: string | null } {
  const name = tidyName(raw)
  if (name === "") return { name: null, problem: null }
  const rule = { of: "person", charsMax: L.nameCharsMax, house: houseNameIn(reader), kept } as const
  return { name, problem: nameProblem(name, rule) }
}

export interface CleanSignUp {
  email: string
  password: string
  name: string | null
}

/** Checks a sign-up form. @throws AppError validation_failed with words per field */
export function cleanSignUp(core: Pick<Core, "store">, input: SignUpInput): CleanSignUp {
  const email = normaliseEmail(input.email)
  const { name, problem } = readName(core.store.read, input.name)
  const password = passwordProblem(input.password, email)
  const formErrors = {
    ...(email ? {} : { email: ADDRESS_WORDS }),
    ...(password ? { password } : {}),
    ...(problem ? { name: problem } : {}),
  }
  if (!email || problem || password) {
    throw new AppError("validation_failed", "Check the marked fields.", { formErrors })
  }
  return { email, name, password: normalisePassword(input.password) }
}

/** @see Identity.createUserIn */
export function createUserIn(core: Core, tx: Tx, input: NewUser): User {
  const email = normaliseEmail(input.email)
  invariant(email, "createUserIn gets a whole email address")
  if (rows.accountByEmail(tx, email)) {
    const words = "This address already has an account. Sign in instead."
    throw new AppError("validation_failed", words, { formErrors: { email: words } })
  }
  const id = rows.insertUser(tx, { ...input, email, name: input.name ?? null, publicId: core.ids.next("usr") })
  // No personal data here: the audit log outlives an erased account.
  auditIn(tx, { action: "user.created", subject: userIn(tx, id).publicId })
  promoteConfiguredIn(core, tx, userIn(tx, id))
  return userIn(tx, id)
}

/** @see Identity.createUser */
export async function createUser(
  core: Core,
  ctx: WriteContext,
  input: SignUpInput & { isAdmin?: boolean },
): Promise<User> {
  const { email, name, password } = cleanSignUp(core, input)
  const passwordHash = await core.hasher.withSlot((slot) => slot.hash(password))
  return core.store.write(ctx, (tx) => {
    const user = createUserIn(core, tx, { email, name, passwordHash, emailVerified: true })
    return input.isAdmin ? setAdminIn(tx, { userId: user.id, isAdmin: true }) : user
  })
}

/** @see Identity.setName */
export function setNameIn(tx: Tx, input: { userId: number; name: string }): User {
  const user = requireActiveIn(tx, input.userId)
  const { name, problem } = readName(tx, input.name, user.name)
  if (problem) throw new AppError("validation_failed", "Check the marked fields.", { formErrors: { name: problem } })
  if (user.name === name) return user
  rows.setName(tx, user.id, name)
  // The names themselves are personal data and the audit log outlives an erased account.
  auditIn(tx, { action: "user.renamed", subject: user.publicId })
  return userIn(tx, user.id)
}

/** @throws AppError not_found */
export function userIn(tx: Tx, userId: number): User {
  const user = rows.userById(tx, userId)
  if (!user || user.status === "deleted") throw new AppError("not_found", "There is no such user.")
  return user
}

/** @see Identity.requireActiveIn */
export function requireActiveIn(tx: Tx, userId: number): User {
  const user = userIn(tx, userId)
  if (user.status === "active") return user
  throw new AppError("account_suspended", "This account is suspended. Ask the people who run this service why.")
}

/** Addresses named in `PURSER_ADMINS` become admins as soon as they are proved. */
export function promoteConfiguredIn(core: Core, tx: Tx, user: User): User {
  if (user.isAdmin || !user.emailVerified || !core.adminEmails.has(user.email)) return user
  return setAdminIn(tx, { userId: user.id, isAdmin: true })
}

/** @see Identity.setAdminIn */
export function setAdminIn(tx: Tx, input: { userId: number; isAdmin: boolean }): User {
  const user = userIn(tx, input.userId)
  if (user.isAdmin === input.isAdmin) return user
  if (input.isAdmin && !user.emailVerified) {
    throw new AppError("conflict", "This person has not verified their email address yet.")
  }
  if (input.isAdmin && user.testOf !== null) throw new AppError("conflict", "A test user cannot be an admin.")
  if (!input.isAdmin) refuseLastAdmin(tx, user)
  rows.setAdmin(tx, user.id, input.isAdmin)
  if (!input.isAdmin) voidLoginLinks(tx, user.id)
  auditIn(tx, { action: input.isAdmin ? "user.admin_granted" : "user.admin_removed", subject: user.publicId })
  return userIn(tx, user.id)
}

/** @throws AppError conflict */
export function refuseLastAdmin(tx: Tx, user: User): void {
  if (!user.isAdmin || rows.otherAdmins(tx, user.id) > 0) return
  throw new AppError("conflict", "This is the only admin. Make somebody else an admin first.")
}

/** @see Identity.suspendIn */
export function suspendIn(core: Core, tx: Tx, input: { userId: number; reason: string }): User {
  const user = userIn(tx, input.userId)
  if (user.status === "suspended") return user
  if (tx.ctx.actor === `admin:${user.publicId}`) throw new AppError("conflict", "You cannot suspend yourself.")
  refuseLastAdmin(tx, user)
  const reason = reasonOf(input.reason)
  rows.setStatus(tx, user.id, "suspended", reason)
  voidResets(tx, user.email)
  voidLoginLinks(tx, user.id)
  const suspended = userIn(tx, user.id)
  endSessionsIn(core, tx, { person: suspended, reason: "suspended", act: "suspended" })
  auditIn(tx, {
    action: "user.suspended",
    subject: user.publicId,
    before: { status: user.status },
    after: { status: "suspended", reason },
  })
  tx.afterCommit(() => core.notActive.add(user.id))
  return suspended
}

/** Sessions that ended stay ended: the person signs in again. */
export function unsuspendIn(core: Core, tx: Tx, input: { userId: number; reason: string }): User {
  const user = userIn(tx, input.userId)
  if (user.status === "active") return user
  const reason = reasonOf(input.reason)
  rows.setStatus(tx, user.id, "active", reason)
  const active = userIn(tx, user.id)
  core.lifecycle.tellIn(tx, "reinstated", active)
  auditIn(tx, {
    action: "user.unsuspended",
    subject: user.publicId,
    before: { status: user.status },
    after: { status: "active", reason },
  })
  tx.afterCommit(() => core.notActive.delete(user.id))
  return active
}

function reasonOf(text: string): string {
  const reason = text.trim().slice(0, LIMITS.reasonCharsMax)
  if (reason) return reason
  const words = "Give a reason, in a few words. Other admins will read it."
  throw new AppError("validation_failed", words, { formErrors: { reason: words } })
}
