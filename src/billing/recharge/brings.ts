// What a charge of now would bring somebody whose bought credits are short: asked before anything is charged, so that no card pays for what
// is refused all the same.
import { type Nano, nano, type UserId } from "../../app/index.ts"
import { principal } from "../../ledger/index.ts"
import { orderById } from "../store.ts"
import type { BillingDeps } from "../types.ts"
import { cardsFor, isHeld } from "./known.ts"
import { dueOf, monthOf } from "./rules.ts"
import { openRecharge, rechargedSince, rechargeOf, ruleOf } from "./store.ts"

/** @returns n$; 0 = nothing is charged */
export function bringsOf(deps: BillingDeps, userId: UserId): Nano {
  const { store, clock, ledger, processor } = deps
  const { read } = store
  const rule = ruleOf(read, userId)
  if (!rule || processor === null) return nano(0)
  const openId = openRecharge(read, userId)
  const open = openId === null ? null : orderById(read, openId)
  if (open) return rechargeOf(read, open.id)?.trouble === null ? open.priceNano : nano(0)
  const [card = null] = cardsFor(deps, read, userId)
  const wallet = ledger.wallet(principal(userId), "live")
  const situation = {
    rule,
    isHeld: isHeld(deps, userId),
    hasNano: wallet.balanceNano + wallet.heldNano,
    owesNano: wallet.debtNano,
    isNeeded: true,
    hasOpen: false,
    card,
    hasStray: false,
    monthUsedNano: rechargedSince(read, userId, monthOf(clock.now())),
  }
  return dueOf(situation, clock.now()).kind === "due" ? rule.amountNano : nano(0)
}
