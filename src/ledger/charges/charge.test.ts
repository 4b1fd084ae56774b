// A charge is one row and a whole transaction: what stands in it, what the views make of it, and that a call has one at most.
import { describe, expect, test } from "bun:test"
import { ClientId, DAY_MS, HOUR_MS, KeyId, PrincipalId, RouteId } from "../../app/index.ts"
import { openStore } from "../../store/index.ts"
import { expectTruth } from "../books/testing.ts"
import type { HoldRef, Settled } from "../holds/types.ts"
import { createLedger } from "../index.ts"
import {
  ANN,
  BOB,
  chargeOf,
  chargesOf,
  ctx,
  DEV,
  everything,
  expectHealthy,
  type Kit,
  kit,
  writesOf,
} from "../testing.ts"

const PAID = { paid: true, type: "topup", bucket: "purchase" } as const
const settle = (k: Kit, hold: HoldRef, totalNano: number): Promise<Settled> =>
  k.write.settle({ hold, charge: chargeOf(totalNano), developer: DEV })

/** [account, n$, lot, running balance] of the only charge, from the view. */
function entries(k: Kit) {
  const rows = k.store.read.all<{ kind: string; nano: number; lot: number | null; after: number | null }>(
    `SELECT (SELECT kind FROM accounts WHERE id = e.account_id) AS kind, e.amount_nano AS nano, e.lot_id AS lot,
            e.balance_after_nano AS after
     FROM v_entries e WHERE e.transaction_id = ? ORDER BY e.seq`,
    chargesOf(k)[0]!.id,
  )
  expect(rows.reduce((sum, row) => sum + row.nano, 0)).toBe(0)
  expect(walletEntries(k)).toEqual(rows.filter((row) => row.kind === "wallet"))
  return rows.map((row) => [row.kind, row.nano, row.lot, row.after])
}

const walletEntries = (k: Kit) =>
  k.store.read.all(
    `SELECT 'wallet' AS kind, amount_nano AS nano, lot_id AS lot, balance_after_nano AS after
     FROM v_wallet_entries WHERE transaction_id = ? ORDER BY seq`,
    chargesOf(k)[0]!.id,
  )

describe("the entries of a charge", () => {
  test("of one lot, shared by upstream, developer and platform", async () => {
    const k = await kit()
    const lot = await k.grant(1_000, PAID)
    await settle(k, await k.hold(500), 400)
    expect(entries(k)).toEqual([
      ["wallet", -400, lot, 600],
      ["upstream_payable", 200, null, null],
      ["pending", 100, null, null],
      ["revenue", 100, null, null],
    ])
    expect(chargesOf(k)[0]).toMatchObject({ lotId: lot, collectedNano: 400, balanceAfterNano: 600, earnedNano: 100 })
    expectHealthy(k.ledger)
  })

  test("of several lots, in the order they were spent, each with the balance it left", async () => {
    const k = await kit()
    const [third, first, second] = [
      await k.grant(500, PAID),
      await k.grant(100, { priority: 10 }),
      await k.grant(50, { expiresMs: k.clock.now() + DAY_MS }),
    ]
    await settle(k, await k.hold(300), 200)
    expect(entries(k)).toEqual([
      ["wallet", -100, first, 550],
      ["wallet", -50, second, 500],
      ["wallet", -50, third, 450],
      ["upstream_payable", 100, null, null],
      ["pending", 50, null, null],
      ["revenue", 50, null, null],
    ])
    expect(chargesOf(k)[0]).toMatchObject({ lotId: null, collectedNano: 200, balanceAfterNano: 450 })
    const [row] = k.ledger.history(ANN, "live", { limit: 1 })
    expect(row).toMatchObject({ amountNano: -200, balanceBeforeNano: 650, balanceAfterNano: 450 })
    expect(row!.lots.map((lot) => lot.amountNano as number)).toEqual([-100, -50, -50])
    expectHealthy(k.ledger)
  })

  test("of a wallet that could give a part: the rest is uncollected, the upstream is owed all", async () => {
    const k = await kit()
    const lot = await k.grant(250, PAID)
    await settle(k, await k.hold(100), 400)
    expect(entries(k)).toEqual([
      ["wallet", -250, lot, 0],
      ["uncollected", -150, null, null],
      ["upstream_payable", 200, null, null],
      ["pending", 50, null, null],
      ["revenue", 150, null, null],
    ])
    expectHealthy(k.ledger)
  })

  test("of a wallet that could give nothing", async () => {
    const k = await kit()
    const answer = await settle(k, await k.hold(0), 400)
    expect(answer).toMatchObject({ collectedNano: 0, uncollectedNano: 400, lots: [], already: false })
    expect(entries(k)).toEqual([
      ["uncollected", -400, null, null],
      ["upstream_payable", 200, null, null],
      ["revenue", 200, null, null],
    ])
    // It moved nothing in the wallet, but it is a transaction that can be looked up.
    expect(k.ledger.history(ANN, "live", { limit: 9 })).toEqual([])
    expect(k.ledger.transactionOf(answer.transactionId!)?.entries).toHaveLength(3)
    expectHealthy(k.ledger)
  })

  test("of promo lots that may not earn, and of those that may up to a cap", async () => {
    for (const [more, pending] of [
      [{ promoEligible: false }, 0],
      [{ promoCapNano: 30 }, 30],
    ] as const) {
      const k = await kit()
      const lot = await k.grant(1_000)
      await settle(k, await k.hold(400, more), 400)
      expect(entries(k)).toEqual([
        ["wallet", -400, lot, 600],
        ["upstream_payable", 200, null, null],
        ...(pending ? [["pending", pending, null, null]] : []),
        ["revenue", 200 - pending, null, null],
      ])
      const [row] = chargesOf(k)
      expect(row).toMatchObject({ developerNano: 100, earnedNano: pending, promoEarnedNano: pending })
      expect(row!.pendingId === null).toBe(pending === 0)
      expectHealthy(k.ledger)
    }
  })

  test("of a call without a developer, all to the upstream, in test mode", async () => {
    const k = await kit()
    const lot = await k.grant(1_000, { mode: "test" })
    const hold = await k.hold(400, { mode: "test" })
    const charge = { totalNano: 300, upstreamNano: 300, developerNano: 0, platformNano: 0 }
    await k.write.settle({ hold, charge, developer: null })
    expect(entries(k)).toEqual([
      ["wallet", -300, lot, 700],
      ["upstream_payable", 300, null, null],
    ])
    const modes = k.store.read.all("SELECT DISTINCT a.mode FROM v_entries e JOIN accounts a ON a.id = e.account_id")
    expect(modes).toEqual([{ mode: "test" }])
    expectHealthy(k.ledger)
  })

  test("of a call that cost nothing: none, and no history; the row is there", async () => {
    const k = await kit()
    await k.grant(100)
    const hold = await k.hold(50, { clientId: 3, dailyNano: 50 })
    expect(await settle(k, hold, 0)).toMatchObject({ transactionId: null, balanceAfterNano: 100, already: false })
    expect(entries(k)).toEqual([])
    expect(chargesOf(k)).toMatchObject([{ callId: hold.callId, chargeNano: 0, collectedNano: 0, source: "none" }])
    expect(k.ledger.history(ANN, "live", { limit: 9 })).toHaveLength(1)
    expect(k.ledger.usedToday(ANN, ClientId(3), "llm")).toEqual({ usedNano: 0, heldNano: 0 } as never)
    expectHealthy(k.ledger)
  })
})

