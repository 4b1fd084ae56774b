// Proves the books: every promise of DESIGN §4 by name, with counts. Changes nothing and trusts no cached figure. A big
// database is verified from a read Worker, inside one read transaction, so that all checks see the same moment.
import { chainHash, GENESIS, hex } from "../books/chain.ts"
import type { Check, Sql, VerifyReport } from "../types.ts"
import { CHECKS } from "./store-checks.ts"
import { HISTORY_CHECKS } from "./store-checks-history.ts"
import { type Found, runCheck } from "./store-proof.ts"
import { chainPage, entriesBetween } from "./store-sums.ts"

/** How far a proof is: `name` is what was just looked at. */
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

/** The same check by check, so that whoever runs it can tell how far it is and do something else between. */
export function* verifySteps(sql: Sql): Generator<VerifyProgress, VerifyReport> {
  const all = [...CHECKS, ...HISTORY_CHECKS]
  const of = all.length + 1
  const checks: Check[] = []
  for (const check of all) {
    yield { done: checks.length, of, name: check.name }
    checks.push({ name: check.name, promise: check.promise, ...guarded(() => runCheck(sql, check)) })
  }
  const chain: Chain = { last: { id: 0, atMs: 0, hash: GENESIS }, found: { checked: 0, violations: 0, examples: [] } }
  let isMore = true
  while (isMore) {
    yield { done: checks.length, of, name: "chain" }
    const failed = guarded(() => {
      isMore = walkChainPage(sql, chain)
      return chain.found
    })
    if (failed !== chain.found) {
      chain.found = failed
      break
    }
  }
  const head = chain.last.id === 0 ? null : hex(chain.last.hash)
  const promise = "the hash chain verifies, without a gap and forwards in time"
  checks.push({ name: "chain", promise, ...chain.found })
  return { ok: checks.every((check) => check.violations === 0), checks, head, transactions: chain.found.checked }
}

/** A check that cannot even be computed (a sum past 64 bits, a broken table) has failed. */
function guarded(run: () => Found): Found {
  try {
    return run()
  } catch (error) {
    return { checked: 0, violations: 1, examples: [`could not be checked: ${(error as Error).message}`] }
  }
}

const CHAIN_PAGE = 2_000
const EXAMPLES_MAX = 5

interface Chain {
  last: { id: number; atMs: number; hash: Uint8Array }
  found: Found
}

/** @returns whether there may be more */
function walkChainPage(sql: Sql, chain: Chain): boolean {
  const { found } = chain
  const rows = chainPage(sql, chain.last.id, CHAIN_PAGE)
  if (rows.length === 0) return false
  const entries = Map.groupBy(entriesBetween(sql, rows[0]!.id, rows.at(-1)!.id), (entry) => entry.transactionId)
  for (const row of rows) {
    found.checked++
    const { last } = chain
    const expected = chainHash(row.prevHash, row, entries.get(row.id) ?? [])
    const holds =
      row.id === last.id + 1 &&
      row.atMs >= last.atMs &&
      Buffer.compare(row.prevHash, last.hash) === 0 &&
      Buffer.compare(row.hash, expected) === 0
    if (!holds) {
      found.violations++
      if (found.examples.length < EXAMPLES_MAX) found.examples.push(row.publicId)
    }
    chain.last = { id: row.id, atMs: row.atMs, hash: new Uint8Array(row.hash) }
  }
  return rows.length === CHAIN_PAGE
}
