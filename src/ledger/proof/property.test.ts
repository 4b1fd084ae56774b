// Random grants, holds, settles, releases, claims, expiries, reboots and clock jumps against a naive model. The seed is in the
// test's name; a failure prints the last operations. PURSER_TEST_SEED=n runs that seed only.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { AccountId, AppError, ClientId, DAY_MS, HOUR_MS, HoldId } from "../../app/index.ts"
import { BooksMemory } from "../books/memory.ts"
import type { HoldRef, Ledger, Mode, Principal } from "../index.ts"
import { chargeOf, ctx, DEV, everything, expectHealthy, type Kit, kit, person, seeded } from "../testing.ts"
import { followRepaid } from "./claws-run.testing.ts"
import { correct } from "./corrections-run.testing.ts"
import { memoryDifferences } from "./memory.ts"
import { Model, type ModelHold } from "./model.testing.ts"

const STEPS = 2_500
const VERIFY_EVERY = 100
const SEEDS = process.env.PURSER_TEST_SEED ? [Number(process.env.PURSER_TEST_SEED)] : [1, 2]
const NEVER = Number.MAX_SAFE_INTEGER

export class Run {
  readonly model = new Model()
  readonly log: string[] = []
  ledger: Ledger
  boots = 1
  grants = 0
  calls = 0
  now = 0
  /** Rows of what lots paid of their claw-backs that the model has heard of. */
  repaid = 0

  constructor(
    readonly k: Kit,
    readonly random: () => number,
  ) {
    this.ledger = k.ledger
  }

