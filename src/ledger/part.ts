// What `ledger` contributes: expiry, the proof of the books by the hour, and its long reads.
import { type Clock, HOUR_MS, type Log, MINUTE_MS } from "../app/index.ts"
import { type Check, type Metric, type Part, takeSteps } from "../part/index.ts"
import { EXPORT_BOOKS, exportPieces } from "./archive/export-pieces.ts"
import type { Ledger } from "./index.ts"
import { VERIFY_BOOKS, type Verification, verifyPieces } from "./proof/verification.ts"
import { verify } from "./proof/verify.ts"
import { leavingOf } from "./wallet/leaving.ts"
import { eraseReasons, LEDGER_PERSONAL, lotsToVoid } from "./wallet/store-personal.ts"

interface Works {
  ledger: Pick<Ledger, "expireDue" | "held" | "voidLotIn" | "wallet">
  verification: Verification
  clock: Clock
  log: Log
}

const VERIFY = { actor: "system:verify-books", requestId: "job_verify-books", reason: "prove the books" }
const CREDITS_STAY = "credits belong to their person, and holds are resolved by the calls that made them"

export const ledgerPart: Part<Works> = {
  name: "ledger",
  personal: LEDGER_PERSONAL,
  keeps: [{ what: "Books", goes: "Every movement of credits, hashed one to the next.", kept: "for ever", job: null }],
  reads: { "ledger.verify": (reader) => reader.snapshot(() => verify(reader)) },
  streams: { [VERIFY_BOOKS]: verifyPieces, [EXPORT_BOOKS]: exportPieces },
  run: ({ ledger, verification, clock, log }) => ({
    jobs: [
      {
        name: "expire-lots",
        everyMs: MINUTE_MS,
        // A wallet a write; the verb itself goes round by round.
        async run() {
          await ledger.expireDue()
          return false
        },
      },
      {
        name: "verify-books",
        goesOn: true,
        everyMs: HOUR_MS,
        atStart: true,
        async run() {
          const { ok, checks } = await verification.run(VERIFY)
          if (!ok) log.error("ledger.books_wrong", { checks: checks.filter((check) => check.violations > 0) })
          return false
        },
      },
    ],
    lifecycle: {
      suspended: { nothing: CREDITS_STAY },
      reinstated: { nothing: CREDITS_STAY },
      passwordChanged: { nothing: CREDITS_STAY },
      // Nobody can spend them any more: promo credits go back to promo, paid ones become breakage.
      erased: (tx, { id }, rows) =>
        takeSteps(rows, [
          (left) => {
            const lots = lotsToVoid(tx, id, left)
            for (const lotId of lots) ledger.voidLotIn(tx, { lotId, key: `erased:${lotId}` })
            return lots.length
          },
          (left) => eraseReasons(tx, id, left),
        ]),
      leaving: ({ id }) => leavingOf(ledger, id),
    },
    metrics: [...holdMetrics(ledger), ...booksMetrics(verification)],
    checks: [() => books(verification, clock.now())],
  }),
}

const holdMetrics = ({ held }: Pick<Ledger, "held">): Metric[] => [
  { kind: "gauge", name: "holds", help: "Holds that are open: calls that run.", read: () => held().holds },
  {
    kind: "gauge",
    name: "held_nanodollars",
    help: "Credits that calls hold at this moment.",
    read: () => held().amountNano,
  },
]

function booksMetrics(verification: Pick<Verification, "last">): Metric[] {
  return [
    {
      kind: "gauge",
      name: "books_ok",
      help: "1 when the last proof of the books found nothing wrong; no line before the first.",
      read: () => (verification.last ? (verification.last.ok ? 1 : 0) : []),
    },
    {
      kind: "gauge",
      name: "books_verified_timestamp_seconds",
      help: "When the books were last proved.",
      read: () => (verification.last ? verification.last.atMs / 1_000 : []),
    },
  ]
}

function books({ last, running }: Pick<Verification, "last" | "running">, nowMs: number): Check {
  const base = { label: "Books", href: "/admin/books" }
  const remedy = "Verify them under Books."
  if (!last && running && nowMs - running.startedMs < HOUR_MS) return { ...base, state: "ok", text: "being verified" }
  if (!last) return { ...base, state: "warn", text: "not verified yet", remedy }
  if (!last.ok)
    return {
      ...base,
      state: "bad",
      text: "do not balance",
      remedy: "Open Books: it names what is wrong, with examples.",
    }
  const minutes = Math.floor((nowMs - last.atMs) / MINUTE_MS)
  const hours = Math.floor(minutes / 60)
  const ago = minutes < 1 ? "just now" : hours < 1 ? `${minutes} min ago` : `${hours} h ago`
  if (nowMs - last.atMs > 3 * HOUR_MS) return { ...base, state: "warn", text: `verified ${ago}`, remedy }
  return { ...base, state: "ok", text: `verified ${ago}` }
}
