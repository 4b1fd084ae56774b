// Proves the books: every promise of DESIGN §4 by name, with counts. Changes nothing and trusts no cached figure. A big
// database is verified from a read Worker, inside one read transaction, so that all checks see the same moment.
import { chainHash, GENESIS, hex } from "./chain.ts"
import { CHECKS } from "./store-checks.ts"
import { HISTORY_CHECKS } from "./store-history.ts"
import { type Found, runCheck } from "./store-proof.ts"
import { chainPage, entriesBetween } from "./store-sums.ts"
import type { Check, Sql, VerifyReport } from "./types.ts"

export function verify(sql: Sql): VerifyReport {
  const checks: Check[] = [...CHECKS, ...HISTORY_CHECKS].map((check) => ({
    name: check.name,
    promise: check.promise,
    ...guarded(() => runCheck(sql, check)),
  }))
  let head: string | null = null
  let transactions = 0
  const chain = guarded(() => {
    const walked = walkChain(sql)
    head = walked.head
    transactions = walked.found.checked
    return walked.found
  })
  checks.push({ name: "chain", promise: "the hash chain verifies, without a gap and forwards in time", ...chain })
  return { ok: checks.every((check) => check.violations === 0), checks, head, transactions }
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

function walkChain(sql: Sql): { head: string | null; found: Found } {
  const found: Found = { checked: 0, violations: 0, examples: [] }
  let last = { id: 0, atMs: 0, hash: GENESIS }
  for (;;) {
    const rows = chainPage(sql, last.id, CHAIN_PAGE)
    if (rows.length === 0) return { head: last.id === 0 ? null : hex(last.hash), found }
    const entries = Map.groupBy(entriesBetween(sql, rows[0]!.id, rows.at(-1)!.id), (entry) => entry.transactionId)
    for (const row of rows) {
      found.checked++
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
      last = { id: row.id, atMs: row.atMs, hash: new Uint8Array(row.hash) }
    }
  }
}
