// Sums of a commit: what charges add to accounts that many share (the platform's, a developer's pending) and to developers' days is
// collected here and written once a batch. What an undone mutation added is taken out again.
import type { AccountId, Nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { addToAccount, addToEarningDay, earnedOnDay } from "./store-sums.ts"
import type { EarningSource } from "./types.ts"

interface EarningDay {
  accountId: AccountId
  day: number
  source: EarningSource
  amountNano: number
}

/** Amounts by account, and by developer, day and source. */
class Pending {
  readonly accounts = new Map<AccountId, number>()
  readonly days = new Map<string, EarningDay>()

  addToAccount(id: AccountId, amountNano: number): void {
    this.accounts.set(id, (this.accounts.get(id) ?? 0) + amountNano)
  }

  addToDay(key: string, more: EarningDay): void {
    const known = this.days.get(key)
    if (known) known.amountNano += more.amountNano
    else this.days.set(key, { ...more })
  }

  addAll(other: Pending, sign: 1 | -1): void {
    for (const [id, amountNano] of other.accounts) this.addToAccount(id, sign * amountNano)
    for (const [key, day] of other.days) this.addToDay(key, { ...day, amountNano: sign * day.amountNano })
  }
}

const keyOf = (accountId: AccountId, day: number, source: EarningSource): string => `${accountId} ${day} ${source}`

/** One step of the mutation that runs, so that it can be taken out again. */
type Step = { id: AccountId; amountNano: number } | { key: string; day: EarningDay }

export class Sums {
  /** Not written yet, the mutation that runs included. */
  private batch: Pending | null = null
  private readonly steps: Step[] = []
  /** What the mutation that runs brought into the rows: that is undone with it. */
  private brought: Pending | null = null
  /** `earned_nano` as the table has it. */
  private readonly earned = new Map<string, number>()

  addToAccount(id: AccountId, amountNano: number): void {
    if (amountNano === 0) return
    this.pending().addToAccount(id, amountNano)
    this.steps.push({ id, amountNano })
  }

  addEarned(accountId: AccountId, day: number, source: EarningSource, amountNano: number): void {
    if (amountNano === 0) return
    const key = keyOf(accountId, day, source)
    const step = { key, day: { accountId, day, source, amountNano } }
    this.pending().addToDay(key, step.day)
    this.steps.push(step)
  }

  /** What a developer earned on a day so far, this very mutation included. */
  earnedOn(tx: Tx, accountId: AccountId, day: number, source: EarningSource): number {
    const key = keyOf(accountId, day, source)
    let stored = this.earned.get(key)
    if (stored === undefined) {
      stored = earnedOnDay(tx, accountId, day, source)
      this.earned.set(key, stored)
    }
    return stored + (this.batch?.days.get(key)?.amountNano ?? 0)
  }

  /** Writes what is collected: before the commit, and before a mutation reads what the sums are part of. */
  bring(tx: Tx): void {
    const { batch } = this
    if (!batch) return
    this.batch = null
    if (this.brought) this.brought.addAll(batch, 1)
    else this.brought = batch
    this.earned.clear()
    for (const [id, amountNano] of batch.accounts) if (amountNano !== 0) addToAccount(tx, id, amountNano)
    for (const { accountId, day, source, amountNano } of batch.days.values()) {
      if (amountNano !== 0) addToEarningDay(tx, { accountId, day, source, earnedNano: amountNano as Nano })
    }
  }

  mutationEnded(undone: boolean): void {
    if (undone && (this.steps.length > 0 || this.brought)) this.undo()
    this.brought = null
    this.steps.length = 0
  }

  forget(): void {
    this.batch = null
    this.brought = null
    this.steps.length = 0
    this.earned.clear()
  }

  private pending(): Pending {
    this.batch ??= new Pending()
    return this.batch
  }

  /** The rows are as they were before the mutation: what it brought waits again, what it added is gone. */
  private undo(): void {
    const batch = this.pending()
    if (this.brought) batch.addAll(this.brought, 1)
    for (const step of this.steps) {
      if ("id" in step) batch.addToAccount(step.id, -step.amountNano)
      else batch.addToDay(step.key, { ...step.day, amountNano: -step.day.amountNano })
    }
    this.earned.clear()
  }
}
