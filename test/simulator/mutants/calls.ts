// Bugs of hold, mark, settle, release, recovery and sweeper.
import { HoldId, type Nano, nano } from "../../../src/app/index.ts"
import { column, dropped, type Mutant, parameter, rows, text, verbs } from "./mutant.ts"

const UNSPENT_LOTS = /FROM lots l WHERE l\.account_id = \? AND l\.unspent = 1/
const MARK = /UPDATE holds SET stage = CASE/
const RESOLVE = /UPDATE holds SET state = \?/
const MOVE_LOT = /UPDATE lots SET held_nano = held_nano - \?/
const USE_LIMIT = /UPDATE limit_day SET held_nano = held_nano - \?/
const FIND_HOLD = /FROM holds WHERE id = \?/
const double = (value: Nano) => (value * 2) as Nano

export const CALL_MUTANTS: (() => Mutant)[] = [
  () => rows("hold-wrong-order", UNSPENT_LOTS, (row) => ({ ...row, priority: -Number(row.priority) })),
  () => rows("hold-paid-first", UNSPENT_LOTS, (row) => ({ ...row, paid: row.paid === 1 ? 0 : 1 })),
  () => rows("hold-before-effective", UNSPENT_LOTS, (row) => ({ ...row, effectiveMs: 0 })),
  () => rows("hold-ignores-restriction", UNSPENT_LOTS, (row) => ({ ...row, restriction: null })),
  () =>
    rows("hold-limit-off-by-one", /SELECT used_nano AS usedNano/, (row) => ({
      ...row,
      usedNano: Number(row.usedNano) - 1,
    })),
  () => dropped("hold-limit-not-counted", /INSERT INTO limit_day/),
  () => column("hold-other-day", "limit_day", "day", (day) => Number(day) + 1),
  () => text("mark-lowers-cost", /max\(known_cost_nano, \?\)/, "?"),
  () => text("mark-goes-back", /CASE stage WHEN 'streaming' THEN stage ELSE \? END/, "?"),
  () => parameter("mark-shortens-lease", MARK, 2, () => 0),
  () => text("mark-resolved-holds", / AND state = 'open'$/, ""),
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
  () => parameter("settle-keeps-held", MOVE_LOT, 0, () => 0),
  () => parameter("settle-limit-not-used", USE_LIMIT, 1, () => 0),
  () => parameter("settle-limit-still-held", USE_LIMIT, 0, () => 0),
  () => rows("settle-again", FIND_HOLD, (row) => ({ ...row, state: "open" })),
  () => parameter("settle-forgets-uncollected", RESOLVE, 8, () => 0),
  () => rows("settle-wrong-day", FIND_HOLD, (row) => ({ ...row, day: Number(row.day) + 1 })),
  () =>
    verbs("release-charges", (ledger) => ({
      releaseIn: (tx, holdId) => {
        const charge = { totalNano: nano(1), upstreamNano: nano(1), developerNano: nano(0), platformNano: nano(0) }
        const settled = ledger.settleIn(tx, { holdId, charge, developer: null })
        return { ...settled, releasedNano: settled.collectedNano }
      },
    })),
  () => verbs("release-nothing", (ledger) => ({ releaseIn: (tx, holdId) => ledger.releaseIn(tx, HoldId(holdId + 1)) })),
  () =>
    rows(
      "recover-free",
      FIND_HOLD,
      (row) => ({ ...row, stage: "held" }),
      (tx) => tx.ctx.actor === "system:recovery",
    ),
  () =>
    rows(
      "recover-forgets-input",
      FIND_HOLD,
      (row) => ({ ...row, inputCostNano: 0 }),
      (tx) => tx.ctx.actor === "system:recovery",
    ),
  () =>
    rows("recover-wrong-split", FIND_HOLD, (row) => ({
      ...row,
      splitUpstream: row.splitPlatform,
      splitPlatform: row.splitUpstream,
    })),
  () =>
    verbs("recover-nothing", () => ({
      recoverHolds: async () => ({ resolved: 0, released: 0, chargedNano: 0 as never }),
    })),
  () => verbs("sweep-the-living", (ledger) => ({ sweep: (_, onResolved) => ledger.sweep(() => false, onResolved) })),
]
