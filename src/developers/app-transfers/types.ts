// The nouns of handing an app over: one developer offers it to an address, whoever has that address takes it or not.
import type { ClientId, Clock, Ids, UserId } from "../../app/index.ts"
import type { Mails } from "../../mail/index.ts"
import type { Media } from "../../media/index.ts"
import type { Client, Oauth } from "../../oauth/index.ts"
import type { Store, Tx } from "../../store/index.ts"
import type { Teams } from "../../teams/index.ts"

export type TransferState = "open" | "accepted" | "declined" | "revoked" | "expired"

export interface AppTransfer {
  id: number
  /** `atr_…` */
  publicId: string
  clientId: ClientId
  /** Who hands it over. */
  userId: UserId
  /** Null once it is over. */
  toEmail: string | null
  toUserId: UserId | null
  state: TransferState
  createdMs: number
  endsMs: number
  decidedMs: number | null
}

export interface OfferApp {
  ownerId: UserId
  clientPublicId: string
  email: string
}

export interface AcceptApp {
  userId: UserId
  /** A team that they build for takes it; left out: they do. */
  to?: UserId
  transferPublicId: string
  /** Where the app sends people from now on; the app's of now where it is left out. */
  redirectUris?: readonly string[]
}

export interface Person {
  id: UserId
  publicId: string
  email: string
  emailVerified: boolean
  name: string | null
}

export interface AppTransfersDeps {
  store: Store
  clock: Clock
  ids: Ids
  oauth: Pick<Oauth, "clientById" | "clientByPublicId" | "moveClientIn">
  media: Pick<Media, "handOverIn">
  mails: Pick<Mails, "queueIn">
  identity: {
    requireActiveIn(tx: Tx, userId: UserId): { publicId: string }
    userById(id: UserId): Person | null
  }
  teams: Pick<Teams, "mayFor" | "of">
  /** The current agreement, accepted. @throws AppError forbidden */
  requireDeveloperIn(tx: Tx, userId: UserId): unknown
  /** As people read the developer's name. */
  nameOf(userId: UserId): string
}

export interface AppTransfers {
  /** The offer that stands for an app. */
  openOf(clientId: ClientId): AppTransfer | null
  /** Offers to this person's verified address, newest first. */
  offeredTo(userId: UserId): AppTransfer[]
  /** An open offer to this person. @throws AppError not_found */
  offer(userId: UserId, transferPublicId: string): { transfer: AppTransfer; client: Client }
  /**
   * The answer is the same whether anybody has the address here.
   * @throws AppError not_found, conflict (one is open, suspended, deleted, too many within a day), validation_failed (email)
   */
  offerIn(tx: Tx, input: OfferApp): AppTransfer
  /** @throws AppError not_found */
  revokeIn(tx: Tx, input: Pick<OfferApp, "ownerId" | "clientPublicId">): void
  /** @throws AppError not_found */
  declineIn(tx: Tx, input: Pick<AcceptApp, "userId" | "transferPublicId">): void
  /** @throws AppError not_found, forbidden (no agreement, no right in the team), conflict, account_suspended (either), validation_failed (redirectUris) */
  acceptIn(tx: Tx, input: AcceptApp): Client
  /** Ends what is too old, and forgets what was over long ago. @returns rows it took */
  sweepIn(tx: Tx, rows: number): number
}
