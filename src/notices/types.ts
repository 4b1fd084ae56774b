// Types of notices.
import type { Clock, Ids, Keyring, UserId } from "../app/index.ts"
import type { Mails } from "../mail/index.ts"
import type { Store } from "../store/index.ts"

export type Channel = "mail" | "console" | "webhook"

export interface Notice {
  /** `ntc_…` */
  publicId: string
  kind: string
  title: string
  /** Where it leads on this server; null = nowhere. */
  path: string | null
  createdMs: number
  readMs: number | null
}

/** Kinds by channel. */
export type Switches = Readonly<Record<Channel, ReadonlySet<string>>>

interface Person {
  id: UserId
  publicId: string
}

export interface NoticesDeps {
  store: Store
  clock: Clock
  ids: Ids
  keyring: Keyring
  /** Where public pages are; origin without trailing slash. */
  siteUrl: string
  people: {
    userById(userId: UserId): (Person & { email: string }) | null
    userByEmail(email: string): Person | null
    userByPublicId(publicId: string): Person | null
    isSuspended(userId: UserId): boolean
  }
  mails: Pick<Mails, "queueIn">
}
