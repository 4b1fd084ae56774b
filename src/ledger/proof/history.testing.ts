// One random history of the books, the same for the same seed whatever the writer remembers: batches of mutations of which some throw half
// way, commits that fail, somebody else at the file, jobs, reboots. What becomes of it is told as rows.
import { expect } from "bun:test"
import { AppError, DAY_MS, HOUR_MS, type Ids } from "../../app/index.ts"
import { openStore, openTestStore, type Store, type Tx } from "../../store/index.ts"
import { booksOf, bringSums } from "../books/memory.ts"
import { createLedger, type HoldRef, type Ledger } from "../index.ts"
import { ctx, everything, expectHealthy, seeded } from "../testing.ts"
import { ACTS } from "./history-acts.testing.ts"
import { memoryDifferences } from "./memory.ts"

/** Ids that name their mutation, so that it does not matter what other mutations were undone. */
class NamedIds implements Ids {
  scope = ""
  private count = 0
  enter(scope: string): void {
    this.scope = scope
    this.count = 0
  }
  next(prefix: string): string {
    return `${prefix}_${this.scope}_${++this.count}`
  }
}

export class History {
  readonly holds: HoldRef[] = []
  readonly transactions: string[] = []
  readonly charges: string[] = []
  readonly lots: { key: string; publicId: string }[] = []
  readonly payouts: string[] = []
  /** Keys of claw-backs and of freezes. */
  readonly claws: string[] = []
  readonly freezes: string[] = []
  readonly ids = new NamedIds()
  ledger: Ledger
  named = 0
  private boots = 1

  constructor(
    readonly store: Store,
    readonly clock: { now(): number; advance(ms: number): void },
    readonly random: () => number,
    /** Called as each mutation begins. */
    private readonly onMutation: (tx: Tx) => void,
  ) {
    this.ledger = this.boot(store)
  }

  boot(store: Store): Ledger {
    return createLedger({ store, clock: this.clock, ids: this.ids, bootId: `boot-${this.boots++}` })
  }
  int(max: number): number {
    return Math.floor(this.random() * max)
  }
  pick<T>(list: readonly T[]): T | undefined {
    return list[this.int(list.length)]
  }
  /** Keeps the newest. */
  keep<T>(list: T[], value: T): void {
    list.push(value)
    if (list.length > 30) list.shift()
  }

  /** Everything is drawn before it runs: a history does not depend on what comes of it. */
  private mutation(ledger: Ledger): (tx: Tx) => void {
    const acts = Array.from({ length: 1 + this.int(3) }, () => {
      const act = this.pick(ACTS)!(this)
      return { act, isCaught: this.int(2) === 0 }
    })
    const throws = this.int(7) === 0
    const scope = `m${++this.named}`
    return (tx) => {
      this.ids.enter(scope)
      this.onMutation(tx)
      for (const { act, isCaught } of acts) {
        try {
          act?.(tx, ledger)
        } catch (error) {
          if (!isCaught || !(error instanceof AppError)) throw error
        }
      }
      if (throws) throw new AppError("conflict", "half way")
    }
  }

  async batch(store: Store, ledger: Ledger): Promise<void> {
    const writes = Array.from({ length: 1 + this.int(12) }, () => {
      const lane = this.pick(["settle", "normal", "hold"] as const)!
      return store.write(ctx, this.mutation(ledger), { lane })
    })
    for (const result of await Promise.allSettled(writes)) {
      if (result.status === "rejected" && !(result.reason instanceof AppError)) throw result.reason
    }
  }

  async job(): Promise<void> {
    this.ids.enter(`j${++this.named}`)
    const dice = this.int(4)
    if (dice === 0) await this.ledger.expireDue()
    else if (dice === 1) await this.ledger.sweep(() => false)
    else if (dice === 2) await this.ledger.matureDue({ paidDays: 1, promoDays: 2 })
    else {
      this.ledger = this.boot(this.store)
      await this.ledger.recoverHolds()
    }
  }
}

/**
 * @param forgets how likely the memory is emptied before a mutation, 0 to 1
 * @returns rows by table, as text
 */
export async function history(seed: number, rounds: number, forgets: number): Promise<Record<string, string>> {
  let fails = false
  const beforeCommit = () => {
    if (fails) throw new Error("the disk is full")
  }
  const { store, clock, path, close } = await openTestStore({ faults: { beforeCommit } })
  const other = openStore(path, { clock })
  const forgetting = seeded(seed + 1_000)
  const onMutation = (tx: Tx) => {
    if (forgetting() >= forgets) return
    bringSums(tx)
    booksOf(tx).rowsChanged()
  }
  const run = new History(store, clock, seeded(seed), onMutation)
  const foreign = run.boot(other)
  try {
    for (let round = 1; round <= rounds; round++) {
      fails = run.int(12) === 0
      await run.batch(store, run.ledger)
      fails = false
      if (run.int(6) === 0) await run.batch(other, foreign)
      if (run.int(15) === 0) await run.job()
      clock.advance(run.pick([0, 0, 1, 1_000, 1_000, HOUR_MS, run.int(DAY_MS)])!)
      for (const one of [store, other]) {
        if (one === store || run.int(10) === 0) await one.write(ctx, (tx) => expect(memoryDifferences(tx)).toEqual([]))
      }
      if (round % 50 === 0) expectHealthy(run.ledger)
    }
    expectHealthy(run.ledger)
    expect(await store.write(ctx, (tx) => run.ledger.rebuildProjectionsIn(tx))).toEqual({ changed: 0 })
    return rowsOf(store)
  } finally {
    await other.close()
    await close()
  }
}

/** Ids of open holds are names in passing, in the order the holds were made: their places are compared. */
function rowsOf(store: Store): Record<string, string> {
  const tables = JSON.parse(everything(store.read)) as [string, Record<string, unknown>[]][]
  const holds = tables.find(([name]) => name === "open_holds")![1]
  const order = holds.map((row) => row.id as number).sort((a, b) => a - b)
  for (const row of holds) row.id = order.indexOf(row.id as number)
  return Object.fromEntries(tables.map(([name, rows]) => [name, JSON.stringify(rows)]))
}
