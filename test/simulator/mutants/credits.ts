// Bugs of grants, claims, expiry, posting, the chain, rebuilding and the disk.
import type { Nano } from "../../../src/app/index.ts"
import { committedLength } from "../wal.ts"
import { column, dropped, type Mutant, parameter, rows, statements, text, verbs } from "./mutant.ts"

export const UNSPENT_LOTS = /FROM lots l INDEXED BY lots_of_wallet\s+WHERE l\.account_id = \? AND l\.unspent = 1/
const INSERT_ENTRY = /INSERT INTO entries .* VALUES \(\?, \?, \?, \?, \?, \?\)/

/** A bug that every so often doubles a statement. */
const twice = (name: string, match: RegExp): Mutant => {
  let count = 0
  return statements(name, (statement, tx) => {
    if (!match.test(statement.sql) || ++count % 7 !== 0) return statement
    tx.run(statement.sql, ...statement.params)
    return { ...statement }
  })
}

let granted = 0

export const CREDIT_MUTANTS: (() => Mutant)[] = [
  () =>
    verbs("grant-one-more", (ledger) => ({
      grantIn: (tx, input) => ledger.grantIn(tx, { ...input, amountNano: (input.amountNano + 1) as Nano }),
    })),
  () =>
    verbs("grant-every-time", (ledger) => ({
      grantIn: (tx, input) => ledger.grantIn(tx, { ...input, key: `${input.key}.${++granted}` }),
    })),
  () => column("grant-without-restriction", "lots", "restriction", () => null),
  () => column("grant-paid-is-promo", "lots", "paid", () => 0),
  () =>
    verbs("grant-wrong-source", (ledger) => ({
      grantIn: (tx, input) => ledger.grantIn(tx, input.type === "topup" ? { ...input, type: "coupon" } : input),
    })),
  () => column("claim-streak-lost", "claims", "streak", () => 1),
  () => dropped("claim-budget-not-counted", /INSERT INTO free_budget_day/),
  () => rows("claim-an-hour-early", /FROM claims c/, (row) => ({ ...row, atMs: Number(row.atMs) - 3_600_000 })),
  () =>
    rows("expire-early", UNSPENT_LOTS, (row) => ({
      ...row,
      expiresMs: row.expiresMs === null ? null : Number(row.expiresMs) - 60_000,
    })),
  () =>
    rows("expire-late", UNSPENT_LOTS, (row) => ({
      ...row,
      expiresMs: row.expiresMs === null ? null : Number(row.expiresMs) + 60_000,
    })),
  () => verbs("expire-nothing", () => ({ expireDue: async () => ({ wallets: 0, expiredNano: 0 as never }) })),
  () => parameter("post-wrong-balance-after", INSERT_ENTRY, -1, (value) => Number(value) + 1),
  () => twice("post-balance-twice", /UPDATE accounts SET balance_nano = balance_nano \+ \?/),
  () => dropped("post-balance-never", /UPDATE accounts SET balance_nano = balance_nano \+ \?/),
  () => column("chain-without-time", "transactions", "at_ms", (at) => Number(at) + 1),
  () => text("rebuild-forgets-uncollected", /c\.collected_nano - c\.charge_nano AS amount_nano/, "0 AS amount_nano"),
  () => dropped("rebuild-without-days", /^INSERT INTO charge_days [\s\S]* SELECT [\s\S]* WHERE NOT EXISTS/),
  () =>
    text(
      "rebuild-expired-is-consumed",
      /consumed_nano = s\.consumed, expired_nano = s\.expired/,
      "consumed_nano = s.consumed + s.expired, expired_nano = 0",
    ),
  () => ({
    name: "disk-loses-the-last-commit",
    hits: 0,
    image(image) {
      this.hits++
      const length = committedLength(image.wal)
      return { db: image.db, wal: image.wal.subarray(0, Math.max(0, length - 1)) }
    },
  }),
]
