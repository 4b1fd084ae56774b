// The nouns of developer: users who accepted the agreement. Clients belong to oauth, earnings to the ledger.
import type { Nano, UserId } from "../app/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Reader, Store, Tx } from "../store/index.ts"

export interface Developer {
  userId: UserId
  company: string | null
  /** Newest version this user accepted, and when. */
  agreementVersion: string
  acceptedMs: number
  /** False = a newer agreement waits for them. */
  agreementCurrent: boolean
}

export interface AcceptAgreement {
  userId: UserId
  /** The version the page showed; refused when it is not the current one. */
  version: string
  company?: string | null
}

/** What the operator lets developers earn, and when they get it (SPEC §2). Days are whole UTC days, from 1. */
export interface EarningTerms {
  /** Until what paid credits earned is payable. */
  paidDays: number
  /** Until what free credits earned is payable. */
  promoDays: number
  /** Most that free credits earn one developer in one UTC day, in basis points of the day's free budget. */
  promoCapBp: number
  payoutMinNano: Nano
}

export interface DeveloperDeps {
  store: Store
  settings: Settings
  /** Identity fits it. */
  /** Which agreement holds: legal fits it. */
  legal: {
    current(text: "developer-agreement", tx?: Reader): { version: string }
    countsForDevelopers(version: string, tx?: Reader): boolean
  }
  identity: { requireActiveIn(tx: Tx, userId: UserId): { publicId: string } }
}
