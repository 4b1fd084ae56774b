// Bugs of sales.
import { nano } from "../../../src/app/index.ts"
import { fresh } from "./corrections.ts"
import { column, type Mutant, text, verbs } from "./mutant.ts"

export const SALE_MUTANTS: (() => Mutant)[] = [
  () =>
    verbs("sell-every-time", (ledger) => ({
      sellIn: (tx, input) => ledger.sellIn(tx, { ...input, key: fresh(input.key) }),
    })),
  () =>
    verbs("sell-without-commission", (ledger) => ({
      sellIn: (tx, input) => ledger.sellIn(tx, { ...input, commissionNano: nano(0) }),
    })),
  () => column("sell-for-another-amount", "sales", "amount_nano", (amount) => Number(amount) + 1),
  () => text("claws-miss-sales", /FROM sales s INDEXED BY sales_of_wallet/, "FROM (SELECT * FROM sales WHERE 0) s"),
]
