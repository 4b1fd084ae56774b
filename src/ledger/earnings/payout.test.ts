import { describe, expect, test } from "bun:test"
import { DAY_MS, dayOf } from "../../app/index.ts"
import {
  ANN,
  BOB,
  balanceOf,
  ctx,
  DEV,
  everything,
  expectHealthy,
  type Kit,
  kit,
  race,
  refused,
  seeded,
} from "../testing.ts"
import { CYD, call, takeBack } from "./testing.ts"
import type { StatementLine } from "./types.ts"

const TERMS = { paidDays: 1, promoDays: 3 }

/** A developer with that much payable. */
async function rich(payableNano: number): Promise<Kit> {
  const k = await kit()
  await k.grant(payableNano * 4, { paid: true, type: "topup", bucket: "purchase" })
  await call(k, payableNano * 4)
  k.clock.advance(DAY_MS)
  await k.ledger.matureDue(TERMS)
  return k
}

const ask = (k: Kit, amountNano: number, key: string, minimumNano = 1) =>
  k.write.requestPayout({ owner: DEV, mode: "live", amountNano, minimumNano, key })
const figures = (k: Kit) => {
  const { payableNano, requestedNano, paidNano } = k.ledger.earningsOf(DEV, "live", TERMS)
  return [payableNano, requestedNano, paidNano] as number[]
}

describe("payouts", () => {
  test("asked for, arrived: payable → payouts → cash", async () => {
    const k = await rich(1_000)
    const payout = await ask(k, 700, "p1")
    expect(payout).toMatchObject({ amountNano: 700, state: "requested", resolvedMs: null, already: false })
    expect(payout.id).toStartWith("pay_")
    expect(figures(k)).toEqual([300, 700, 0])
    expect(balanceOf(k, "payouts")).toBe("700")
    expectHealthy(k.ledger)
    k.clock.advance(5)
    const paid = await k.write.completePayout(payout.id)
    expect(paid).toMatchObject({ state: "paid", resolvedMs: k.clock.now(), already: false })
    expect(figures(k)).toEqual([300, 0, 700])
    expect([balanceOf(k, "payouts"), balanceOf(k, "cash")]).toEqual(["0", "-3300"])
    expect(k.ledger.payoutsOf(DEV, "live", 10)).toMatchObject([{ id: payout.id, state: "paid" }])
    expectHealthy(k.ledger)
  })

  test("that fails is payable again, and may be asked for again with another key", async () => {
    const k = await rich(1_000)
    const payout = await ask(k, 1_000, "p1")
    await k.write.failPayout(payout.id)
    expect(figures(k)).toEqual([1_000, 0, 0])
    await ask(k, 1_000, "p2")
    expect(figures(k)).toEqual([0, 1_000, 0])
    expectHealthy(k.ledger)
  })

  test("below the minimum, above what is payable, of nothing: refused, and nothing changes", async () => {
    const k = await rich(1_000)
    const before = everything(k.store.read)
    for (const asking of [ask(k, 9, "a", 10), ask(k, 1_001, "b"), ask(k, 0, "c", 0)]) {
      const error = await refused(asking)
      expect([error.code, Object.keys(error.extra.formErrors ?? {})]).toEqual(["validation_failed", ["amount"]])
    }
    expect(everything(k.store.read)).toBe(before)
    await ask(k, 10, "a", 10)
    await ask(k, 990, "b")
    expectHealthy(k.ledger)
  })

  test("100 at once never exceed what is payable", async () => {
    const k = await rich(1_000)
    const counts = await race(Array.from({ length: 100 }, (_, i) => ask(k, 90, `p${i}`)))
    expect(counts).toEqual({ ok: 11, validation_failed: 89 })
    expect(figures(k)).toEqual([10, 990, 0])
    expectHealthy(k.ledger)
  })

  test("one key pays once; with other terms it is a conflict", async () => {
    const k = await rich(1_000)
    const all = await Promise.all(Array.from({ length: 50 }, () => ask(k, 600, "p")))
    expect(new Set(all.map((one) => one.id)).size).toBe(1)
    expect(all.filter((one) => !one.already).length).toBe(1)
    expect((await refused(ask(k, 599, "p"))).code).toBe("conflict")
    const other = k.write.requestPayout({ owner: BOB, mode: "live", amountNano: 600, minimumNano: 1, key: "p" })
    expect((await refused(other)).code).toBe("conflict")
    expect(figures(k)).toEqual([400, 600, 0])
    expectHealthy(k.ledger)
  })

  test("resolves once: of 50 arrivals and 50 failures one takes effect", async () => {
    const k = await rich(1_000)
    const { id } = await ask(k, 600, "p")
    const counts = await race(
      Array.from({ length: 100 }, (_, i) => (i % 2 ? k.write.failPayout(id) : k.write.completePayout(id))),
    )
    expect(counts).toEqual({ ok: 50, conflict: 50 })
    expect(figures(k)).toEqual([400, 0, 600])
    expect((await k.write.completePayout(id)).already).toBe(true)
    expect((await refused(k.write.failPayout("pay_none"))).code).toBe("not_found")
    expectHealthy(k.ledger)
  })
})