  int(max: number): number {
    return Math.floor(this.random() * max)
  }
  pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)]!
  }
  someone(): { owner: Principal; mode: Mode; wallet: string } {
    const owner = person(1 + this.int(4))
    const mode = this.int(5) === 0 ? "test" : "live"
    return { owner, mode, wallet: `${owner.id} ${mode}` }
  }
  openHold(): ModelHold | undefined {
    return this.pick(this.model.holds.filter((hold) => hold.open))
  }

  /** @returns the refusal's code, or the value */
  async attempt<T>(act: () => Promise<T>): Promise<{ code: string } | { value: T }> {
    // Comparing every row is slow: one attempt in twenty.
    const before = this.int(20) === 0 ? everything(this.k.store.read) : null
    try {
      const value = await act()
      followRepaid(this)
      return { value }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (before !== null) expect(everything(this.k.store.read)).toBe(before)
      return { code: error.code }
    }
  }

  async grant(): Promise<void> {
    const { owner, mode, wallet } = this.someone()
    const granted = 1 + this.int(2_000)
    const paid = this.int(2) === 0
    const priority = this.pick([50, 50, 50, 10, 90])
    const from = this.now + (this.int(6) === 0 ? this.int(DAY_MS) : 0)
    const until = this.int(3) === 0 ? NEVER : from + 1 + this.int(3 * DAY_MS)
    const roll =
      until !== NEVER && this.int(2)
        ? { max: this.int(900), cap: 500 + this.int(1_500), life: 1 + this.int(3 * DAY_MS) }
        : null
    const id = await this.k.grant(granted, {
      owner, mode, paid, priority, effectiveMs: from, expiresMs: until === NEVER ? null : until,
      rollover: roll && { maxNano: roll.max, capNano: roll.cap, lifetimeMs: roll.life },
      key: `run:${++this.grants}`,
    }) // biome-ignore format: one grant
    const lot = { id, wallet, granted, left: granted, paid, priority, from, until, created: this.now }
    this.model.lots.push(roll ? { ...lot, roll } : lot)
    if (paid) this.model.repay(wallet, this.now)
    this.log.push(`grant ${granted} to ${wallet} as lot ${id}`)
  }

  async hold(): Promise<void> {
    const { owner, mode, wallet } = this.someone()
    const amount = this.int(8) === 0 ? 0 : this.int(1_200)
    const least = this.int(3) === 0 ? Math.floor(amount * this.random()) : amount
    const clientId = ClientId(1 + this.int(2))
    const app = this.int(4) === 0 ? null : `${wallet} app ${clientId}`
    const daily = this.int(5) === 0 ? null : 3_000
    const callId = `req_${++this.calls}`
    const result = await this.attempt(() =>
      this.k.write.hold({
        owner, mode, amountNano: amount, leastNano: least, callId, scope: "llm", leaseMs: this.int(4) * HOUR_MS,
        inputCostNano: Math.floor(amount / 3), developer: DEV, split: { upstream: 2, developer: 1, platform: 1 },
        ...(app !== null && { clientId, dailyNano: daily }),
      }),
    ) // biome-ignore format: one hold
    const ref: HoldRef = "value" in result ? result.value : { id: HoldId(0), accountId: AccountId(0), callId }
    const expected = this.model.hold({ ref, wallet, app, daily, most: amount, least }, this.now)
    this.log.push(`hold ${callId} of ${least} to ${amount} for ${wallet}: ${expected ?? "ok"}`)
    expect("code" in result ? result.code : null).toBe(expected)
    if (!("value" in result)) return
    this.model.expire(this.now)
    expect(result.value.balanceAfterNano as number).toBe(this.model.spendable(wallet, this.now))
    const parts = this.k.store.read.all<{ lot: number; amount: number }>(
      "SELECT lot_id AS lot, amount_nano AS amount FROM v_open_hold_lots WHERE account_id = ? AND hold_id = ? ORDER BY seq",
      ref.accountId,
      ref.id,
    )
    expect(parts.map((part) => ({ ...part, lot: this.nameOf(part.lot) }))).toEqual(
      this.model.holds.at(-1)!.parts.map((part) => ({ lot: part.lot.id, amount: part.amount })),
    )
  }

  async settle(): Promise<void> {
    const hold = this.int(10) === 0 ? this.pick(this.model.holds) : this.openHold()
    if (!hold) return
    const held = hold.parts.reduce((sum, part) => sum + part.amount, 0)
    const total = this.pick([0, held, Math.floor(held * this.random()), held + this.int(800)])
    const charge = chargeOf(total)
    const wasOpen = hold.open
    const settled = await this.k.write.settle({ hold: hold.ref, charge, developer: DEV })
    this.log.push(`settle ${hold.ref.callId} at ${total}${wasOpen ? "" : " again"}: ${settled.collectedNano}`)
    expect(settled.already).toBe(!wasOpen)
    if (!wasOpen) return
    const { collected, takes } = this.model.settle(hold, charge, this.now)
    followRepaid(this)
    expect(settled.collectedNano as number).toBe(collected)
    expect(settled.uncollectedNano as number).toBe(total - collected)
    expect(new Map(settled.lots.map((take) => [this.nameOf(take.lotId), take.amountNano as number]))).toEqual(takes)
    expect(settled.balanceAfterNano as number).toBe(this.model.balance(hold.wallet, this.now))
  }

  async release(): Promise<void> {
    const hold = this.openHold()
    if (!hold) return
    this.log.push(`release ${hold.ref.callId}`)
    await this.k.write.release(hold.ref)
    this.model.settle(hold, chargeOf(0), this.now)
  }

  async claim(): Promise<void> {
    const { owner, mode, wallet } = this.someone()
    const amount = 100 + this.int(400)
    const budget = this.int(4) === 0 ? null : 900
    const result = await this.attempt(() =>
      this.k.write.claimDaily({ owner, mode, amountNano: amount, freeBudgetNano: budget, auto: this.int(2) === 0 }),
    )
    const expected = this.model.claim(wallet, amount, budget, mode, this.now)
    this.log.push(`claim ${amount} for ${wallet}: ${expected}`)
    expect("code" in result ? result.code : result.value.streak).toBe(expected)
    if (!("value" in result)) return
    this.model.lots.push({
      id: result.value.lotId, wallet, granted: amount, left: amount, paid: false, priority: 50, from: this.now,
      until: this.now + 48 * HOUR_MS, created: this.now,
    }) // biome-ignore format: one lot
  }

  async jump(): Promise<void> {
    const ms = this.pick([1, 1_000, HOUR_MS, this.int(DAY_MS), this.int(4 * DAY_MS), -this.int(2 * DAY_MS)])
    this.k.clock.advance(ms)
    // What the clock has shown is committed: from then on it is never earlier, for the ledger as for the model.
    await this.k.store.write(ctx, () => {})
    this.log.push(`clock ${ms}`)
  }

  async abandon(): Promise<void> {
    const reboot = this.int(3) === 0
    if (reboot) this.ledger = this.k.reboot(`boot-${++this.boots}`)
    const open = this.model.holds.filter((hold) => hold.open)
    if (reboot) await this.ledger.recoverHolds()
    else await this.ledger.sweep((callId) => callId === "req_y")
    const left = new Set(
      this.k.store.read.all<{ callId: string }>("SELECT call_id AS callId FROM open_holds").map((row) => row.callId),
    )
    if (reboot) expect([...left]).toEqual([])
    this.log.push(`${reboot ? "reboot" : "sweep"} leaves ${[...left]}`)
    // Nothing was ever sent: all of it comes back.
    for (const hold of open) if (!left.has(hold.ref.callId)) this.model.settle(hold, chargeOf(0), this.now)
  }

  /** The model's name of a lot. */
  nameOf(lotId: number): number {
    const lot = this.k.store.read.get<{ from: number | null; nth: number }>(
      `SELECT rolled_from AS "from", (SELECT COUNT(*) FROM lots o WHERE o.rolled_from = l.rolled_from AND o.id < l.id) AS nth
       FROM lots l WHERE id = ?`,
      lotId,
    )!
    return lot.from === null ? lotId : 1e9 + 100 * lot.from + lot.nth
  }

  async step(): Promise<void> {
    this.now = this.ledgerNow()
    this.model.expire(this.now)
    const dice = this.int(100)
    if (dice < 14) await this.grant()
    else if (dice < 40) await this.hold()
    else if (dice < 62) await this.settle()
    else if (dice < 72) await correct(this)
    else if (dice < 78) await this.release()
    else if (dice < 88) await this.claim()
    else if (dice < 96) await this.jump()
    else if (dice < 98) await this.abandon()
    else {
      await this.ledger.expireDue()
      this.log.push("expire")
    }
    followRepaid(this)
    await this.k.store.write(ctx, (tx) => expect(memoryDifferences(tx)).toEqual([]))
    this.compare()
  }

  compare(): void {
    this.now = this.ledgerNow()
    // Reads know the clock and the newest posting; while a clock that jumped back catches up they may lag behind commits.
    if (this.readNow() < this.now) return
    this.model.expire(this.now)
    for (const id of [1, 2, 3, 4]) {
      for (const mode of ["live", "test"] as const) {
        const wallet = this.ledger.wallet(person(id), mode)
        const name = `${id} ${mode}`
        const shown = {
          name,
          balance: wallet.balanceNano as number,
          held: wallet.heldNano as number,
          owed: wallet.debtNano as number,
          frozen: wallet.frozenNano as number,
        }
        expect(shown).toEqual({
          name,
          balance: this.model.balance(name, this.readNow()),
          held: this.model.walletHeld(name),
          owed: this.model.debts.get(name) ?? 0,
          frozen: this.model.frozen(name, this.readNow()),
        })
      }
    }
  }

  /** Time as mutations see it: commits never run back, whatever the clock does. */
  ledgerNow(): number {
    const committed = this.k.store.read.get<{ at: number }>("SELECT at_ms AS at FROM last_commit")?.at ?? 0
    return Math.max(this.k.clock.now(), committed)
  }
  readNow(): number {
    const newest =
      this.k.store.read.get<{ at: number }>(
        "SELECT MAX(at_ms) AS at FROM (SELECT at_ms FROM transactions UNION ALL SELECT at_ms FROM charges)",
      )?.at ?? 0
    return Math.max(this.k.clock.now(), newest)
  }

  platform(kind: string): string {
    const sql = "SELECT CAST(SUM(CAST(balance_nano AS INTEGER)) AS TEXT) AS nano FROM v_ledger_accounts WHERE kind = ?"
    return this.k.store.read.get<{ nano: string }>(sql, kind)?.nano ?? "0"
  }
}

