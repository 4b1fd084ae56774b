// Proves the books: every promise of DESIGN §4 by name, with counts. Changes nothing and trusts no cached figure. Each check sees one
// moment of the database; a big one is proved from a read Worker, which lets that moment go between checks, so that the log can be copied back.
import type { Moment } from "../../store/index.ts"
import type { Sql } from "../books/types.ts"
import { CHECKS } from "./store-checks.ts"
import { type Found, runCheck, type SharedSql } from "./store-proof.ts"
import type { Check, VerifyReport } from "./types.ts"
import { foundAll, WALK_CHECKS, type Walk, type WalkCheck, walkBooks } from "./walk.ts"

/** How far a proof is: `name` is what is looked at now. */
export interface VerifyProgress {
  done: number
  of: number
  name: string
}

export function verify(sql: Sql): VerifyReport {
  const steps = verifySteps(sql)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** For whoever reads everything inside one transaction, or without any. */
const ONE_MOMENT: Moment = { renew() {} }

/** The same check by check, so that whoever runs it can tell how far it is and do something else between. */
export function* verifySteps(sql: Sql, moment = ONE_MOMENT): Generator<VerifyProgress, VerifyReport> {
  const of = CHECKS.reduce((sum, { checks }) => sum + checks.length, Object.keys(WALK_CHECKS).length)
  const checks: Check[] = []
  for (const check of CHECKS) {
    yield { done: checks.length, of, name: check.checks[0]!.name }
    moment.renew()
    const found = guarded(sql, check)
    checks.push(...check.checks.map(({ name, promise }, index) => ({ name, promise, ...found[index]! })))
  }
  moment.renew()
  const pages = walkBooks(sql, moment)
  let walk: Walk | null = null
  while (!walk) {
    yield { done: checks.length, of, name: "chain" }
    walk = nextPage(pages)
  }
  const { found, head } = walk
  const result = (name: WalkCheck): Check => ({ name, promise: WALK_CHECKS[name], ...found[name] })
  checks.unshift(...BALANCES.map(result))
  checks.push(result("earning_days"), result("promo_cap"), result("chain"))
  return { ok: checks.every((check) => check.violations === 0), checks, head, transactions: found.chain.checked }
}

const BALANCES = ["entries_balance", "books_balance", "account_balance", "wallet_lots", "running_balance"] as const

const failedBy = (error: unknown): Found => ({
  checked: 0,
  violations: 1,
  examples: [`could not be checked: ${(error as Error).message}`],
})

/** A check that cannot even be computed (a sum past 64 bits, a broken table) has failed. */
function guarded(sql: Sql, check: SharedSql): Found[] {
  try {
    return runCheck(sql, check)
  } catch (error) {
    return check.checks.map(() => failedBy(error))
  }
}

/** @returns the walk when it is over */
function nextPage(pages: Generator<void, Walk>): Walk | null {
  try {
    const step = pages.next()
    return step.done ? step.value : null
  } catch (error) {
    return { found: foundAll(() => failedBy(error)), head: null }
  }
}