describe("statement", () => {
  test("over any days: opening + lines = closing, and lines are the entries to the unit", async () => {
    const k = await kit()
    const random = seeded(11)
    const int = (max: number) => Math.floor(random() * max)
    const first = dayOf(k.clock.now())
    const used: string[] = []
    for (let step = 0; step < 400; step++) {
      const owner = [ANN, BOB, CYD, DEV][int(4)]!
      const dice = int(10)
      if (dice < 2) {
        const paid = int(2) === 0
        await k.grant(1 + int(9_000), paid ? { owner, paid, type: "topup", bucket: "purchase" } : { owner })
      } else if (dice < 5) {
        const free = k.free(owner)
        if (free === 0) continue
        const promo = { promoCapNano: 600, promoEligible: int(5) > 0 }
        const settled = await call(k, 1 + int(Math.min(free, 3_000)), { owner, ...promo })
        if (settled.transactionId) used.push(settled.transactionId)
      } else if (dice < 6 && used.length > 0) await takeBack(k, used[int(used.length)]!, int(400))
      else if (dice < 7) await ask(k, 1 + int(500), `p${step}`).catch(() => {})
      else if (dice < 8) {
        const open = k.ledger.payoutsOf(DEV, "live", 200).filter((payout) => payout.state === "requested")
        const payout = open[int(open.length)]
        if (payout) await (int(2) ? k.write.failPayout(payout.id) : k.write.completePayout(payout.id))
      } else if (dice < 9) k.clock.advance(int(DAY_MS))
      else await k.ledger.matureDue(TERMS)
    }
    expectHealthy(k.ledger)
    expect(await k.store.write(ctx, (tx) => k.ledger.rebuildProjectionsIn(tx))).toEqual({ changed: 0 })
    const last = dayOf(k.clock.now()) + 1
    const kinds = new Set<string>()
    for (let i = 0; i < 60; i++) {
      const from = i === 0 ? first : first + int(last - first)
      const to = i === 0 ? last : from + int(last - from + 1)
      const statement = k.ledger.statementOf(DEV, "live", from * DAY_MS, to * DAY_MS)
      for (const account of ["pending", "payable"] as const) {
        const name = `${account}Nano` as const
        const sum = statement.lines.reduce((nano, line) => nano + line[name], 0)
        expect(statement.opening[name] + sum).toBe(statement.closing[name])
        expect(perDay(statement.lines, name)).toEqual(rawPerDay(k, account, from, to))
      }
      for (const line of statement.lines) kinds.add(line.kind)
    }
    expect([...kinds].sort()).toEqual([
      "clawed",
      "earned_paid",
      "earned_promo",
      "matured",
      "payout_failed",
      "payout_requested",
    ])
    const now = k.ledger.earningsOf(DEV, "live", TERMS)
    const whole = k.ledger.statementOf(DEV, "live", first * DAY_MS, last * DAY_MS)
    expect(whole.opening).toEqual({ pendingNano: 0, payableNano: 0 } as never)
    expect(whole.closing).toEqual({ pendingNano: now.pendingNano, payableNano: now.payableNano })
    expect(now.upcoming.reduce((sum, one) => sum + one.amountNano, 0)).toBe(now.pendingNano)
  }, 30_000)

  test("takes whole UTC days only", async () => {
    const k = await kit()
    expect(() => k.ledger.statementOf(DEV, "live", 1, DAY_MS)).toThrow(RangeError)
    expect(() => k.ledger.statementOf(DEV, "live", DAY_MS, 0)).toThrow(RangeError)
    expect(k.ledger.statementOf(DEV, "live", 0, DAY_MS).lines).toEqual([])
  })
})

const perDay = (lines: StatementLine[], name: "pendingNano" | "payableNano") => {
  const days = new Map<number, number>()
  for (const line of lines) days.set(line.day, (days.get(line.day) ?? 0) + line[name])
  return Object.fromEntries([...days].filter(([, nano]) => nano !== 0))
}

/** The entries themselves, of both halves of the books; days without change left out. */
const rawPerDay = (k: Kit, kind: string, from: number, to: number) =>
  Object.fromEntries(
    k.store.read
      .all<{ day: number; nano: number }>(
        `SELECT t.at_ms / 86400000 AS day, SUM(e.amount_nano) AS nano
         FROM v_entries e JOIN v_transactions t ON t.id = e.transaction_id JOIN accounts a ON a.id = e.account_id
         WHERE a.kind = ? AND a.owner_id = 9 AND a.mode = 'live' AND day >= ? AND day < ?
         GROUP BY day HAVING nano <> 0`,
        kind,
        from,
        to,
      )
      .map((row) => [row.day, row.nano]),
  )
