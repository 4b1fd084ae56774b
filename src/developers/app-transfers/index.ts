// The door of handing apps over: offered to an address, taken back, declined, accepted. What an offer is worth is read again in the body that
// accepts it: the app may be gone, suspended, or another's; either of the two may be suspended; the offer may be over.
import { AppError, DAY_MS, ensure, invariant, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { normaliseEmail } from "../../identity/index.ts"
import type { Client } from "../../oauth/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { may } from "../../teams/index.ts"
import { revokeAllIn } from "../app-keys/index.ts"
import { forgetNotes } from "../app-reviews/index.ts"
import { APP_TRANSFER_LIMITS as L } from "./limits.ts"
import { appTransferAsked, appTransferEnded, appTransferOffered, type TransferEndedData } from "./mails.ts"
import * as rows from "./store.ts"
import type { AcceptApp, AppTransfer, AppTransfers, AppTransfersDeps, OfferApp } from "./types.ts"

export { appTransferAsked, appTransferEnded, appTransferOffered } from "./mails.ts"
export type * from "./types.ts"

const GONE = "This offer is over, or it was not made to you."

export function createAppTransfers(deps: AppTransfersDeps): AppTransfers {
  const { read } = deps.store
  return {
    openOf: (clientId) => rows.openOf(read, clientId),
    offeredTo: (userId) => openTo(deps, read, userId),
    offer: (userId, transferPublicId) => offerTo(deps, read, { userId, transferPublicId }),
    offerIn: (tx, input) => offerIn(deps, tx, input),
    revokeIn: (tx, input) => revokeIn(deps, tx, input),
    declineIn: (tx, input) => declineIn(deps, tx, input),
    acceptIn: (tx, input) => acceptIn(deps, tx, input),
    sweepIn(tx, most) {
      const expired = rows.expire(tx, most)
      return expired + rows.deleteDecidedBefore(tx, tx.now - L.keptMs, most - expired)
    },
  }
}

/** Another developer's app is not there. */
function ownApp({ oauth }: AppTransfersDeps, { ownerId, clientPublicId }: Omit<OfferApp, "email">): Client {
  const client = oauth.clientByPublicId(clientPublicId)
  ensure(client && client.ownerId === ownerId && client.removedMs === null, "not_found", "You have no such app.")
  return client
}

function offerIn(deps: AppTransfersDeps, tx: Tx, input: OfferApp): AppTransfer {
  const { publicId: from } = deps.identity.requireActiveIn(tx, input.ownerId)
  const client = ownApp(deps, input)
  ensure(client.suspendedMs === null, "conflict", "An app that is suspended or deleted is not handed over.")
  const open = rows.openOf(tx, client.id)
  if (open && open.endsMs > tx.now) throw new AppError("conflict", "This app is offered already. Take that back first.")
  if (open) rows.decide(tx, open.id, "expired")
  const toEmail = checkedEmail(deps, input)
  ensure(
    rows.madeSince(tx, input.ownerId, tx.now - DAY_MS) < L.perDayMax,
    "conflict",
    `You offered apps ${L.perDayMax} times within a day, the most there may be. Try again tomorrow.`,
  )
  const publicId = deps.ids.next("atr")
  rows.insertTransfer(tx, { publicId, clientId: client.id, userId: input.ownerId, toEmail, endsMs: tx.now + L.openMs })
  // Whose address it is stays out of the log: it may be a stranger's.
  auditIn(tx, { action: "app.offered", subject: client.publicId, after: { transfer: publicId, developer: from } })
  const uselessAfterMs = tx.now + L.openMs
  deps.mails.queueIn(tx, appTransferOffered, {
    to: toEmail,
    data: { app: client.name, from: deps.nameOf(input.ownerId), transfer: publicId },
    uselessAfterMs,
  })
  deps.mails.queueIn(tx, appTransferAsked, {
    to: deps.identity.userById(input.ownerId)!.email,
    data: { app: client.name, clientId: client.publicId, to: toEmail },
    uselessAfterMs,
  })
  return rows.byPublicId(tx, publicId)!
}

function checkedEmail({ identity, teams }: AppTransfersDeps, { email, ownerId }: OfferApp): string {
  const normal = normaliseEmail(email)
  // What somebody offers themselves they take over for a team.
  const buildsElsewhere = () => teams.of(ownerId).some(({ role }) => may(role, "build"))
  const problem =
    normal === null
      ? "Enter an email address such as ada@example.com."
      : normal === identity.userById(ownerId)?.email && !buildsElsewhere()
        ? "This is your own address. The app is yours already."
        : null
  if (problem) throw new AppError("validation_failed", problem, { formErrors: { email: problem } })
  invariant(normal !== null, "an address without a problem is one")
  return normal
}

function revokeIn(deps: AppTransfersDeps, tx: Tx, ref: Omit<OfferApp, "email">): void {
  const client = ownApp(deps, ref)
  const open = rows.openOf(tx, client.id)
  ensure(open && rows.decide(tx, open.id, "revoked"), "not_found", "This app is offered to nobody.")
  auditIn(tx, { action: "app.offer_ended", subject: client.publicId, before: { transfer: open.publicId } })
}

/** By an address that is proven to be theirs now. */
function openTo(deps: AppTransfersDeps, reader: Reader, userId: UserId): AppTransfer[] {
  const person = deps.identity.userById(userId)
  if (!person?.emailVerified) return []
  return rows.openFor(reader, person.email).filter((one) => isStanding(deps, one))
}

/** Offered by whoever has the app now, and not over. */
function isStanding({ oauth, clock }: AppTransfersDeps, transfer: AppTransfer): boolean {
  const client = oauth.clientById(transfer.clientId)
  return client?.ownerId === transfer.userId && client.suspendedMs === null && transfer.endsMs > clock.now()
}

type ToRef = Pick<AcceptApp, "userId" | "transferPublicId">

function offerTo(deps: AppTransfersDeps, reader: Reader, { userId, transferPublicId }: ToRef) {
  const transfer = openTo(deps, reader, userId).find(({ publicId }) => publicId === transferPublicId)
  const client = transfer && deps.oauth.clientById(transfer.clientId)
  ensure(transfer && client, "not_found", GONE)
  return { transfer, client }
}

function declineIn(deps: AppTransfersDeps, tx: Tx, ref: ToRef): void {
  const { transfer, client } = offerTo(deps, tx, ref)
  rows.decide(tx, transfer.id, "declined", ref.userId)
  auditIn(tx, { action: "app.offer_ended", subject: client.publicId, before: { transfer: transfer.publicId } })
  tellIn(deps, tx, transfer.userId, {
    app: client.name,
    other: "",
    outcome: "declined",
    path: `/developer/apps/${client.publicId}`,
  })
}

function acceptIn(deps: AppTransfersDeps, tx: Tx, { redirectUris, to, ...ref }: AcceptApp): Client {
  deps.identity.requireActiveIn(tx, ref.userId)
  const maker = makerIn(deps, tx, ref.userId, to ?? ref.userId)
  const { transfer, client } = offerTo(deps, tx, ref)
  deps.requireDeveloperIn(tx, maker)
  // Whoever offered it and was suspended since may not be who they said.
  deps.identity.requireActiveIn(tx, transfer.userId)
  ensure(rows.decide(tx, transfer.id, "accepted", ref.userId), "not_found", GONE)
  const from = transfer.userId
  const moved = deps.oauth.moveClientIn(tx, {
    from,
    to: maker,
    clientPublicId: client.publicId,
    redirectUris: redirectUris ?? client.redirectUris,
  })
  revokeAllIn(tx, moved)
  forgetNotes(tx, client.id)
  deps.media.handOverIn(tx, { purpose: "icon", subject: client.publicId }, maker)
  const data = { app: client.name, path: "/developer" } as const
  tellIn(deps, tx, from, { ...data, other: deps.nameOf(maker), outcome: "given" })
  const path = `/developer/apps/${client.publicId}`
  tellIn(deps, tx, maker, { ...data, other: deps.nameOf(from), outcome: "taken", path })
  return moved
}

/** Whoever accepts takes it for themselves, or for a team that they build for. @throws AppError forbidden */
function makerIn({ teams }: AppTransfersDeps, tx: Tx, userId: UserId, maker: UserId): UserId {
  ensure(teams.mayFor(tx, userId, maker, "build"), "forbidden", "Your role in this team does not allow that.")
  return maker
}

function tellIn({ identity, mails }: AppTransfersDeps, tx: Tx, userId: UserId, data: TransferEndedData): void {
  const person = identity.userById(userId)
  if (person) mails.queueIn(tx, appTransferEnded, { to: person.email, data, uselessAfterMs: null })
}
