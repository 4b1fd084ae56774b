// Bugs of the writer's memory, of what is derived from open holds, and of the sums of a commit.
import type { SqlValue } from "../../../src/store/index.ts"
import { backwards } from "./calls.ts"
import { column, dropped, during, entries, type Memory, type Mutant, memory, rows, statements } from "./mutant.ts"

const OPEN_HOLD = /FROM open_holds/
const DELETE_HOLD = /DELETE FROM open_holds/

/** A field that stays as it was read. */
const frozen = (name: string, field: "debtNano" | "bookedNano"): Mutant =>
  entries(name, (entry, hit) => {
    const value = entry[field]
    Object.defineProperty(entry, field, { get: () => value, set: hit })
  })

/** `forget` does nothing, when that is so. */
const remembers = (name: string, when: (isForeign: boolean) => boolean): Mutant =>
  memory(name, (books, hit, seam) => {
    const forget = books.forget.bind(books)
    books.forget = () => {
      if (!when(seam.isForeign)) return forget()
      hit()
      // The sums of a batch that was lost are no matter of this bug.
      books.sums.forget()
    }
  })

const undone = (name: string, instead: (books: Memory, ended: () => void) => void): Mutant =>
  memory(name, (books, hit) => {
    const ended = books.mutationEnded.bind(books)
    books.mutationEnded = (isUndone) => {
      if (!isUndone) return ended(false)
      hit()
      instead(books, () => ended(true))
    }
  })

/** Rows of holds that are kept, or deleted, while a verb runs. */
function keptBy(name: string, verb: "settleIn" | "releaseIn"): Mutant {
  let isRunning = false
  const mutant = dropped(name, DELETE_HOLD, () => isRunning)
  return during(mutant, verb, () => {
    isRunning = true
    return () => {
      isRunning = false
    }
  })
}

const firstOnly = (lots: unknown): SqlValue =>
  typeof lots === "string" ? JSON.stringify((JSON.parse(lots) as unknown[]).slice(0, 1)) : null

export const MEMORY_MUTANTS: (() => Mutant)[] = [
  () =>
    undone("memory-keeps-what-was-undone", (books, ended) => {
      books.touched = []
      ended()
    }),
  () =>
    undone("memory-keeps-the-chain-of-undone", (books, ended) => {
      const { forgetShared } = books
      books.forgetShared = () => books.accounts.clear()
      ended()
      books.forgetShared = forgetShared
    }),
  () =>
    undone("memory-keeps-accounts-of-undone", (books, ended) => {
      const { clear } = books.accounts
      books.accounts.clear = () => {}
      ended()
      books.accounts.clear = clear
    }),
  () =>
    undone("memory-keeps-the-fold-of-undone", (books, ended) => {
      const { foldedThrough } = books
      ended()
      books.foldedThrough = foldedThrough
    }),
  () => remembers("memory-keeps-a-failed-commit", (isForeign) => !isForeign),
  () => remembers("memory-misses-somebody-else", (isForeign) => isForeign),
  () =>
    memory("memory-keeps-who-was-pushed-out", (books, hit) => {
      const all = new Map<string, NonNullable<ReturnType<Memory["walletOf"]>>>()
      const { walletOf, forget, drop } = books
      books.walletOf = (tx, owner, mode) => {
        const key = `${mode} ${owner.id}`
        const known = all.get(key)
        const entry = walletOf.call(books, tx, owner, mode)
        if (known && entry !== known) hit()
        if (entry && !known) all.set(key, entry)
        return known ?? entry
      }
      books.forget = () => {
        all.clear()
        forget.call(books)
      }
      books.drop = (entry) => {
        all.delete(`${entry.mode} ${entry.ownerId}`)
        drop.call(books, entry)
      }
    }),
  () => frozen("memory-debt-as-it-was", "debtNano"),
  () => frozen("memory-booked-as-it-was", "bookedNano"),
  () =>
    entries("memory-used-after-a-refund", ({ used }, hit) => {
      used.clear = () => {
        if (used.size > 0) hit()
      }
    }),
  () =>
    memory("memory-raise-holds-nothing-more", (books, hit) => {
      books.changeHold = (entry, hold) => {
        books.touch(entry)
        if (entry.holds.get(hold.id)?.amountNano !== hold.amountNano) hit()
        entry.holds.set(hold.id, hold)
      }
    }),
  () =>
    memory("memory-parts-backwards", (books, hit) => {
      const change = books.changeHold.bind(books)
      books.changeHold = (entry, hold) => {
        if (hold.parts.length > 1) hit()
        change(entry, { ...hold, parts: hold.parts.toReversed() })
      }
    }),
  () =>
    memory("memory-changes-lots-in-place", (books, hit) => {
      const moved = books.moved.bind(books)
      books.moved = (entry, lotId, unheldNano, goneNano) => {
        const lots = entry.lots
        const lot = lots?.find((one) => one.id === lotId)
        moved(entry, lotId, unheldNano, goneNano)
        if (!lots || !lot) return
        hit()
        const at = lots.findIndex((one) => one.id === lotId)
        if (at >= 0) lots[at] = Object.assign(lot, lots[at])
        else lot.remainingNano = 0
      }
    }),
  () =>
    memory("memory-lots-not-read-again", (books, hit) => {
      books.touchLots = (tx, id) => {
        hit()
        books.touch(books.wallet(tx, id))
      }
    }),
  () =>
    memory("memory-lots-without-what-is-held", (books, hit) => {
      const lotsOf = books.lotsOf.bind(books)
      books.lotsOf = (tx, entry) => {
        const isRead = entry.lots !== null
        const lots = lotsOf(tx, entry)
        if (isRead) return lots
        if (entry.holds.size > 0) hit()
        lots.forEach((lot, at) => {
          lots[at] = { ...lot, heldNano: 0 }
        })
        return lots
      }
    }),
  () => rows("recover-forgets-lots", OPEN_HOLD, (row) => ({ ...row, lots: firstOnly(row.lots) })),
  () => column("hold-writes-one-lot", "open_holds", "lots", firstOnly),
  () => column("hold-writes-lots-backwards", "open_holds", "lots", backwards),
  () => keptBy("release-keeps-the-row", "releaseIn"),
  () => keptBy("settle-keeps-the-row", "settleIn"),
  () =>
    memory("settle-remembers-the-hold", (books, hit) => {
      books.endHold = (entry) => {
        hit()
        books.touch(entry)
      }
    }),
  () =>
    memory("memory-survives-a-rebuild", (books, hit) => {
      books.rowsChanged = hit
    }),
]