test("what is told of a call stands on its charge: whose, through which app and key, of which kind, how it ended", async () => {
  const k = await kit()
  await k.grant(100)
  const hold = await k.hold(50, {
    clientId: 3,
    keyId: 5,
    callerId: 8,
    routeId: 7,
    stream: true,
    scope: "speech",
    dailyNano: null,
  })
  k.clock.advance(DAY_MS)
  const call = {
    routeId: RouteId(9), status: 206, errorCode: "cut", end: "cut", latencyMs: 12, firstTokenMs: 3, inputTokens: 4,
    cachedTokens: 1, outputTokens: 6, reasoningTokens: 2, units: { images: 2 }, source: "reported",
  } as const // biome-ignore format: one call
  await k.write.settle({ hold, charge: chargeOf(40), developer: DEV, call })
  expect(chargesOf(k)).toMatchObject([
    {
      ...call, units: '{"images":2}', clientId: ClientId(3), keyId: KeyId(5), callerId: PrincipalId(8), stream: 1,
      scope: "speech", heldDay: hold.day, heldNano: 50, developerId: DEV.id, atMs: k.clock.now(),
    },
  ]) // biome-ignore format: one row
  // A call that counts for no limit, of a caller who pays, of a route that is not said again.
  const plain = await k.hold(10, { routeId: 7 })
  await settle(k, plain, 10)
  expect(chargesOf(k)[1]).toMatchObject({
    clientId: null, keyId: null, callerId: ANN.id, routeId: RouteId(7), stream: 0, heldDay: null, status: 200,
    end: "done", source: "estimated",
  }) // biome-ignore format: one row
  expectHealthy(k.ledger)
})

