// Whose credits an app spends: its person's, or a team's that they may spend (SPEC TE-1). The choice stands in the permission, so that every token
// under it follows the choice, and it ends with the person's right to spend there.
import { ensure, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import { clientById } from "../client/store.ts"
import type { Core } from "../core.ts"
import { isAiScope } from "../scopes.ts"
import type { Consent } from "../types.ts"
import * as rows from "./store.ts"
import { activeIn, endConsentIn } from "./verbs.ts"

interface ChoosePayer {
  userId: UserId
  consentPublicId: string
  /** Of a team, by its public id; null = their own. */
  payer: string | null
}

/** @throws AppError not_found, forbidden (their role), conflict (test credits, or nothing to spend) */
function chosenIn(core: Core, tx: Tx, consent: Consent, payer: string | null): UserId | null {
  if (payer === null) return null
  ensure(
    clientById(tx, consent.clientId)?.mode === "live",
    "conflict",
    "This app spends test credits, which teams do not have.",
  )
  return core.teams.spendableIn(tx, { userId: consent.userId, team: payer })
}

function setIn(core: Core, tx: Tx, { id }: Pick<Consent, "id">, payerId: UserId | null): void {
  rows.setPayer(tx, id, payerId)
  if (payerId !== null) tx.afterCommit(() => void core.teamPaid.add(id))
}

/** In the team's own log too: whoever pays reads there who lets which app spend. */
function noteIn(tx: Tx, { clientId }: Consent, team: string): void {
  auditIn(tx, { action: "team.app_allowed", subject: team, after: { app: clientById(tx, clientId)?.publicId } })
}

/** With an answer on the consent page: who gives an app nothing to spend gives it nobody's credits. */
export function answerPayerIn(
  core: Core,
  tx: Tx,
  consent: Consent,
  standing: UserId | null,
  payer: string | null | undefined,
): void {
  const spends = consent.scopes.some(isAiScope)
  const payerId = !spends ? null : payer === undefined ? standing : chosenIn(core, tx, consent, payer)
  setIn(core, tx, consent, payerId)
  if (payer && payerId !== null && payerId !== standing) noteIn(tx, consent, payer)
}

/** From the app's next call on. @throws AppError not_found, forbidden, conflict */
export function updatePayerIn(core: Core, tx: Tx, { userId, consentPublicId, payer }: ChoosePayer): void {
  const before = activeIn(tx, userId, consentPublicId)
  ensure(before.scopes.some(isAiScope), "conflict", "This app spends no credits.")
  const payerId = chosenIn(core, tx, before, payer)
  if (payerId === before.payerId) return
  setIn(core, tx, before, payerId)
  auditIn(tx, { action: "consent.payer_changed", subject: before.publicId, after: { payer: payer ?? "own" } })
  if (payer !== null) noteIn(tx, before, payer)
}

/** Somebody may not spend this team's credits any more: no app of theirs does, from this commit on. */
export function endPaidByIn(core: Core, tx: Tx, { userId, payerId }: { userId: UserId; payerId: UserId }): void {
  for (const consent of rows.consentsPaidBy(tx, payerId))
    if (consent.userId === userId) endConsentIn(core, tx, consent, "team")
}

/** Whose credits pay for a call with this consent now. */
export function payerOf(
  core: Core,
  { userId, consentId, developerId }: { userId: UserId; consentId: number | null; developerId: UserId | null },
): UserId {
  // Below no consent and of a developer's app: a test token, which spends what the developer has.
  if (consentId === null) return developerId ?? userId
  if (!core.teamPaid.has(consentId)) return userId
  return rows.payerOf(core.store.read, consentId) ?? userId
}
