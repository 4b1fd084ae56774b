// Bugs of pools.
import { fresh } from "./corrections.ts"
import { type Mutant, parameter, text, verbs } from "./mutant.ts"

export const SPONSOR_MUTANTS: (() => Mutant)[] = [
  () =>
    verbs("fund-every-time", (ledger) => ({
      fundPoolIn: (tx, input) => ledger.fundPoolIn(tx, { ...input, key: fresh(input.key) }),
    })),
  () => verbs("take-back-as-sponsored", (ledger) => ({ takeBackPoolIn: (tx, input) => ledger.fundPoolIn(tx, input) })),
  () => parameter("caller-uses-twice", /^INSERT INTO wallet_callers/, 2, (amount) => Number(amount) * 2),
  () => text("caller-gets-nothing-back", /used_nano = used_nano - \?1/, "used_nano = used_nano - 0 * ?1"),
]
