// What payouts have of a person: where their money went, which is forgotten, and that it went, which stays.
import type { Personal } from "../part/index.ts"
import { takeSteps } from "../part/index.ts"
import { deleteSome, type Tx, updateSome } from "../store/index.ts"

export const PAYOUTS_PERSONAL: Personal = {
  tables: {
    payout_methods: { erased: "emptied", exported: "payout-methods.csv" },
    payout_orders: {
      erased: { stays: "that money was paid out belongs to the books; where it went does not" },
      exported: "payout-orders.csv",
    },
    payout_files: {
      erased: { stays: "actor: which admin made a file for the bank, by public id" },
      exported: { not: "files of the operator for their bank" },
    },
    payout_transfers: {
      erased: { stays: "that a payout was sent by Stripe, by number: it belongs to the books" },
      exported: { not: "payout-orders.csv has the reference of each" },
    },
    payout_checks: { erased: "deleted", exported: "payout-check.csv" },
    payout_documents: {
      erased: {
        stays: "tax documents of somebody who was paid, sealed, for the years that tax law asks for; all others go",
      },
      exported: "payout-documents.csv",
    },
    payout_tax_numbers: { erased: "deleted", exported: "payout-tax-number.csv" },
    payout_schedules: { erased: "deleted", exported: "payout-schedule.csv" },
    payout_holds: { erased: "deleted", exported: { not: "notes of the operator about suspected fraud" } },
  },
  files: [
    {
      name: "payout-check.csv",
      what: "What was made of the documents that you sent.",
      sql: `SELECT owner_id AS place, state, because, asked_ms, decided_ms FROM payout_checks WHERE owner_id = ?1 AND owner_id > ?2 ORDER BY owner_id LIMIT ?3`,
    },
    {
      name: "payout-documents.csv",
      what: "The documents that you sent for payouts; the files themselves are under Payouts, Documents.",
      sql: `SELECT id AS place, public_id AS id, kind, format, bytes, created_ms FROM payout_documents WHERE owner_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
    },
    {
      name: "payout-tax-number.csv",
      what: "The tax number that you gave for payouts, as far as it is shown.",
      sql: `SELECT owner_id AS place, country, kind, hint, set_ms FROM payout_tax_numbers WHERE owner_id = ?1 AND owner_id > ?2 ORDER BY owner_id LIMIT ?3`,
    },
    {
      name: "payout-schedule.csv",
      what: "Since when a payout is asked for on your behalf each month.",
      sql: `SELECT owner_id AS place, since_ms FROM payout_schedules WHERE owner_id = ?1 AND owner_id > ?2 ORDER BY owner_id LIMIT ?3`,
    },
    {
      name: "payout-methods.csv",
      what: "Where your payouts went, as far as it is shown.",
      sql: `SELECT id AS place, kind, currency, country, hint, created_ms, usable_ms, confirmed_ms, ended_ms FROM payout_methods
        WHERE owner_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
    },
    {
      name: "payout-orders.csv",
      what: "The payouts that you asked for, and what came of them.",
      sql: `SELECT o.id AS place, o.public_id AS id, o.mode, o.amount_nano, o.state, o.currency, o.rate_micro, o.paid_minor, o.requested_ms,
          o.approved_ms, o.resolved_ms, o.because, o.reference FROM payout_orders o
        WHERE o.owner_id = ?1 AND o.id > ?2 ORDER BY o.id LIMIT ?3`,
    },
  ],
}

/** Who has earnings is not erased, so nothing is open any more. */
export const erasePayouts = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    (left) =>
      updateSome(
        tx,
        "payout_methods",
        "sealed = NULL, hint = '', code_hash = NULL, ended_ms = COALESCE(ended_ms, created_ms)",
        "owner_id = ? AND (sealed IS NOT NULL OR hint <> '' OR ended_ms IS NULL)",
        [userId],
        left,
      ),
    (left) => deleteSome(tx, "payout_tax_numbers", "owner_id = ?", [userId], left),
    (left) => deleteSome(tx, "payout_schedules", "owner_id = ?", [userId], left),
    (left) => deleteSome(tx, "payout_holds", "owner_id = ?", [userId], left),
  ])
