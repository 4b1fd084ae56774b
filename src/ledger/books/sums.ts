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

class Pending {
  /** Of all calls of a batch together, which may pass 2^53. */
  readonly accounts = new Map<AccountId, bigint>()
  readonly days = new Map<string, EarningDay>()

  get isEmpty(): boolean {
    return this.accounts.size === 0 && this.days.size === 0
  }

  addToAccount(id: AccountId, amountNano: bigint): void {
    this.accounts.set(id, (this.accounts.get(id) ?? 0n) + amountNano)
  }

  addToDay(key: string, more: EarningDay): void {
    const known = this.days.get(key)
    if (known) known.amountNano += more.amountNano
    else this.days.set(key, { ...more })
  }

  takeAll(from: Pending): void {
    for (const [id, amountNano] of from.accounts) this.addToAccount(id, amountNano)
    for (const [key, day] of from.days) this.addToDay(key, day)
    from.clear()
  }

  clear(): void {
    this.accounts.clear()
    this.days.clear()
  }
}

const keyOf = (accountId: AccountId, day: number, source: EarningSource): string => `${accountId} ${day} ${source}`

export class Sums {
  /** Of mutations of this batch that stand. */
  private readonly batch = new Pending()
  /** Of the mutation that runs. */
  private readonly own = new Pending()
  /** What `bring` wrote of the batch inside the mutation that runs: it is undone with it. */
  private readonly brought = new Pending()
  /** `earned_nano` as the table has it. */
  private readonly earned = new Map<string, number>()

  addToAccount(id: AccountId, amountNano: number): void {
    if (amountNano !== 0) this.own.addToAccount(id, BigInt(amountNano))
  }

  addEarned(accountId: AccountId, day: number, source: EarningSource, amountNano: number): void {
    if (amountNano > 0) this.own.addToDay(keyOf(accountId, day, source), { accountId, day, source, amountNano })
  }

  /** What a developer earned on a day so far, this very mutation included. */
  earnedOn(tx: Tx, accountId: AccountId, day: number, source: EarningSource): number {
    const key = keyOf(accountId, day, source)
    let stored = this.earned.get(key)
    if (stored === undefined) {
      stored = earnedOnDay(tx, accountId, day, source)
      this.earned.set(key, stored)
    }
    return stored + (this.batch.days.get(key)?.amountNano ?? 0) + (this.own.days.get(key)?.amountNano ?? 0)
  }

  /** Writes what is collected: before the commit, and before a mutation reads what the sums are part of. */
  bring(tx: Tx): void {
    if (this.batch.isEmpty && this.own.isEmpty) return
    const all = new Pending()
    this.brought.takeAll(copyOf(this.batch))
    all.takeAll(this.batch)
    all.takeAll(this.own)
    this.earned.clear()
    for (const [id, amountNano] of all.accounts) addToAccount(tx, id, amountNano)
    for (const { accountId, day, source, amountNano } of all.days.values()) {
      addToEarningDay(tx, { accountId, day, source, earnedNano: amountNano as Nano })
    }
  }

  mutationEnded(undone: boolean): void {
    if (!undone) this.batch.takeAll(this.own)
    else {
      this.own.clear()
      this.batch.takeAll(this.brought)
      this.earned.clear()
    }
    this.brought.clear()
  }

  /** The table was written by other ways; what is collected stays. */
  rowsChanged(): void {
    this.earned.clear()
  }

  forget(): void {
    this.batch.clear()
    this.own.clear()
    this.brought.clear()
    this.earned.clear()
  }
}

function copyOf(from: Pending): Pending {
  const copy = new Pending()
  for (const [id, amountNano] of from.accounts) copy.addToAccount(id, amountNano)
  for (const [key, day] of from.days) copy.addToDay(key, day)
  return copy
}
