// The nouns of announcements.
import type { ClientId, Clock, Ids, UserId } from "../app/index.ts"
import type { Mails } from "../mail/index.ts"
import type { Oauth } from "../oauth/index.ts"
import type { Store } from "../store/index.ts"

/** Whom it is for. */
const AUDIENCES = ["all", "developers", "app"] as const
export type Audience = (typeof AUDIENCES)[number]

export interface NewAnnouncement {
  title: string
  /** Markdown. */
  body: string
  audience: Audience
  /** `cli_…`, of audience `app`; else "". */
  clientPublicId: string
  /** Above every page of the console, until it is dismissed or over. */
  banner: boolean
  /** A notice, and a mail to those who want it. */
  told: boolean
  /** ms UTC; null = until an admin ends it. */
  endsMs: number | null
}

export interface Announcement {
  id: number
  publicId: string
  title: string
  body: string
  audience: Audience
  clientId: ClientId | null
  banner: boolean
  told: boolean
  createdMs: number
  endsMs: number | null
  endedMs: number | null
  /** Everybody up to this id was told. */
  throughUserId: number
  toldCount: number
  /** When the last one was told; null = not yet. */
  toldMs: number | null
}

/** Who reads. */
export interface Reading {
  userId: UserId
  isDeveloper: boolean
}

export interface AnnouncementsDeps {
  store: Store
  clock: Clock
  ids: Ids
  mails: Pick<Mails, "queueIn">
  oauth: Pick<Oauth, "clientIn">
}
