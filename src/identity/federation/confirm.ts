// "Confirm that it is you" with an issuer: it asked for the proof a moment ago (`auth_time`), the account there opens this very account, and
// the session is the one in which it was asked. Who has a second factor here needs one there, which the operator trusts.
import { AppError, ensure } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { isSessionAlive } from "../rules.ts"
import { isOn } from "../second-step/index.ts"
import { noteProof, sessionByPublicId } from "../store/sessions.ts"
import { requireActiveIn } from "../users.ts"
import type { Answer, Arrived } from "./arrive.ts"
import { FEDERATED } from "./enter.ts"
import { shown } from "./issuers.ts"
import { FEDERATION_LIMITS as L } from "./limits.ts"
import { type IssuerRow, identitiesOf, identityOf, issuerRows, noteUsed } from "./store.ts"
import type { Trip } from "./trip.ts"
import type { Issuer } from "./types.ts"

/** Google does not say when it asked. */
const isAble = (row: IssuerRow, hasSecond: boolean): boolean =>
  row.active === 1 && row.preset !== "google" && (!hasSecond || row.trustsMfa === 1)

/** @see FederationVerbs.confirmIssuers */
export function confirmIssuers(core: Core, reader: Reader, userId: number): Issuer[] {
  const mine = new Set(identitiesOf(reader, userId).map(({ issuer }) => issuer))
  const hasSecond = isOn(reader, userId)
  return issuerRows(reader)
    .filter((row) => mine.has(row.issuer) && isAble(row, hasSecond))
    .map((row) => shown(core, row))
}

/** @throws AppError in words for whoever wants to go on */
export function confirmIn(
  _core: Core,
  tx: Tx,
  { row, facts }: Answer,
  { userId, sessionPublicId, next }: NonNullable<Trip["confirms"]>,
): Arrived<"confirmed"> {
  const session = sessionByPublicId(tx, userId, sessionPublicId)
  ensure(session && isSessionAlive(session, tx.now), "forbidden", "You were signed out in the meantime. Sign in again.")
  const user = requireActiveIn(tx, session.userId)
  const known = identityOf(tx, row.issuer, facts.subject)
  ensure(
    known?.userId === userId,
    "forbidden",
    `That ${row.name} account is not one of yours here. Choose the other one there.`,
  )
  const { provedAgoMs } = facts
  ensure(
    provedAgoMs !== null && provedAgoMs <= L.confirmMs,
    "forbidden",
    `${row.name} did not ask you just now who you are. Confirm another way.`,
  )
  const isTwoFactor = row.trustsMfa === 1 && facts.amr.includes("mfa")
  if (isOn(tx, userId) && !isTwoFactor)
    throw new AppError(
      "forbidden",
      `${row.name} did not ask for a second factor, which you have here. Confirm another way.`,
    )
  noteUsed(tx, known.id, facts.email)
  noteProof(tx, session.id, isTwoFactor ? `${FEDERATED} mfa` : FEDERATED)
  auditIn(tx, { action: "session.confirmed", subject: user.publicId })
  return { kind: "confirmed", next }
}