export const SUM_MUTANTS: (() => Mutant)[] = [
  () =>
    memory("sums-of-undone", ({ sums }, hit) => {
      const ended = sums.mutationEnded.bind(sums)
      sums.mutationEnded = (isUndone) => {
        if (isUndone) hit()
        ended(false)
      }
    }),
  () =>
    memory("sums-lost-with-who-brought-them", ({ sums }, hit) => {
      const ended = sums.mutationEnded.bind(sums)
      sums.mutationEnded = (isUndone) => {
        if (isUndone) {
          hit()
          sums.brought = null
        }
        ended(isUndone)
      }
    }),
  () =>
    memory("sums-brought-at-the-end-only", ({ sums }, hit) => {
      const bring = sums.bring.bind(sums)
      sums.bring = (tx) => (tx.ctx.requestId === "batch" ? bring(tx) : hit())
    }),
  () =>
    memory("sums-never-brought-at-the-end", ({ sums }, hit) => {
      const bring = sums.bring.bind(sums)
      sums.bring = (tx) => (tx.ctx.requestId === "batch" ? hit() : bring(tx))
    }),
  () =>
    memory("sums-of-a-lost-commit", (books, hit) => {
      books.sums.forget = hit
    }),
  () =>
    memory("earned-day-doubled", ({ sums }, hit) => {
      const add = sums.addEarned.bind(sums)
      sums.addEarned = (accountId, day, source, amount) => {
        if (amount > 0) hit()
        add(accountId, day, source, amount * 2)
      }
    }),
  () =>
    memory("earn-cap-without-this-commit", ({ sums }, hit) => {
      sums.earnedOn = (tx, accountId, day, source) => {
        hit()
        const sql = "SELECT earned_nano AS nano FROM earning_days WHERE account_id = ? AND day = ? AND source = ?"
        return tx.get<{ nano: number }>(sql, accountId, day, source)?.nano ?? 0
      }
    }),
  () =>
    memory("earn-cap-as-it-was", ({ sums }, hit) => {
      const earnedOn = sums.earnedOn.bind(sums)
      const known = new Map<string, number>()
      sums.earnedOn = (tx, accountId, day, source) => {
        const key = `${accountId} ${day} ${source}`
        const now = earnedOn(tx, accountId, day, source)
        const was = known.get(key)
        if (was === undefined) known.set(key, now)
        else if (was !== now) hit()
        return was ?? now
      }
    }),
]

/** The row goes with a whole day: the one that a mutation has just folded. */
export const FOLD_MUTANTS: (() => Mutant)[] = [
  () =>
    statements("fold-twice", (one, tx) => {
      if (!/^INSERT INTO charge_days .* calls/.test(one.sql)) return one
      tx.run(one.sql, ...one.params)
      return { ...one }
    }),
  () =>
    statements("fold-takes-the-last-again", (one) =>
      /^INSERT INTO charge_days .* calls/.test(one.sql)
        ? { ...one, params: [Number(one.params[0]) - 1, one.params[1]!] }
        : one,
    ),
  () =>
    statements("fold-leaves-the-last-out", (one) =>
      /^INSERT INTO charge_days .* calls/.test(one.sql)
        ? { ...one, params: [one.params[0]!, Number(one.params[1]) - 1] }
        : one,
    ),
  () =>
    statements("fold-tail-with-the-last", (one) =>
      /id > \(SELECT through FROM charge_fold\)/.test(one.sql)
        ? { ...one, sql: one.sql.replace("id > (SELECT", "id >= (SELECT") }
        : one,
    ),
  () =>
    statements("back-on-the-next-day", (one) =>
      /DO UPDATE SET back_nano/.test(one.sql)
        ? { ...one, sql: one.sql.replace("at_ms / 86400000 AS day", "at_ms / 86400000 + 1 AS day") }
        : one,
    ),
  () =>
    statements("back-without-the-limit", (one) =>
      /DO UPDATE SET back_nano/.test(one.sql) ? { ...one, sql: one.sql.replace("COALESCE(held_day, -1)", "-1") } : one,
    ),
]
