// The nouns of support: a question of a person, and what both sides said.
import type { Clock, Ids, UserId } from "../app/index.ts"
import type { Identity } from "../identity/index.ts"
import type { Mails } from "../mail/index.ts"
import type { Plans } from "../plans/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Store } from "../store/index.ts"
import type { supportMessages, supportThreads } from "./tables.ts"

export type Topic = "account" | "money" | "apps" | "apis" | "developers" | "other"
/** Waits for the operator; for its person; for nobody. */
export type State = "waiting" | "answered" | "closed"
export type Side = "person" | "admin"
/** What an admin does with a question. */
export type Act = "answer" | "answer_close" | "close" | "reopen"

export type SupportThread = typeof supportThreads.$inferSelect
export type SupportMessage = Pick<typeof supportMessages.$inferSelect, "id" | "side" | "text" | "createdMs">

export interface Question {
  userId: UserId
  topic: Topic
  subject: string
  text: string
}

export interface Decision {
  publicId: string
  act: Act
  text: string
  /** Number of the last message that was read; null: whatever there is. */
  read: number | null
}

export interface SupportDeps {
  store: Store
  clock: Clock
  ids: Ids
  mails: Mails
  settings: Settings
  identity: Pick<Identity, "userById" | "requireActiveIn">
  plans: Pick<Plans, "entitlementsOfIn">
}
