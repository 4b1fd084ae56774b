// The nouns of an app's host: that of its homepage, and whether its developer has shown that it is theirs.
import type { ClientId, Clock, UserId } from "../../app/index.ts"
import type { Proving, SafeFetch } from "../../http/index.ts"
import type { Mails } from "../../mail/index.ts"
import type { Client, Oauth } from "../../oauth/index.ts"
import type { Store, Tx, WriteContext } from "../../store/index.ts"

export type AppHostProvenBy = "dns" | "file" | "admin"

export interface AppHost {
  clientId: ClientId
  userId: UserId
  host: string
  token: string
  provenMs: number | null
  provenBy: AppHostProvenBy | null
  triedMs: number | null
  /** Since when neither record nor file was found; it counts for a while. */
  missingMs: number | null
  createdMs: number
}

/** What to publish, and how far it is. */
export interface AppHostProof extends Pick<AppHost, "host" | "provenMs" | "provenBy" | "triedMs" | "missingMs"> {
  dnsName: string
  dnsValue: string
  fileUrl: string
  fileText: string
}

/** What people may be told. */
export interface VerifiedApp {
  host: string
  /** An admin's word in place of a proof. */
  byAdmin: boolean
}

export interface AppHostRef {
  ownerId: UserId
  clientPublicId: string
}

export interface AppHostsDeps {
  store: Store
  clock: Clock
  oauth: Pick<Oauth, "clientById" | "clientByPublicId">
  mails: Pick<Mails, "queueIn">
  identity: {
    requireActiveIn(tx: Tx, userId: UserId): { publicId: string }
    userById(id: UserId): { email: string } | null
  }
  safeFetch: SafeFetch
  /** Default: the machine's. */
  dns?: Proving
}

export interface AppHosts {
  /** The host that could be proven now; null: the app has no homepage on the web. */
  provable(client: Client): string | null
  /** The claim that stands for the homepage's host. */
  proofOf(client: Client): AppHostProof | null
  /** Null: nothing to tell. The proof counts as long as homepage and every web redirect URI are on the host, or below it. */
  verified(client: Client): VerifiedApp | null
  /** @throws AppError not_found, validation_failed (no homepage) */
  claimIn(tx: Tx, ref: AppHostRef): AppHostProof
  /** Looks for the record and the file. @returns null: neither is there @throws AppError not_found, rate_limit_exceeded */
  check(ctx: WriteContext, ref: AppHostRef): Promise<AppHostProvenBy | null>
  /** Looks again for those that are due. @returns how many */
  lookAgain(rows: number): Promise<number>
  /** An admin's word, or its end. @throws AppError not_found, conflict (no homepage) */
  vouchIn(tx: Tx, input: { clientPublicId: string; verified: boolean }): void
}
