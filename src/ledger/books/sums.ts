// Sums of a commit: what charges add to accounts that many share (the platform's, a developer's pending) and to developers' days is
// collected here and written once a batch. What an undone mutation added is taken out again.
import type { AccountId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { addToAccount, addToEarningDay, earnedOnDay } from "./store-sums.ts"
import type { EarningSource } from "./types.ts"

interface EarningDay {
  accountId: AccountId
  day: number
  source: EarningSource
  amountNano: bigint
}

/** Amounts by account, and by developer, day and source. The sum of a commit may pass 2^53. */
class Pending {
  readonly accounts = new Map<AccountId, bigint>()
  readonly days = new Map<string, EarningDay>()

  addToAccount(id: AccountId, amountNano: bigint): void {
    this.accounts.set(id, (this.accounts.get(id) ?? 0n) + amountNano)
  }

  addToDay(key: string, more: EarningDay): void {
    const known = this.days.get(key)
    if (known) known.amountNano += more.amountNano
    else this.days.set(key, { ...more })
  }

  addAll(other: Pending): void {
    for (const [id, amountNano] of other.accounts) this.addToAccount(id, amountNano)
    for (const [key, day] of other.days) this.addToDay(key, day)
  }
}

const keyOf = (accountId: AccountId, day: number, source: EarningSource): string => `${accountId} ${day} ${source}`

/** One step of the mutation that runs, so that it can be taken out again. */
type Step = { id: AccountId; amountNano: bigint } | { key: string; day: EarningDay }

export class Sums {
  /** Not written yet, the mutation that runs included. */
  private batch: Pending | null = null
  private readonly steps: Step[] = []
  /** What the mutation that runs brought into the rows: that is undone with it. */
  private brought: Pending | null = null
  /** `earned_nano` as the table has it. */
  private earned = new Map<string, number>()

  addToAccount(id: AccountId, nano: number): void {
    if (nano === 0) return
    const amountNano = BigInt(nano)
    this.pending().addToAccount(id, amountNano)
    this.steps.push({ id, amountNano })
  }

  addEarned(accountId: AccountId, day: number, source: EarningSource, nano: number): void {
    if (nano === 0) return
    const key = keyOf(accountId, day, source)
    const step = { key, day: { accountId, day, source, amountNano: BigInt(nano) } }
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
    return stored + Number(this.batch?.days.get(key)?.amountNano ?? 0n)
  }

  /** Writes what is collected: before the commit, and before a mutation reads what the sums are part of. */
  bring(tx: Tx): void {
    const { batch } = this
    if (!batch) return
    this.batch = null
    if (this.brought) this.brought.addAll(batch)
    else this.brought = batch
    this.forgetEarned()
    for (const [id, amountNano] of batch.accounts) if (amountNano !== 0n) addToAccount(tx, id, amountNano)
    for (const { accountId, day, source, amountNano } of batch.days.values()) {
      if (amountNano !== 0n) addToEarningDay(tx, { accountId, day, source, earnedNano: amountNano })
    }
  }

  mutationEnded(undone: boolean): void {
    if (undone && (this.steps.length > 0 || this.brought)) this.undo()
    this.brought = null
    this.steps.length = 0
  }

  /** The table was written by other ways; what is collected stays. */
  rowsChanged(): void {
    this.forgetEarned()
  }

  forget(): void {
    this.batch = null
    this.brought = null
    this.steps.length = 0
    this.forgetEarned()
  }

  /** A cleared Map would keep what stood in it until a full collection (`app/passing.ts`). */
  private forgetEarned(): void {
    if (this.earned.size > 0) this.earned = new Map()
  }

  private pending(): Pending {
    this.batch ??= new Pending()
    return this.batch
  }

  /** The rows are as they were before the mutation: what it brought waits again, what it added is gone. */
  private undo(): void {
    const batch = this.pending()
    if (this.brought) batch.addAll(this.brought)
    for (const step of this.steps) {
      if ("id" in step) batch.addToAccount(step.id, -step.amountNano)
      else batch.addToDay(step.key, { ...step.day, amountNano: -step.day.amountNano })
    }
    this.forgetEarned()
  }
}
