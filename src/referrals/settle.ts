// What a purchase decides: one that is large enough, by somebody who is nobody's second account, rewards whoever brought them, once; one that
// is paid back takes the reward back. Decided in one write for each, so that the most for one person is never passed.
import { eachAlone, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { networkOf } from "../identity/index.ts"
import { principal } from "../ledger/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { REFERRAL_LIMITS as L } from "./limits.ts"
import { type Mark, mailboxOf, markKey, refusalOf } from "./rules.ts"
import { REFERRAL_AMOUNT, REFERRAL_MOST, REFERRAL_PURCHASE } from "./settings.ts"
import * as rows from "./store.ts"
import type { Referral, ReferralsDeps, Refusal } from "./types.ts"

const PURPOSE = "referral-mark"

export const browserHash = ({ keyring }: Pick<ReferralsDeps, "keyring">, browserId: string): string =>
  keyring.hmac("browser", browserId)

export async function settle(deps: ReferralsDeps, ctx: WriteContext, most: number): Promise<number> {
  const { store } = deps
  const purchases = deps.settings.get(REFERRAL_AMOUNT) > 0 ? rows.decidable(store.read, 0, most) : []
  const decide = async (purchase: (typeof purchases)[number]) => {
    // Not known: asked again with the next run, for the card is what most second accounts share.
    const card = purchase.chargeId === null ? null : await deps.cardOf(purchase.chargeId).catch(() => undefined)
    if (card !== undefined) await store.write(ctx, (tx) => decideIn(deps, tx, purchase.id, purchase, card))
  }
  const toTakeBack = rows.toTakeBack(store.read, most)
  await eachAlone(
    [
      ...purchases.map((purchase) => ({ id: purchase.id, act: () => decide(purchase) })),
      ...toTakeBack.map(({ id }) => ({ id, act: () => store.write(ctx, (tx) => takeBackIn(deps, tx, id)) })),
    ],
    ({ id }) => id,
    ({ act }) => act(),
  )
  return purchases.length + toTakeBack.length
}

function decideIn(deps: ReferralsDeps, tx: Tx, id: number, purchase: rows.Purchase, card: string | null): void {
  const referral = rows.byId(tx, id)
  if (referral?.state !== "joined") return
  if (card !== null) rows.addMark(tx, "card", deps.keyring.hmac(PURPOSE, `card:${card}`), referral.userId)
  const why = refusalIn(deps, tx, referral) ?? moneyRefusalIn(deps, tx, referral, purchase)
  if (why) {
    refuseIn(deps, tx, referral, why, purchase.publicId)
    return
  }
  const rewardNano = deps.settings.get(REFERRAL_AMOUNT)
  if (rewardNano === 0) return
  deps.ledger.grantIn(tx, {
    owner: principal(referral.referrerId),
    mode: "live",
    type: "referral",
    bucket: "referral",
    paid: false,
    amountNano: rewardNano,
    expiresMs: tx.now + L.rewardMs,
    key: keyOf(id),
  })
  rows.reward(tx, id, rewardNano, purchase.publicId)
  auditIn(tx, {
    action: "referral.rewarded",
    subject: subjectOf(deps, referral.referrerId),
    after: { nano: rewardNano },
  })
}

const keyOf = (id: number): string => `referral:${id}`

const subjectOf = ({ identity }: ReferralsDeps, userId: UserId): string =>
  identity.userById(userId)?.publicId ?? `user:${userId}`

function moneyRefusalIn(
  deps: ReferralsDeps,
  tx: Tx,
  { referrerId }: Referral,
  purchase: rows.Purchase,
): Refusal | null {
  if (purchase.isBack) return "paid_back"
  if (purchase.paidNano < deps.settings.get(REFERRAL_PURCHASE)) return "small"
  return rows.countRewarded(tx, referrerId) >= deps.settings.get(REFERRAL_MOST) ? "cap" : null
}

export function refuseIn(deps: ReferralsDeps, tx: Tx, referral: Referral, why: Refusal, orderId: string | null): void {
  rows.refuse(tx, referral.id, why, orderId)
  auditIn(tx, { action: "referral.refused", subject: subjectOf(deps, referral.referrerId), after: { why } })
}

function takeBackIn(deps: ReferralsDeps, tx: Tx, id: number): void {
  const referral = rows.byId(tx, id)
  if (referral?.state !== "rewarded") return
  const { rewardNano, referrerId } = referral
  deps.ledger.clawBackIn(tx, {
    lotKey: keyOf(id),
    amountNano: rewardNano,
    through: "promo",
    key: `${keyOf(id)}:back`,
  })
  rows.takeBack(tx, id)
  auditIn(tx, { action: "referral.taken_back", subject: subjectOf(deps, referrerId), after: { nano: rewardNano } })
}

/** What says that they are not somebody else: asked when they come, and once more when they buy. */
export function refusalIn(deps: ReferralsDeps, tx: Tx, referral: Referral): Refusal | null {
  const { identity } = deps
  const [person, referrer] = [identity.userById(referral.userId), identity.userById(referral.referrerId)]
  if (!person || !referrer || referrer.status !== "active") return "gone"
  const own = marksNow(deps, tx, referral.userId)
  const up = above(tx, referral)
  const beside = rows.ofReferrer(tx, referral.referrerId, L.besideMax).map(({ userId }) => userId)
  const others = [...new Set([...up, ...beside])].filter((id) => id !== referral.userId)
  const circle = others.flatMap((id) => marksNow(deps, tx, id))
  return refusalOf({
    isTest: person.testOf !== null || referrer.testOf !== null,
    isSwapped: up.includes(referral.userId),
    sharesTeam: up.some((id) => id !== referral.userId && rows.sharesTeam(tx, id, referral.userId)),
    own: new Set(own.map(markKey)),
    circle: new Set(circle.map(markKey)),
    gone: new Set(rows.goneAmong(tx, own).map(markKey)),
  })
}

/** Whoever brought them, whoever brought that one, and so on. */
function above(tx: Tx, { referrerId }: Referral): UserId[] {
  const up = [referrerId]
  for (let next = rows.ofUser(tx, referrerId); next && up.length < L.upMax; next = rows.ofUser(tx, next.referrerId)) {
    if (up.includes(next.referrerId)) break
    up.push(next.referrerId)
  }
  return up
}

/** Those that were noted, and those of now. */
function marksNow(deps: ReferralsDeps, tx: Tx, userId: UserId): Mark[] {
  return [...rows.marksOf(tx, userId), ...liveMarks(deps, tx, userId)]
}

function liveMarks(deps: ReferralsDeps, tx: Tx, userId: UserId): Mark[] {
  const person = deps.identity.userById(userId)
  const browsers = rows.browsersOf(tx, userId)
  return [
    ...(person ? [addressMark(deps, person.email)] : []),
    ...browsers.map(({ browserHash: hash }): Mark => ({ kind: "device", hash })),
    ...browsers.map(({ ip }) => networkMark(deps, ip)),
  ]
}

export const addressMark = ({ keyring }: Pick<ReferralsDeps, "keyring">, email: string): Mark => ({
  kind: "address",
  hash: keyring.hmac(PURPOSE, `address:${mailboxOf(email)}`),
})

export const networkMark = ({ keyring }: Pick<ReferralsDeps, "keyring">, ip: string): Mark => ({
  kind: "network",
  hash: keyring.hmac(PURPOSE, `network:${networkOf(ip)}`),
})

/** As they are now, to be known by when sessions and names are gone. */
export function noteMarks(deps: ReferralsDeps, tx: Tx, userId: UserId, gone: 0 | 1 = 0): void {
  for (const { kind, hash } of liveMarks(deps, tx, userId)) rows.addMark(tx, kind, hash, userId, gone)
}
