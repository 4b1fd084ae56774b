// Every seeded bug, by name. A fresh one each time: they count what they changed.
import { CALL_MUTANTS } from "./calls.ts"
import { CHAIN_MUTANTS } from "./chain.ts"
import { CORRECTION_MUTANTS } from "./corrections.ts"
import { CREDIT_MUTANTS } from "./credits.ts"
import { EARNING_MUTANTS } from "./earnings.ts"
import type { Mutant } from "./mutant.ts"
import { FOLD_MUTANTS, MEMORY_MUTANTS, SUM_MUTANTS } from "./remembered.ts"
import { SALE_MUTANTS } from "./sales.ts"
import { SPONSOR_MUTANTS } from "./sponsor.ts"

export type { Mutant } from "./mutant.ts"

const ALL = [
  ...CREDIT_MUTANTS,
  ...CALL_MUTANTS,
  ...CORRECTION_MUTANTS,
  ...EARNING_MUTANTS,
  ...SALE_MUTANTS,
  ...SPONSOR_MUTANTS,
  ...MEMORY_MUTANTS,
  ...SUM_MUTANTS,
  ...FOLD_MUTANTS,
  ...CHAIN_MUTANTS,
]

export const MUTANTS: ReadonlyMap<string, () => Mutant> = new Map(ALL.map((make) => [make().name, make]))
