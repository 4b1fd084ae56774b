// SQL of guides, changes, contacts, questions and followers, of documents, and of claimed hosts. Decides nothing.
import { and, asc, desc, eq } from "drizzle-orm"
import type { UserId } from "../../app/index.ts"
import { columnsOf, deleteSome, findRow, insertRow, type OrmReader, type Reader, type Tx } from "../../store/index.ts"
import { marketChanges, marketContacts, marketDocuments, marketGuides, marketHosts, marketQuestions } from "./tables.ts"
import type { Change, Contact, DocumentState, Guide, Host, Question } from "./types.ts"

const numbered = (reader: Reader, table: string, productId: number): number =>
  reader.get<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE product_id = ?`, productId)!.n

export const countPlans = (reader: Reader, productId: number): number =>
  reader.get<{ n: number }>(
    "SELECT count(*) AS n FROM market_plans WHERE product_id = ? AND retired_ms IS NULL",
    productId,
  )!.n

// ---- guides ------------------------------------------------------------------------------------------------------

export const guidesOf = (reader: OrmReader, productId: number): Guide[] =>
  reader.drizzle
    .select()
    .from(marketGuides)
    .where(eq(marketGuides.productId, productId))
    .orderBy(asc(marketGuides.position), asc(marketGuides.id))
    .all()

export const guideOf = (reader: Reader, productId: number, publicId: string): Guide | null =>
  findRow(reader, marketGuides, "public_id = ? AND product_id = ?", publicId, productId)

export const countGuides = (reader: Reader, productId: number): number => numbered(reader, "market_guides", productId)
export const insertGuide = (tx: Tx, row: Omit<Guide, "id">): number => insertRow(tx, marketGuides, row)
export function saveGuide(tx: Tx, { id, ...row }: Guide): void {
  tx.drizzle.update(marketGuides).set(row).where(eq(marketGuides.id, id)).run()
}
export function deleteGuide(tx: Tx, id: number): void {
  tx.run("DELETE FROM market_guides WHERE id = ?", id)
}

// ---- changes -----------------------------------------------------------------------------------------------------

export const changesOf = (reader: OrmReader, productId: number, rowsMax: number): Change[] =>
  reader.drizzle
    .select()
    .from(marketChanges)
    .where(eq(marketChanges.productId, productId))
    .orderBy(desc(marketChanges.id))
    .limit(rowsMax)
    .all()

export const changeOf = (reader: Reader, productId: number, publicId: string): Change | null =>
  findRow(reader, marketChanges, "public_id = ? AND product_id = ?", publicId, productId)

export const changeById = (reader: Reader, productId: number, id: number): Change | null =>
  findRow(reader, marketChanges, "id = ? AND product_id = ?", id, productId)

export const countChanges = (reader: Reader, productId: number): number => numbered(reader, "market_changes", productId)
export const mailedSince = (reader: Reader, productId: number, sinceMs: number): number =>
  reader.get<{ n: number }>(
    "SELECT count(*) AS n FROM market_changes WHERE product_id = ? AND mailed_ms > ?",
    productId,
    sinceMs,
  )!.n
export const insertChange = (tx: Tx, row: Omit<Change, "id">): number => insertRow(tx, marketChanges, row)
export function saveChange(tx: Tx, { id, ...row }: Change): void {
  tx.drizzle.update(marketChanges).set(row).where(eq(marketChanges.id, id)).run()
}
export function deleteChange(tx: Tx, id: number): void {
  tx.run("DELETE FROM market_changes WHERE id = ?", id)
}

// ---- followers ---------------------------------------------------------------------------------------------------

export const isFollower = (reader: Reader, productId: number, userId: UserId): boolean =>
  reader.get("SELECT 1 FROM market_followers WHERE product_id = ? AND user_id = ?", productId, userId) !== null

export function setFollower(tx: Tx, productId: number, userId: UserId, on: boolean): void {
  if (on)
    tx.run(
      "INSERT INTO market_followers (product_id, user_id, since_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      productId,
      userId,
      tx.now,
    )
  else tx.run("DELETE FROM market_followers WHERE product_id = ? AND user_id = ?", productId, userId)
}

/** Followers who subscribe at this moment, after this one, in the order of their numbers. */
export const followersAfter = (reader: Reader, productId: number, afterId: number, rowsMax: number): UserId[] =>
  reader
    .all<{ userId: UserId }>(
      `SELECT f.user_id AS userId FROM market_followers f WHERE f.product_id = ?1 AND f.user_id > ?2 AND EXISTS
         (SELECT 1 FROM market_subscriptions s WHERE s.user_id = f.user_id AND s.product_id = ?1 AND s.ended_ms IS NULL)
       ORDER BY f.user_id LIMIT ?3`,
      productId,
      afterId,
      rowsMax,
    )
    .map(({ userId }) => userId)

export const countFollowers = (reader: Reader, productId: number): number =>
  numbered(reader, "market_followers", productId)

export const isSubscriber = (reader: Reader, productId: number, userId: UserId): boolean =>
  reader.get(
    "SELECT 1 FROM market_subscriptions WHERE user_id = ? AND product_id = ? AND ended_ms IS NULL",
    userId,
    productId,
  ) !== null

// ---- support -----------------------------------------------------------------------------------------------------

export const contactsOf = (reader: OrmReader, productId: number): Contact[] =>
  reader.drizzle
    .select()
    .from(marketContacts)
    .where(eq(marketContacts.productId, productId))
    .orderBy(asc(marketContacts.id))
    .all()
export const countContacts = (reader: Reader, productId: number): number =>
  numbered(reader, "market_contacts", productId)
export const insertContact = (tx: Tx, row: Omit<Contact, "id">): number => insertRow(tx, marketContacts, row)
export const deleteContact = (tx: Tx, productId: number, publicId: string): boolean =>
  tx.run("DELETE FROM market_contacts WHERE public_id = ? AND product_id = ?", publicId, productId).changes > 0

export const questionsOf = (reader: OrmReader, productId: number): Question[] =>
  reader.drizzle
    .select()
    .from(marketQuestions)
    .where(eq(marketQuestions.productId, productId))
    .orderBy(asc(marketQuestions.position), asc(marketQuestions.id))
    .all()
export const questionOf = (reader: Reader, productId: number, publicId: string): Question | null =>
  findRow(reader, marketQuestions, "public_id = ? AND product_id = ?", publicId, productId)
export const countQuestions = (reader: Reader, productId: number): number =>
  numbered(reader, "market_questions", productId)
export const insertQuestion = (tx: Tx, row: Omit<Question, "id">): number => insertRow(tx, marketQuestions, row)
export function saveQuestion(tx: Tx, { id, ...row }: Question): void {
  tx.drizzle.update(marketQuestions).set(row).where(eq(marketQuestions.id, id)).run()
}
export const deleteQuestion = (tx: Tx, productId: number, publicId: string): boolean =>
  tx.run("DELETE FROM market_questions WHERE public_id = ? AND product_id = ?", publicId, productId).changes > 0

// ---- documents ---------------------------------------------------------------------------------------------------

export type DocumentRow = typeof marketDocuments.$inferSelect

export const documentOf = (reader: Reader, productId: number, state: DocumentState): DocumentRow | null =>
  findRow(reader, marketDocuments, "product_id = ? AND state = ?", productId, state)

/** Without its text. */
export const documentFacts = (
  reader: Reader,
  productId: number,
  state: DocumentState,
): Omit<DocumentRow, "text"> | null =>
  reader.get(
    `SELECT product_id AS productId, state, source_url AS sourceUrl, created_ms AS createdMs FROM market_documents
     WHERE product_id = ? AND state = ?`,
    productId,
    state,
  )

export function keepDocument(tx: Tx, row: DocumentRow): void {
  dropDocument(tx, row.productId, row.state)
  tx.drizzle.insert(marketDocuments).values(row).run()
}

export function dropDocument(tx: Tx, productId: number, state: DocumentState): void {
  tx.drizzle
    .delete(marketDocuments)
    .where(and(eq(marketDocuments.productId, productId), eq(marketDocuments.state, state)))
    .run()
}

export const sweepWaiting = (tx: Tx, beforeMs: number, rows: number): number =>
  deleteSome(tx, "market_documents", "state = 'waiting' AND created_ms < ?", [beforeMs], rows)

// ---- hosts -------------------------------------------------------------------------------------------------------

export const hostsOf = (reader: OrmReader, publisherId: number): Host[] =>
  reader.drizzle
    .select()
    .from(marketHosts)
    .where(eq(marketHosts.publisherId, publisherId))
    .orderBy(asc(marketHosts.host))
    .all()
export const hostOfPublisher = (reader: Reader, publisherId: number, host: string): Host | null =>
  findRow(reader, marketHosts, "publisher_id = ? AND host = ?", publisherId, host)
export function insertHost(tx: Tx, row: Host): void {
  tx.drizzle.insert(marketHosts).values(row).run()
}
export function saveHost(tx: Tx, row: Host): void {
  tx.drizzle
    .update(marketHosts)
    .set(row)
    .where(and(eq(marketHosts.publisherId, row.publisherId), eq(marketHosts.host, row.host)))
    .run()
}
export const deleteHost = (tx: Tx, publisherId: number, host: string): boolean =>
  tx.run("DELETE FROM market_hosts WHERE publisher_id = ? AND host = ?", publisherId, host).changes > 0
/** Those whose proof is to be looked for, the longest unseen first. */
export const hostsDue = (
  reader: Reader,
  { seenBeforeMs, missingBeforeMs }: { seenBeforeMs: number; missingBeforeMs: number },
  rows: number,
): Host[] =>
  reader.all<Host>(
    `SELECT ${columnsOf(marketHosts)} FROM market_hosts
     WHERE proven_by IN ('dns', 'file') AND tried_ms <= iif(missing_ms IS NULL, ?, ?) ORDER BY tried_ms LIMIT ?`,
    seenBeforeMs,
    missingBeforeMs,
    rows,
  )
export const sweepClaims = (tx: Tx, beforeMs: number, rows: number): number =>
  deleteSome(tx, "market_hosts", "proven_ms IS NULL AND created_ms < ?", [beforeMs], rows)
