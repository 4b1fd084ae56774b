// The door of `statement`: what the processor says of the money, the fees it kept, and both against the books.
import type { Processor } from "../stripe/index.ts"
import { compare } from "./compare.ts"
import { moneyDays } from "./days.ts"
import { readStatement } from "./read.ts"
import type { StatementDeps, StatementVerbs } from "./types.ts"

export { COMPARE, MONEY_DAYS, STATEMENT_READS } from "./reads.ts"
export type * from "./types.ts"

/** @param on the processor of this moment @throws AppError conflict where nothing is sold */
export function createStatement(deps: StatementDeps, on: () => Processor): StatementVerbs {
  /** One reading at a time. */
  let last: Promise<unknown> = Promise.resolve()
  return {
    read(signal) {
      const begin = async () => await readStatement(deps, on(), signal)
      const run = last.then(begin, begin)
      last = run
      return run
    },
    compare: (fromMs, toMs) => compare(deps.store.read, { fromMs, toMs, nowMs: deps.clock.now() }),
    days: (fromMs, toMs) => moneyDays(deps.store.read, { fromMs, toMs }),
  }
}
