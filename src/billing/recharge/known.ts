// Cards that can be charged with the key of now: a card belongs to a customer, and a customer to an account and a mode. And who answers for a
// wallet that is not a person's.
import type { UserId } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import { scopeOf } from "../scope.ts"
import { customerOf } from "../store.ts"
import type { BillingDeps } from "../types.ts"
import { cardsOf } from "./store.ts"
import type { Card } from "./types.ts"

/** Newest first; without a key all that are saved. */
export function cardsFor(deps: BillingDeps, reader: Reader, userId: UserId): Card[] {
  const scope = scopeOf(deps)
  const all = cardsOf(reader, userId)
  if (scope === null) return all
  const customer = customerOf(reader, userId, scope)
  // Of a card that was saved before this was kept nobody knows: it is tried, once.
  return customer === null ? [] : all.filter(({ customerId }) => customerId === null || customerId === customer)
}

/** A team whose owner is suspended, or that nobody has any more, is charged nothing. Of a person their rule says so itself. */
export function isHeld({ identity }: Pick<BillingDeps, "identity">, userId: UserId): boolean {
  const answers = identity.userById(userId)
  return answers === null || (answers.id !== userId && identity.isSuspended(answers.id))
}
