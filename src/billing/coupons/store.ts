// SQL of coupons. Decides nothing.
import type { limiter, Nano, UserId } from "../../app/index.ts"
import {
  columnsOf,
  findRow,
  insertRow,
  type KeysetPage,
  keyset,
  type Place,
  pageOf,
  type Reader,
  type Tx,
} from "../../store/index.ts"
import { codeKey } from "./codes.ts"
import { coupons, couponTries, couponUses } from "./tables.ts"
import type { Coupon, CouponUse, HeldUse } from "./types.ts"

type Row = typeof coupons.$inferSelect

const couponOf = ({ codeKey: _, onlyFor, ...row }: Row): Coupon => ({
  ...row,
  onlyFor: onlyFor === "" ? [] : onlyFor.split(" "),
})

/** @param key of `codeKey` */
export function couponByKey(reader: Reader, key: string): Coupon | null {
  const row = findRow(reader, coupons, "code_key = ?", key)
  return row && couponOf(row)
}

export function couponById(reader: Reader, id: number): Coupon | null {
  const row = findRow(reader, coupons, "id = ?", id)
  return row && couponOf(row)
}

export const countCoupons = (reader: Reader): number =>
  reader.get<{ n: number }>("SELECT COUNT(*) AS n FROM coupons")!.n

export const insertCoupon = (tx: Tx, { onlyFor, ...coupon }: Omit<Coupon, "id">): number =>
  insertRow(tx, coupons, { ...coupon, codeKey: codeKey(coupon.code), onlyFor: onlyFor.join(" ") })

export const saveCoupon = (tx: Tx, coupon: Coupon): void =>
  void tx.run(
    `UPDATE coupons SET note = ?, max_uses = ?, per_person = ?, minimum_nano = ?, only_for = ?, expires_ms = ?, ended_ms = ?,
       updated_ms = ? WHERE id = ?`,
    coupon.note,
    coupon.maxUses,
    coupon.perPerson,
    coupon.minimumNano,
    coupon.onlyFor.join(" "),
    coupon.expiresMs,
    coupon.endedMs,
    coupon.updatedMs,
    coupon.id,
  )

/** @returns false when all uses are taken */
export const takeUse = (tx: Tx, id: number): boolean =>
  tx.run("UPDATE coupons SET taken = taken + 1 WHERE id = ? AND (max_uses IS NULL OR taken < max_uses)", id).changes > 0

/** Also beyond the maximum: it was paid for. */
export const addUse = (tx: Tx, id: number): void => void tx.run("UPDATE coupons SET taken = taken + 1 WHERE id = ?", id)

export const giveUseBack = (tx: Tx, id: number): void =>
  void tx.run("UPDATE coupons SET taken = taken - 1 WHERE id = ?", id)

export const countRedeemed = (tx: Tx, id: number, costNano: Nano): void =>
  void tx.run("UPDATE coupons SET redeemed = redeemed + 1, cost_nano = cost_nano + ? WHERE id = ?", costNano, id)

export const insertUse = (tx: Tx, use: Omit<CouponUse, "id">): number => insertRow(tx, couponUses, use)

export const saveUse = (tx: Tx, use: CouponUse): void =>
  void tx.run(
    "UPDATE coupon_uses SET state = ?, cost_nano = ?, transaction_id = ?, decided_ms = ? WHERE id = ?",
    use.state,
    use.costNano,
    use.transactionId,
    use.decidedMs,
    use.id,
  )

/** Of a purchase. */
export const useByRef = (reader: Reader, ref: string): CouponUse | null =>
  findRow(reader, couponUses, "ref = ? AND subject IS NOT NULL", ref)

export const useOfPerson = (reader: Reader, userId: UserId, ref: string): CouponUse | null =>
  findRow(reader, couponUses, "user_id = ? AND ref = ?", userId, ref)

const USE = columnsOf(couponUses, "u")

/** Reserved and redeemed ones. */
export const livingUses = (reader: Reader, couponId: number, userId: UserId): CouponUse[] =>
  reader.all<CouponUse>(
    `SELECT ${USE} FROM coupon_uses u WHERE user_id = ? AND coupon_id = ? AND state <> 'released' ORDER BY id`,
    userId,
    couponId,
  )

/** Reserved for what is not paid yet, newest first. */
export const heldUses = (reader: Reader, userId: UserId): Omit<HeldUse, "untilMs">[] =>
  reader.all(
    `SELECT c.code, u.ref, u.subject, u.created_ms AS createdMs FROM coupon_uses u JOIN coupons c ON c.id = u.coupon_id
     WHERE u.user_id = ? AND u.state = 'reserved' ORDER BY u.id DESC LIMIT 20`,
    userId,
  )

const COUPON = columnsOf(coupons, "c")

/** Newest first. */
export function couponPage(reader: Reader, place: Place | null, limit: number): KeysetPage<Coupon> {
  const { where, params, order } = keyset({ key: "c.id", id: "c.id", descending: true }, place)
  const found = reader.all<Row>(
    `SELECT ${COUPON} FROM coupons c WHERE ${where} ORDER BY ${order} LIMIT ?`,
    ...params,
    limit + 1,
  )
  return pageOf(found.map(couponOf), limit, place, ({ id }) => ({ key: id, id }))
}

/** Newest first. */
export function usePage(reader: Reader, couponId: number, place: Place | null, limit: number): KeysetPage<CouponUse> {
  const { where, params, order } = keyset({ key: "u.id", id: "u.id", descending: true }, place)
  const found = reader.all<CouponUse>(
    `SELECT ${USE} FROM coupon_uses u WHERE coupon_id = ? AND ${where} ORDER BY ${order} LIMIT ?`,
    couponId,
    ...params,
    limit + 1,
  )
  return pageOf(found, limit, place, ({ id }) => ({ key: id, id }))
}

const REPLACE = `ON CONFLICT (rule, key_hash) DO UPDATE SET start_ms = excluded.start_ms, used = excluded.used,
  at_ms = excluded.at_ms, tat = excluded.tat, forget_at_ms = excluded.forget_at_ms`

/** Rows to decide on inside a body. */
export const tryRows = (tx: Tx): limiter.LimitRows => ({
  find: (keyHash, rule) =>
    tx.get<limiter.LimitRow>(
      `SELECT start_ms AS startMs, used, at_ms AS atMs, tat, forget_at_ms AS forgetAtMs FROM coupon_tries
       WHERE rule = ? AND key_hash = ?`,
      rule,
      keyHash,
    ),
  save: (keyHash, rule, row) => void insertRow(tx, couponTries, { rule, keyHash, ...row }, REPLACE),
})

/** What is over decides like what was never there. */
export const purgeTries = (tx: Tx, nowMs: number, rowsMax: number): number =>
  tx.run(
    `DELETE FROM coupon_tries WHERE (rule, key_hash) IN
       (SELECT rule, key_hash FROM coupon_tries WHERE forget_at_ms <= ? ORDER BY forget_at_ms LIMIT ?)`,
    nowMs,
    rowsMax,
  ).changes
