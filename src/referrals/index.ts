// The door of `referrals`: links of people, who came by them, and what came of it. A reward is a grant of the house: never payable, and taken back
// when the purchase that it was for is paid back.
import { randomSecret, type UserId } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { REFERRAL_LIMITS as L } from "./limits.ts"
import { REFERRAL_AMOUNT, REFERRAL_MOST, REFERRAL_PURCHASE } from "./settings.ts"
import { addressMark, browserHash, networkMark, noteMarks, refusalIn, refuseIn, settle } from "./settle.ts"
import * as rows from "./store.ts"
import type { Browser, Referrals, ReferralsDeps } from "./types.ts"

export { REFERRAL_LIMITS } from "./limits.ts"
export { referralsPart } from "./part.ts"
export { REFERRAL_AMOUNT, REFERRAL_MOST } from "./settings.ts"
export type * from "./types.ts"

const CODE = /^[A-Za-z0-9_-]{8,24}$/

export function createReferrals(deps: ReferralsDeps): Referrals {
  const { read } = deps.store
  const isOn = () => deps.settings.get(REFERRAL_AMOUNT) > 0
  return {
    terms() {
      if (!isOn()) return null
      const [rewardNano, purchaseNano] = [deps.settings.get(REFERRAL_AMOUNT), deps.settings.get(REFERRAL_PURCHASE)]
      return { rewardNano, purchaseNano, most: deps.settings.get(REFERRAL_MOST) }
    },
    linkIn(tx, userId) {
      const known = rows.linkOf(tx, userId)
      if (known) return known
      const code = randomSecret(9)
      rows.insertLink(tx, userId, code)
      return code
    },
    linkOf: (userId) => rows.linkOf(read, userId),
    followIn(tx, code, browser) {
      if (!isOn() || !CODE.test(code)) return
      const referrerId = rows.whoseLink(tx, code)
      if (referrerId === null || rows.countVisits(tx) >= L.visitsMax) return
      rows.putVisit(tx, browserHash(deps, browser.browserId), referrerId)
    },
    joinedIn: (tx, userId, browser) => joinedIn(deps, tx, userId, browser),
    settle: (ctx, most) => settle(deps, ctx, most),
    ofReferrer: (userId, limit) => rows.ofReferrer(read, userId, limit),
    page: (state, beforeId, limit) => rows.page(read, state, beforeId ?? Number.MAX_SAFE_INTEGER, limit),
    eraseIn(tx, { id, email }) {
      const isFirst = rows.endLink(tx, id)
      // Without a name: what is left says only that somebody with this mailbox, browser or card was here before.
      const { kind, hash } = addressMark(deps, email)
      const known = rows.marksOf(tx, id).some((mark) => mark.kind === kind && mark.hash === hash)
      noteMarks(deps, tx, id, 1)
      rows.addMark(tx, kind, hash, id, 1)
      return isFirst + rows.setGone(tx, id) + (known ? 0 : 1)
    },
    sweepIn(tx, most) {
      const visits = rows.sweepVisits(tx, tx.now - L.visitMs, most)
      return visits + rows.sweepMarks(tx, tx.now - L.marksMs, most - visits)
    },
  }
}

function joinedIn(deps: ReferralsDeps, tx: Tx, userId: UserId, browser: Browser): void {
  const visit = rows.takeVisit(tx, browserHash(deps, browser.browserId))
  if (!visit || visit.atMs < tx.now - L.visitMs || visit.referrerId === userId) return
  const person = deps.identity.userById(userId)
  if (!person || person.createdMs < tx.now - L.newMs || rows.ofUser(tx, userId)) return
  const id = rows.insertReferral(tx, visit.referrerId, userId)
  noteMarks(deps, tx, userId)
  const { kind, hash } = networkMark(deps, browser.ip)
  rows.addMark(tx, kind, hash, userId)
  rows.addMark(tx, "device", browserHash(deps, browser.browserId), userId)
  noteMarks(deps, tx, visit.referrerId)
  const referral = rows.byId(tx, id)!
  const why = refusalIn(deps, tx, referral)
  if (why) refuseIn(deps, tx, referral, why, null)
}
