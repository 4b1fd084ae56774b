// What a person loses of their credits when they go.
import { creditsDecimal, nano, type UserId } from "../../app/index.ts"
import type { Leaving } from "../../part/index.ts"
import { principal } from "../books/rules.ts"
import type { Mode, Owner } from "../books/types.ts"
import type { Wallet } from "./types.ts"

export function leavingOf(ledger: { wallet(owner: Owner, mode: Mode): Wallet }, userId: UserId): Leaving {
  const { balanceNano, heldNano } = ledger.wallet(principal(userId), "live")
  const leftNano = nano(balanceNano + heldNano)
  if (leftNano === 0) return {}
  return { ends: [`${creditsDecimal(leftNano)} credits are lost. What you paid for them is not paid back.`] }
}
