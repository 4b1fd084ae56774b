// The verbs of documents, with what they work with.
import type { UserId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import type { PayoutsDeps } from "../deps.ts"
import { PAYOUT_LIMITS } from "../limits.ts"
import * as documents from "./index.ts"

export function documentVerbs(deps: PayoutsDeps) {
  const { store, clock } = deps
  return {
    /** Shows who they are; an admin looks at it. */
    addDocumentIn: (tx: Tx, input: documents.AddDocument) => documents.addDocumentIn(deps, tx, input),
    removeDocumentIn: (tx: Tx, input: { userId: UserId; publicId: string }) =>
      documents.removeDocumentIn(deps, tx, input),
    decideCheckIn: (tx: Tx, input: documents.DecideCheck) => documents.decideCheckIn(deps, tx, input),
    noteReadIn: (tx: Tx, publicId: string) => documents.noteReadIn(deps, tx, publicId),
    eraseDocumentsIn: (tx: Tx, ownerId: number, rows: number) => documents.eraseDocumentsIn(deps, tx, ownerId, rows),
    openDocument: (userId: UserId | null, publicId: string) => documents.openDocument(deps, userId, publicId),
    documentsOf: (userId: UserId) => documents.documentsOf(store.read, userId),
    checkOf: (userId: UserId) => documents.checkOf(store.read, userId),
    checksWaiting: () => documents.checksWaiting(store.read, PAYOUT_LIMITS.rows),
    /** What may be asked for this year before somebody has looked at documents; null = all. */
    roomBeforeProof: (userId: UserId) => documents.roomBeforeProof(deps, store.read, userId, clock.now()),
  }
}