describe("a call is charged once", () => {
  const again = { already: true, collectedNano: 40, earnedNano: 10, uncollectedNano: 0 }

  test("and a settle that comes again is answered as the first: later, after recovery, after a restart", async () => {
    const k = await kit()
    await k.grant(100, PAID)
    await k.grant(1_000, { owner: BOB })
    const hold = await k.hold(50)
    const { already: _, balanceAfterNano: __, ...first } = await settle(k, hold, 40)
    expect(await settle(k, hold, 99)).toMatchObject({ ...first, ...again, balanceAfterNano: 60 })
    expect(await k.write.release(hold)).toMatchObject({ releasedNano: 0, already: true })

    const split = { upstream: 2, developer: 1, platform: 1 }
    const left = { owner: BOB, stage: "sent", inputCostNano: 40, developer: DEV, split } as const
    const [recovered, free] = [await k.hold(50, left), await k.hold(50, { owner: BOB })]
    await k.reboot("boot-2").recoverHolds()
    expect(await settle(k, recovered, 50)).toMatchObject({ ...again, balanceAfterNano: 960 })
    expect(await settle(k, free, 50)).toMatchObject({ already: true, collectedNano: 0, transactionId: null })
    const before = everything(k.store.read)

    // Another process, which has never seen these holds; one of its own has taken the id of one.
    await k.store.close()
    const store = openStore(k.path, { clock: k.clock })
    const ledger = createLedger({
      store,
      clock: k.clock,
      ids: { next: (prefix) => `${prefix}_again` },
      bootId: "boot-3",
    })
    const write = writesOf(store, ledger)
    expect(await write.settle({ hold, charge: chargeOf(99), developer: DEV })).toMatchObject({ ...first, ...again })
    expect(await write.settle({ hold: free, charge: chargeOf(9), developer: DEV })).toMatchObject({ already: true })
    expect(everything(store.read)).toBe(before)
    await store.write(ctx, (tx) => {
      for (let index = 0; index < 4; index++) {
        const next = {
          owner: ANN,
          mode: "live",
          amountNano: 1,
          callId: `req_next${index}`,
          scope: "llm",
          leaseMs: 1,
          inputCostNano: 0,
        }
        const other = ledger.holdIn(tx, next as never)
        expect(
          ledger.settleIn(tx, { hold: { ...hold, id: other.id }, charge: chargeOf(9), developer: DEV }).already,
        ).toBe(true)
        expect(ledger.releaseIn(tx, { ...hold, id: other.id }).already).toBe(true)
      }
    })
    expect(ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 56, heldNano: 4 })
    expectHealthy(ledger)
    await store.close()
  })

  test("whatever is held for it: a second hold of a charged call gives everything back and is answered by that charge", async () => {
    const k = await kit()
    await k.grant(100, PAID)
    await k.grant(100, { owner: BOB, expiresMs: k.clock.now() + HOUR_MS })
    const call = { callId: "req_twice" }
    const [one, two, theirs] = [
      await k.hold(50, call),
      await k.hold(30, call),
      await k.hold(70, { ...call, owner: BOB }),
    ]
    const first = await settle(k, one, 40)
    k.clock.advance(HOUR_MS)
    expect(await settle(k, two, 30)).toMatchObject({
      ...again,
      transactionId: first.transactionId,
      balanceAfterNano: 60,
    })
    expect(await settle(k, theirs, 70)).toMatchObject({
      ...again,
      transactionId: first.transactionId,
      balanceAfterNano: 0,
    })
    const late = await k.hold(20, call)
    expect(await settle(k, late, 20)).toMatchObject({ ...again, balanceAfterNano: 60 })
    expect(chargesOf(k)).toHaveLength(1)
    expect(k.ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 60, heldNano: 0 })
    expect(k.ledger.history(BOB, "live", { limit: 1 })).toMatchObject([{ type: "expiry" }])
    await expectTruth(k, ANN, BOB)
    expectHealthy(k.ledger)
  })

  test("also by recovery and sweeper, which go on with the others", async () => {
    const k = await kit()
    await k.grant(1_000, PAID)
    const sent = { stage: "sent", inputCostNano: 40, leaseMs: 1 } as const
    await settle(k, await k.hold(40, { callId: "req_twice" }), 40)
    for (const callId of ["req_a", "req_twice", "req_b"]) await k.hold(50, { ...sent, callId })
    k.clock.advance(1)
    expect(await k.ledger.sweep((callId) => callId === "req_b")).toEqual({
      resolved: 2,
      released: 1,
      chargedNano: 40,
    } as never)
    await k.hold(50, { ...sent, callId: "req_twice" })
    expect(await k.reboot("boot-2").recoverHolds()).toEqual({ resolved: 2, released: 1, chargedNano: 40 } as never)
    expect(chargesOf(k).map((row) => row.callId)).toEqual(["req_twice", "req_a", "req_b"])
    expect(k.ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 880, heldNano: 0 })
    await expectTruth(k)
    expectHealthy(k.ledger)
  })

  test("by 200 settles of 20 holds of one call at once", async () => {
    const k = await kit()
    await k.grant(1_000, PAID)
    const holds = await Promise.all(Array.from({ length: 20 }, () => k.hold(40, { callId: "req_twice" })))
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => settle(k, holds[index % 20]!, 40)))
    expect(answers.filter((answer) => !answer.already)).toHaveLength(1)
    expect(answers.map((answer) => answer.collectedNano as number)).toEqual(Array(200).fill(40))
    expect(k.ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 960, heldNano: 0 })
    await expectTruth(k)
    expectHealthy(k.ledger)
  })
})
