// Who comes in with an issuer's word, decided in one body: people are known by issuer and subject alone. An address brings somebody to
// an account only when both sides proved it and, where that account has an owner, after a proof of theirs (CVE-2026-53516).
import { AppError, ensure, sha256Hex } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { isSessionAlive } from "../rules.ts"
import { deleteSecondStep } from "../second-step/index.ts"
import { endSessionsIn } from "../sessions.ts"
import { sessionByPublicId } from "../store/sessions.ts"
import { accountByEmail, adoptUnverified } from "../store/users.ts"
import type { User, Visitor } from "../types.ts"
import { createUserIn, promoteConfiguredIn, requireActiveIn } from "../users.ts"
import { confirmIn } from "./confirm.ts"
import { type By, enterIn } from "./enter.ts"
import { domainsOf } from "./issuers.ts"
import { sealJoin } from "./join-seal.ts"
import { linkIn } from "./link.ts"
import { queuePictureIn } from "./picture.ts"
import { domainOf, type Facts } from "./rules.ts"
import { deleteIdentitiesOf, type IssuerRow, identityOf, noteUsed, takeAnswer } from "./store.ts"
import type { Trip } from "./trip.ts"
import type { Arrival } from "./types.ts"

export interface Answer {
  visitor: Visitor
  row: IssuerRow
  trip: Trip
  facts: Facts
}

export type Arrived<Kind = Arrival["kind"]> = Omit<Extract<Arrival, { kind: Kind }>, "interaction">
type AnyArrived = Arrived<"in"> | Arrived<"second"> | Arrived<"join"> | Arrived<"connected"> | Arrived<"confirmed">

/** @throws AppError in words for whoever wants to sign in */
export function arriveIn(core: Core, tx: Tx, answer: Answer): AnyArrived {
  const { row, trip, facts, visitor } = answer
  if (!takeAnswer(tx, sha256Hex(trip.id), trip.expiresMs))
    throw new AppError("access_denied", `This sign-in with ${row.name} was used already. Start again.`)
  // The issuer may have been turned off, or shut its doors to some, while somebody was there.
  refuseForeign(row, facts)
  if (trip.confirms) return confirmIn(core, tx, answer, trip.confirms)
  if (trip.connects) return connectIn(core, tx, answer, trip.connects)
  const known = identityOf(tx, row.issuer, facts.subject)
  const by: By = {
    slug: row.slug,
    isTwoFactor: row.trustsMfa === 1 && facts.amr.includes("mfa"),
    provedMs: provedMsOf(facts, tx.now),
  }
  if (known) {
    const user = requireActiveIn(tx, known.userId)
    noteUsed(tx, known.id, facts.email)
    return enterIn(core, tx, visitor, user, by)
  }
  const email = provedEmail(row, facts)
  const account = accountByEmail(tx, email)
  const firstIn = (user: User) => ({ ...enterIn(core, tx, visitor, user, by), isNew: true })
  if (!account) return firstIn(newcomerIn(core, tx, answer, email))
  requireActiveIn(tx, account.user.id)
  if (!account.user.emailVerified) return firstIn(adoptIn(core, tx, answer, account.user))
  return { kind: "join", join: sealJoin(core, visitor, { account, elsewhere: elsewhereOf(answer), by, nowMs: tx.now }) }
}

const provedMsOf = ({ provedAgoMs }: Facts, nowMs: number): number | null =>
  provedAgoMs === null ? null : Math.max(0, nowMs - provedAgoMs)

export const elsewhereOf = ({ row, facts }: Pick<Answer, "row" | "facts">) => ({
  issuer: row.issuer,
  issuerName: row.name,
  slug: row.slug,
  subject: facts.subject,
  email: facts.email,
})

/** @throws AppError forbidden for an address of no domain that this issuer may bring */
function refuseForeign(row: IssuerRow, { email, emailVerified }: Facts): void {
  const domains = domainsOf(row)
  if (domains.length === 0) return
  if (email !== null && emailVerified && domains.includes(domainOf(email))) return
  throw new AppError(
    "forbidden",
    `Sign-in with ${row.name} is for addresses at ${domains.join(", ")}. Choose another account there, or sign in another way.`,
  )
}

function provedEmail(row: IssuerRow, { email, emailVerified }: Facts): string {
  if (email === null)
    throw new AppError(
      "forbidden",
      `${row.name} did not tell us an email address of yours, which an account here needs.`,
    )
  if (emailVerified) return email
  throw new AppError(
    "forbidden",
    `${row.name} has not verified your email address ${email}. Verify it there, then try again; or sign up here with it.`,
  )
}

function newcomerIn(core: Core, tx: Tx, answer: Answer, email: string): User {
  const { row, facts } = answer
  ensure(
    row.signUp === 1,
    "forbidden",
    `No account here is connected with that ${row.name} account. Sign in another way, then connect it in your settings.`,
  )
  const user = createUserIn(core, tx, { email, name: facts.name, passwordHash: null, emailVerified: true })
  linkIn(core, tx, user, elsewhereOf(answer), false)
  queuePictureIn(core, tx, user, facts.picture)
  return user
}

/** Whoever made this account never proved the address: nothing of theirs may survive, their password least of all. */
function adoptIn(core: Core, tx: Tx, answer: Answer, before: User): User {
  const { facts } = answer
  adoptUnverified(tx, before.id, { name: facts.name, passwordHash: null })
  deleteIdentitiesOf(tx, before.id)
  deleteSecondStep(tx, before.id)
  endSessionsIn(core, tx, { person: before, reason: "verified", act: "passwordChanged" })
  auditIn(tx, { action: "user.verified", subject: before.publicId })
  const user = promoteConfiguredIn(core, tx, requireActiveIn(tx, before.id))
  linkIn(core, tx, user, elsewhereOf(answer), false)
  queuePictureIn(core, tx, user, facts.picture)
  return user
}

/** A person who is signed in here, and proved it a moment ago, adds a way in. */
function connectIn(
  core: Core,
  tx: Tx,
  answer: Answer,
  { userId, sessionPublicId }: NonNullable<Trip["connects"]>,
): Arrived<"connected"> {
  const user = requireActiveIn(tx, userId)
  const session = sessionByPublicId(tx, userId, sessionPublicId)
  if (!session || !isSessionAlive(session, tx.now))
    throw new AppError("unauthenticated", "You were signed out in the meantime. Sign in, then connect once more.")
  linkIn(core, tx, user, elsewhereOf(answer))
  return { kind: "connected", name: answer.row.name }
}
