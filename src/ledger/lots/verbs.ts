// The verbs of lots.
import type { Nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import type { LedgerDeps, Mode, Owner } from "../books/types.ts"
import { repayDebtIn } from "./debt.ts"
import { expireDue } from "./expire.ts"
import { grantIn } from "./grant.ts"
import type { GrantInput, GrantResult } from "./types.ts"

export const lotVerbs = ({ store, clock, ids }: LedgerDeps) => ({
  /** @throws AppError `conflict` when the key was used for another grant; `validation_failed` past 2^53 n$ */
  grantIn: (tx: Tx, input: GrantInput): GrantResult => grantIn(tx, ids, input),
  /** Pays debt with unheld paid credits, in the order of consumption. Every paid grant does it by itself. @returns n$ repaid */
  repayDebtIn: (tx: Tx, owner: Owner, mode: Mode): Nano => repayDebtIn(tx, ids, owner, mode),
  /** Expires every due lot; also catches up after the server was off. */
  expireDue: (): Promise<{ wallets: number; expiredNano: Nano }> => expireDue(store, clock, ids),
})
