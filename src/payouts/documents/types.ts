// Words of documents: what somebody sends to show who they are, and what an admin made of it.
import type { PrincipalId } from "../../app/index.ts"

export type DocumentKind = "identity" | "address" | "company" | "tax"
export type DocumentFormat = "pdf" | "jpeg" | "png"
export type CheckState = "pending" | "approved" | "refused"

/** All but its bytes. */
export interface PayoutDocument {
  id: number
  /** `pyd_…` */
  publicId: string
  ownerId: PrincipalId
  kind: DocumentKind
  format: DocumentFormat
  bytes: number
  createdMs: number
}

/** What became of the documents of one person. */
export interface PayoutCheck {
  ownerId: PrincipalId
  state: CheckState
  because: string | null
  askedMs: number
  decidedMs: number | null
}
