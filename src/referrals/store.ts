// SQL of referrals. Decides nothing.
import type { Nano, UserId } from "../app/index.ts"
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../store/index.ts"
import { referralLinks, referralMarks, referrals, referralVisits } from "./tables.ts"
import type { MarkKind, Referral, ReferralState, Refusal } from "./types.ts"

export const linkOf = (reader: Reader, userId: UserId): string | null =>
  findRow(reader, referralLinks, "user_id = ?", userId)?.code ?? null

export const whoseLink = (reader: Reader, code: string): UserId | null =>
  findRow(reader, referralLinks, "code = ?", code)?.userId ?? null

export const insertLink = (tx: Tx, userId: UserId, code: string): void =>
  void insertRow(tx, referralLinks, { userId, code, createdMs: tx.now })

export const countVisits = (reader: Reader): number =>
  reader.get<{ n: number }>("SELECT COUNT(*) AS n FROM referral_visits")!.n

export const putVisit = (tx: Tx, browserHash: string, referrerId: UserId): void =>
  void insertRow(
    tx,
    referralVisits,
    { browserHash, referrerId, atMs: tx.now },
    "ON CONFLICT (browser_hash) DO UPDATE SET referrer_id = excluded.referrer_id, at_ms = excluded.at_ms",
  )

/** The visit is used up. */
export function takeVisit(tx: Tx, browserHash: string): { referrerId: UserId; atMs: number } | null {
  const row = findRow(tx, referralVisits, "browser_hash = ?", browserHash)
  if (row) tx.run("DELETE FROM referral_visits WHERE browser_hash = ?", browserHash)
  return row
}

export const insertReferral = (tx: Tx, referrerId: UserId, userId: UserId): number =>
  insertRow(tx, referrals, { referrerId, userId, state: "joined", joinedMs: tx.now })

export const byId = (reader: Reader, id: number): Referral | null => findRow(reader, referrals, "id = ?", id)

export const ofUser = (reader: Reader, userId: UserId): Referral | null =>
  findRow(reader, referrals, "user_id = ?", userId)

export const refuse = (tx: Tx, id: number, why: Refusal, orderId: string | null): void =>
  void tx.run(
    "UPDATE referrals SET state = 'refused', why = ?, order_id = ?, decided_ms = ? WHERE id = ? AND state = 'joined'",
    why,
    orderId,
    tx.now,
    id,
  )

export const reward = (tx: Tx, id: number, rewardNano: Nano, orderId: string): void =>
  void tx.run(
    "UPDATE referrals SET state = 'rewarded', reward_nano = ?, order_id = ?, decided_ms = ? WHERE id = ? AND state = 'joined'",
    rewardNano,
    orderId,
    tx.now,
    id,
  )

export const takeBack = (tx: Tx, id: number): void =>
  void tx.run(
    "UPDATE referrals SET state = 'taken_back', decided_ms = ? WHERE id = ? AND state = 'rewarded'",
    tx.now,
    id,
  )

export const countRewarded = (reader: Reader, referrerId: UserId): number =>
  reader.get<{ n: number }>(
    "SELECT COUNT(*) AS n FROM referrals WHERE referrer_id = ? AND state IN ('rewarded', 'taken_back')",
    referrerId,
  )!.n

export const ofReferrer = (reader: Reader, userId: UserId, limit: number): Referral[] =>
  reader.all<Referral>(
    `SELECT ${columnsOf(referrals)} FROM referrals WHERE referrer_id = ? ORDER BY id DESC LIMIT ?`,
    userId,
    limit,
  )

export const page = (reader: Reader, state: ReferralState | null, beforeId: number, limit: number): Referral[] =>
  reader.all<Referral>(
    `SELECT ${columnsOf(referrals)} FROM referrals WHERE id < ?1 AND (?2 IS NULL OR state = ?2) ORDER BY id DESC LIMIT ?3`,
    beforeId,
    state,
    limit,
  )

export interface Purchase {
  publicId: string
  paidNano: Nano
  chargeId: string | null
  isBack: 0 | 1
}