/** Small, so that wallets are forgotten and charges folded all the time. */
const { limits } = BooksMemory
beforeAll(() => {
  BooksMemory.limits = { wallets: 6, foldSlice: 16 }
})
afterAll(() => {
  BooksMemory.limits = limits
})

for (const seed of SEEDS) {
  test(`${STEPS} random operations equal the model, seed ${seed}`, async () => {
    const run = new Run(await kit(), seeded(seed))
    try {
      for (let step = 1; step <= STEPS; step++) {
        await run.step()
        if (step % VERIFY_EVERY === 0) expectHealthy(run.ledger)
      }
      await run.ledger.expireDue()
      expectHealthy(run.ledger)
      expect(run.platform("pending")).toBe(String(run.model.earned))
      expect(run.platform("upstream_payable")).toBe(String(run.model.upstream))
      expect(run.platform("disputes")).toBe(String(run.model.disputes))
      expect(run.platform("revenue")).toBe(String(run.model.revenue))
      expect(run.platform("uncollected")).toBe(String(-run.model.uncollected))
      const rebuilt = await run.k.store.write(ctx, (tx) => run.ledger.rebuildProjectionsIn(tx))
      expect(rebuilt).toEqual({ changed: 0 })
    } catch (error) {
      console.error(`seed ${seed}, last operations:\n  ${run.log.slice(-40).join("\n  ")}`)
      throw error
    }
  }, 180_000)
}
