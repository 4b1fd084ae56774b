// Bugs of hold, mark, settle, release, recovery and sweeper.
import { HoldId, type Nano, nano } from "../../../src/app/index.ts"
import { UNSPENT_LOTS } from "./credits.ts"
import { both, column, dropped, during, entries, type Mutant, memory, parameter, rows, verbs } from "./mutant.ts"

const UPDATE_HOLD = /UPDATE open_holds SET amount_nano = \?, lot_id = \?, lots = \?, stage = \?, known_cost_nano = \?/
const [LOTS, STAGE, KNOWN, LEASE] = [2, 3, 4, 5]
const OPEN_HOLD = /FROM open_holds/
const TAIL_USED =
  /FROM charges INDEXED BY charges_of_app\s+WHERE account_id = \? AND client_id = \? AND \(collected_nano/
const double = (value: Nano) => (value * 2) as Nano
const inRecovery = (tx: { ctx: { actor: string } }) => tx.ctx.actor === "system:recovery"

/** The row of a mark gets what is asked, whatever it had before. */
function asAsked(name: string, at: number, field: "stage" | "knownCostNano"): Mutant {
  let asked: string | number | null = null
  const mutant = parameter(name, UPDATE_HOLD, at, (value) => asked ?? value)
  return during(mutant, "markIn", (_, __, mark) => {
    asked = mark[field]
    return () => {
      asked = null
    }
  })
}

export const backwards = (lots: unknown): string | null =>
  typeof lots === "string" ? JSON.stringify((JSON.parse(lots) as unknown[]).reverse()) : null

export const CALL_MUTANTS: (() => Mutant)[] = [
  () => rows("hold-wrong-order", UNSPENT_LOTS, (row) => ({ ...row, priority: -Number(row.priority) })),
  () => rows("hold-paid-first", UNSPENT_LOTS, (row) => ({ ...row, paid: row.paid === 1 ? 0 : 1 })),
  () => rows("hold-before-effective", UNSPENT_LOTS, (row) => ({ ...row, effectiveMs: 0 })),
  () => rows("hold-ignores-restriction", UNSPENT_LOTS, (row) => ({ ...row, restriction: null })),
  () => rows("hold-limit-off-by-one", TAIL_USED, (row) => ({ ...row, nano: Number(row.nano) - 1 })),
  () => column("hold-limit-not-counted", "charges", "held_day", () => null),
  () => column("hold-other-day", "charges", "held_day", (day) => (day === null ? null : Number(day) - 1)),
  () => asAsked("mark-lowers-cost", KNOWN, "knownCostNano"),
  () => asAsked("mark-goes-back", STAGE, "stage"),
  () => parameter("mark-shortens-lease", UPDATE_HOLD, LEASE, () => 0),
  () =>
    verbs("mark-resolved-holds", (ledger) => ({
      markIn: (tx, hold, mark) => ledger.markIn(tx, hold, mark) || true,
    })),
  () =>
    verbs("settle-double-charge", (ledger) => ({
      settleIn: (tx, input) => {
        const { totalNano, upstreamNano, developerNano, platformNano } = input.charge
        const charge = {
          upstreamNano: double(upstreamNano),
          developerNano: double(developerNano),
          platformNano: double(platformNano),
        }
        if (totalNano > 10_000) return ledger.settleIn(tx, input)
        return ledger.settleIn(tx, { ...input, charge: { ...charge, totalNano: double(totalNano) } })
      },
    })),
  () =>
    memory("settle-keeps-held", (books, hit) => {
      const moved = books.moved.bind(books)
      books.moved = (entry, lotId, unheldNano, goneNano) => {
        if (unheldNano > 0) hit()
        moved(entry, lotId, 0, goneNano)
      }
    }),
  () =>
    entries("settle-limit-not-used", ({ used }, hit) => {
      const set = used.set.bind(used)
      used.set = (key, amount) => {
        if (!used.has(key)) return set(key, amount)
        hit()
        return used
      }
    }),
  () =>
    memory("settle-limit-still-held", (books, hit) => {
      const end = books.endHold.bind(books)
      books.endHold = (entry, hold) => {
        end(entry, hold)
        hit()
        const id = HoldId(-hold.id)
        entry.holds.set(id, { ...hold, id, parts: [] })
      }
    }),
  () =>
    both(
      dropped("settle-again", /DELETE FROM open_holds/),
      memory("", (books) => {
        books.endHold = (entry) => books.touch(entry)
      }),
    ),
  () =>
    memory("settle-forgets-uncollected", ({ sums }, hit) => {
      const add = sums.addToAccount.bind(sums)
      sums.addToAccount = (id, amount) => (id === 5 || id === 25 ? hit() : add(id, amount))
    }),
  () => rows("settle-wrong-day", OPEN_HOLD, (row) => ({ ...row, createdMs: Number(row.createdMs) - 86_400_000 })),
  () =>
    verbs("settle-above-the-hold", (ledger) => ({
      settleIn: (tx, { withinHold, ...input }) => ledger.settleIn(tx, input),
    })),
  () =>
    verbs("settle-without-its-call", (ledger) => ({
      settleIn: (tx, { call, ...input }) => ledger.settleIn(tx, input),
    })),
  () =>
    verbs("release-charges", (ledger) => ({
      releaseIn: (tx, hold) => {
        const charge = { totalNano: nano(1), upstreamNano: nano(1), developerNano: nano(0), platformNano: nano(0) }
        const settled = ledger.settleIn(tx, { hold, charge, developer: null })
        return { ...settled, releasedNano: settled.collectedNano }
      },
    })),
  () =>
    verbs("release-nothing", (ledger) => ({
      releaseIn: (tx, hold) => ledger.releaseIn(tx, { ...hold, id: HoldId(hold.id + 1) }),
    })),
  () =>
    verbs("release-costs-nothing", (ledger) => ({
      releaseIn: (tx, hold) => {
        const charge = { totalNano: nano(0), upstreamNano: nano(0), developerNano: nano(0), platformNano: nano(0) }
        const { balanceAfterNano, already } = ledger.settleIn(tx, { hold, charge, developer: null })
        return { releasedNano: nano(0), balanceAfterNano, already }
      },
    })),
  () => rows("recover-free", OPEN_HOLD, (row) => ({ ...row, stage: "held" }), inRecovery),
  () => rows("recover-forgets-input", OPEN_HOLD, (row) => ({ ...row, inputCostNano: 0 }), inRecovery),
  () =>
    rows("recover-wrong-split", OPEN_HOLD, (row) => ({
      ...row,
      splitUpstream: row.splitPlatform,
      splitPlatform: row.splitUpstream,
    })),
  () => rows("recover-forgets-the-kind", OPEN_HOLD, (row) => ({ ...row, routeId: null }), inRecovery),
  () => rows("recover-forgets-the-caller", OPEN_HOLD, (row) => ({ ...row, callerId: 1 }), inRecovery),
  () => column("recover-as-done", "charges", "end_reason", (end) => (end === "recovered" ? "done" : end)),
  () =>
    verbs("recover-nothing", () => ({
      recoverHolds: async () => ({ resolved: 0, released: 0, chargedNano: 0 as never }),
    })),
  () => verbs("sweep-the-living", (ledger) => ({ sweep: () => ledger.sweep(() => false) })),
  () => parameter("raise-out-of-order", UPDATE_HOLD, LOTS, backwards),
]
