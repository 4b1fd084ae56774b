// The nouns of developer: users who accepted the agreement. Clients belong to oauth, earnings to the ledger.
import type { Store, Tx, WriteContext } from "../store/index.ts"

export interface Developer {
  userId: number
  company: string | null
  /** Newest version this user accepted, and when. */
  agreementVersion: string
  acceptedMs: number
  /** False = a newer agreement waits for them. */
  agreementCurrent: boolean
}

export interface AcceptAgreement {
  userId: number
  /** The version the page showed; refused when it is not the current one. */
  version: string
  company?: string | null
}

export interface DeveloperDeps {
  store: Store
  /** Identity fits it. */
  identity: { requireActiveIn(tx: Tx, userId: number): { publicId: string } }
}

export interface Developers {
  readonly agreementVersion: string
  /** Null = not a developer yet. */
  developerOf(userId: number): Developer | null
  /** Idempotent per version; a company left out is kept. @throws AppError validation_failed, account_suspended */
  acceptAgreementIn(tx: Tx, input: AcceptAgreement): Developer
  acceptAgreement(ctx: WriteContext, input: AcceptAgreement): Promise<Developer>
  /** @throws AppError forbidden when the current agreement is not accepted, account_suspended */
  requireDeveloperIn(tx: Tx, userId: number): Developer
}