/** Those who came and have bought by now, with their first purchase; those longest waiting first. */
export const decidable = (reader: Reader, afterId: number, rows: number): (Purchase & { id: number })[] =>
  reader.all(
    `SELECT r.id, p.public_id AS publicId, p.paid_nano AS paidNano, p.charge_id AS chargeId,
            (p.refunded_nano > 0 OR p.disputed) AS isBack
     FROM referrals r JOIN v_billing_purchases p ON p.id = (
       SELECT q.id FROM v_billing_purchases q WHERE q.user_id = r.user_id ORDER BY q.paid_ms, q.id LIMIT 1)
     WHERE r.state = 'joined' AND r.id > ? ORDER BY r.id LIMIT ?`,
    afterId,
    rows,
  )

/** Rewarded for a purchase that was paid back. */
export const toTakeBack = (reader: Reader, rows: number): { id: number }[] =>
  reader.all(
    `SELECT r.id FROM referrals r JOIN v_billing_purchases p ON p.public_id = r.order_id
     WHERE r.state = 'rewarded' AND (p.refunded_nano > 0 OR p.disputed) ORDER BY r.id LIMIT ?`,
    rows,
  )

// ---- what tells people apart -------------------------------------------------------------------------------------

export const browsersOf = (reader: Reader, userId: UserId): { browserHash: string; ip: string }[] =>
  reader.all("SELECT browser_hash AS browserHash, ip FROM v_identity_browsers WHERE user_id = ?", userId)

export const sharesTeam = (reader: Reader, a: UserId, b: UserId): boolean =>
  reader.get(
    "SELECT 1 FROM v_team_members x JOIN v_team_members y ON y.team_id = x.team_id WHERE x.user_id = ? AND y.user_id = ? LIMIT 1",
    a,
    b,
  ) !== null

export const addMark = (tx: Tx, kind: MarkKind, hash: string, userId: UserId, gone: 0 | 1 = 0): void =>
  void insertRow(
    tx,
    referralMarks,
    { kind, hash, userId, gone, atMs: tx.now },
    "ON CONFLICT (kind, hash, user_id) DO UPDATE SET gone = max(gone, excluded.gone)",
  )

export const marksOf = (reader: Reader, userId: UserId): { kind: MarkKind; hash: string }[] =>
  reader.all("SELECT kind, hash FROM referral_marks WHERE user_id = ?", userId)

/** Of these marks, those of people who are gone. */
export const goneAmong = (
  reader: Reader,
  marks: readonly { kind: MarkKind; hash: string }[],
): { kind: MarkKind; hash: string }[] =>
  reader.all(
    `SELECT m.kind, m.hash FROM json_each(?) j CROSS JOIN referral_marks m
     ON m.kind = json_extract(j.value, '$.kind') AND m.hash = json_extract(j.value, '$.hash') WHERE m.gone = 1`,
    JSON.stringify(marks),
  )

export const setGone = (tx: Tx, userId: UserId): number =>
  tx.run("UPDATE referral_marks SET gone = 1 WHERE user_id = ? AND gone = 0", userId).changes

export const endLink = (tx: Tx, userId: UserId): number =>
  tx.run("DELETE FROM referral_links WHERE user_id = ?", userId).changes +
  tx.run("DELETE FROM referral_visits WHERE referrer_id = ?", userId).changes

export const sweepVisits = (tx: Tx, ms: number, rows: number): number =>
  tx.run(
    `DELETE FROM referral_visits WHERE browser_hash IN (
       SELECT browser_hash FROM referral_visits INDEXED BY referral_visits_time WHERE at_ms < ? LIMIT ?)`,
    ms,
    rows,
  ).changes

export const sweepMarks = (tx: Tx, ms: number, rows: number): number =>
  tx.run(
    `DELETE FROM referral_marks WHERE (kind, hash, user_id) IN (
       SELECT kind, hash, user_id FROM referral_marks INDEXED BY referral_marks_time WHERE at_ms < ? AND gone = 1 LIMIT ?)`,
    ms,
    rows,
  ).changes
