// What many share moves once a commit: exact after it, and for whoever asks inside it.
import { describe, expect, test } from "bun:test"
import { createIds, DAY_MS, dayOf } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { callIn } from "../charges/testing.ts"
import { WEEK } from "../earnings/testing.ts"
import { BOB, balanceOf, chargesOf, ctx, DEV, everything, expectHealthy, type Kit, kit, person } from "../testing.ts"
import { transactionOf } from "../wallet/views.ts"
import { bringSums } from "./memory.ts"
import { platformAccount, post, transactionIdOf } from "./store.ts"
import { patientBatches } from "./testing.ts"

const PAID = { paid: true, type: "topup", bucket: "purchase" } as const
const MAX = Number.MAX_SAFE_INTEGER

/** Every balance against all entries of both halves of the books, summed in text. */
function expectBalances(k: Kit): void {
  const rows = k.store.read.all<{ id: number; has: string; sums: string }>(
    `SELECT a.id, CAST(a.balance_nano AS TEXT) AS has, CAST(COALESCE((
       SELECT SUM(e.amount_nano) FROM v_entries e WHERE e.account_id = a.id), 0) AS TEXT) AS sums FROM v_accounts a`,
  )
  expect(rows.filter((row) => row.has !== row.sums)).toEqual([])
}

/** [upstream, pending, revenue] as text. */
const shared = (k: Kit) => ["upstream_payable", "pending", "revenue"].map((kind) => balanceOf(k, kind))

/** Each mutation in order; those that throw answer with their message. */
const batch = (k: Kit, ...mutations: ((tx: Tx) => unknown)[]): Promise<unknown[]> =>
  Promise.all(
    mutations.map((mutation) =>
      k.store
        .write(ctx, (tx) => {
          mutation(tx)
        })
        .catch((error: Error) => error.message),
    ),
  )

/** Ann has paid credits, and everything was used once. */
async function opened(): Promise<Kit> {
  patientBatches()
  const k = await kit()
  await k.grant(100_000, PAID)
  await k.store.write(ctx, (tx) => callIn(k, tx, 400))
  return k
}

const call =
  (k: Kit, amountNano = 400, more = {}) =>
  (tx: Tx) =>
    callIn(k, tx, amountNano, more)
const thrown = (act: (tx: Tx) => unknown) => (tx: Tx) => {
  act(tx)
  throw new Error("undone")
}

describe("the sums of a commit", () => {
  test("are written once, however many calls it charged", async () => {
    const k = await opened()
    await k.store.write(ctx, (tx) => {
      tx.run("CREATE TABLE moves (id INTEGER NOT NULL) STRICT")
      tx.run(
        "CREATE TRIGGER moved AFTER UPDATE OF balance_nano ON accounts BEGIN INSERT INTO moves VALUES (NEW.id); END",
      )
    })
    const { commits } = k.store.stats
    await batch(k, ...Array.from({ length: 100 }, () => call(k)))
    expect(k.store.stats.commits - commits).toBe(1)
    expect(k.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM moves")!.n).toBe(3)
    expect(shared(k)).toEqual(["20200", "10100", "10100"])
    expectBalances(k)
    expectHealthy(k.ledger)
  })

  test("leave out what a mutation added that was undone, wherever it stands", async () => {
    const k = await opened()
    const answers = await batch(
      k,
      call(k),
      thrown(call(k, 4_000)),
      call(k),
      thrown(call(k, 8)),
      thrown(() => {}),
      call(k),
    )
    expect(answers.filter((answer) => answer === "undone")).toHaveLength(3)
    expect(shared(k)).toEqual(["800", "400", "400"])
    expect(chargesOf(k)).toHaveLength(4)
    expectBalances(k)
    expectHealthy(k.ledger)
  })

  test("are lost with their batch, and only with it", async () => {
    let fails = false
    patientBatches()
    const k = await kit({
      beforeCommit: () => {
        if (fails) throw new Error("disk says no")
      },
    })
    await k.grant(10_000, PAID)
    await batch(k, call(k), call(k))
    const before = everything(k.store.read)
    fails = true
    await batch(k, call(k), thrown(call(k)), call(k))
    fails = false
    expect(everything(k.store.read)).toBe(before)
    await batch(k, call(k))
    expect(shared(k)).toEqual(["600", "300", "300"])
    expectBalances(k)
    expectHealthy(k.ledger)
  })

  test("are lost when SQLite rolls the batch back on its own, before they were written", async () => {
    const k = await opened()
    const lost = await batch(k, call(k), call(k, 4_000), (tx) => {
      tx.run("ROLLBACK")
      throw new Error("disk full")
    })
    expect(lost.every((answer) => answer !== undefined)).toBe(true)
    await batch(k, call(k))
    expect(shared(k)).toEqual(["400", "200", "200"])
    expectBalances(k)
    expectHealthy(k.ledger)
  })

  test("pass 2^53 and stay exact", async () => {
    patientBatches()
    const k = await kit()
    const people = Array.from({ length: 6 }, (_, index) => person(100 + index))
    for (const owner of people) await k.grant(MAX, { owner, ...PAID })
    const charge = { totalNano: MAX, upstreamNano: MAX, developerNano: 0, platformNano: 0 } as never
    await batch(
      k,
      ...people.map((owner, index) => (tx: Tx) => {
        const terms = {
          owner,
          mode: "live",
          amountNano: MAX,
          callId: `req_max${index}`,
          scope: "llm",
          leaseMs: 1,
          inputCostNano: 0,
        }
        k.ledger.settleIn(tx, { hold: k.ledger.holdIn(tx, terms as never), charge, developer: null })
      }),
    )
    expect(balanceOf(k, "upstream_payable")).toBe((6n * BigInt(MAX)).toString())
    expectBalances(k)
    expectHealthy(k.ledger)
  })
})

describe("whoever asks inside the commit", () => {
  test("a refund in the mutation of its charge, and in the next one, finds what the charge earned", async () => {
    const k = await opened()
    const refund = (transactionId: string, key: string) => (tx: Tx) => {
      const answer = k.ledger.refundChargeIn(tx, { transactionId, key })
      expect(answer).toMatchObject({ refundedNano: 400, fromDeveloperNano: 100 })
    }
    await batch(
      k,
      (tx) => refund(callIn(k, tx, 400).transactionId!, "same")(tx),
      call(k, 400, { callId: "req_next" }),
      call(k),
      refund("txn_next", "next"),
      call(k),
    )
    expect(shared(k)).toEqual(["1000", "300", "300"])
    // Each refund says what its entries left: every charge before it is in.
    const left = (key: string) =>
      k.ledger
        .transactionsOf(DEV, "live", { limit: 9 })
        .find((row) => row.key === key)!
        .entries.filter((entry) => entry.account === "pending" || entry.account === "revenue")
        .map((entry) => [entry.account, entry.balanceAfterNano])
    expect(left("same")).toEqual([["revenue", "100"], ["pending", "100"]]) // biome-ignore format: two entries
    expect(left("next")).toEqual([["revenue", "200"], ["pending", "200"]]) // biome-ignore format: two entries
    expectBalances(k)
    expectHealthy(k.ledger)
  })

  test("what a charge earned can be taken back before its day was ever written", async () => {
    const k = await opened()
    k.clock.advance(DAY_MS)
    const taken: unknown[] = []
    const taking = (tx: Tx) => {
      const { transactionId } = callIn(k, tx, 400)
      const chargeId = transactionIdOf(tx, transactionId!)!
      taken.push(k.ledger.takeBackEarningIn(tx, { chargeId, amountNano: 150 }).takenNano)
    }
    await batch(k, thrown(taking), call(k), thrown(taking))
    expect(taken).toEqual([100, 100])
    expect(k.ledger.earningsOf(DEV, "live", WEEK)).toMatchObject({ pendingNano: 200, clawedNano: 0 })
    expectBalances(k)
    expectHealthy(k.ledger)
  })

  test("any posting on an account that they move says what it left there", async () => {
    const k = await opened()
    await batch(k, call(k), (tx) => {
      callIn(k, tx, 800)
      const entries = [
        { accountId: platformAccount("live", "revenue"), amountNano: -30, lotId: null },
        { accountId: platformAccount("live", "processor_fees"), amountNano: 30, lotId: null },
      ]
      const { publicId } = post(tx, createIds(k.clock), { type: "fee", mode: "live", entries })
      expect(transactionOf(tx, publicId)?.entries[0]).toMatchObject({ amountNano: -30, balanceAfterNano: "370" })
    })
    expect(shared(k)).toEqual(["800", "400", "370"])
    expectBalances(k)
    expectHealthy(k.ledger)
  })

  test("a reversal, too, and it is undone to the unit", async () => {
    const k = await opened()
    await batch(k, (tx) => {
      const { transactionId } = callIn(k, tx, 400)
      k.ledger.reverseIn(tx, { transactionId: transactionId! })
    })
    expect(shared(k)).toEqual(["200", "100", "100"])
    expectBalances(k)
    expectHealthy(k.ledger)
  })

  test("maturity and payouts see the days and balances as they are after the calls before them", async () => {
    const k = await opened()
    k.clock.advance(7 * DAY_MS)
    const maturing = { owner: DEV, mode: "live", maturity: WEEK } as const
    const paying = { owner: DEV, mode: "live", minimumNano: 1 as never } as const
    await batch(
      k,
      call(k),
      (tx) => {
        callIn(k, tx, 800)
        expect(k.ledger.matureIn(tx, maturing).maturedNano as number).toBe(100)
        callIn(k, tx, 400)
        expect(() => k.ledger.requestPayoutIn(tx, { ...paying, amountNano: 101 as never, key: "more" })).toThrow()
        k.ledger.requestPayoutIn(tx, { ...paying, amountNano: 60 as never, key: "p" })
      },
      thrown((tx) => k.ledger.requestPayoutIn(tx, { ...paying, amountNano: 40 as never, key: "q" })),
      (tx) => k.ledger.requestPayoutIn(tx, { ...paying, amountNano: 40 as never, key: "r" }),
      (tx) => expect(k.ledger.matureIn(tx, maturing).maturedNano as number).toBe(0),
    )
    expect(k.ledger.payoutsOf(DEV, "live", 9)).toHaveLength(2)
    expect(k.ledger.earningsOf(DEV, "live", WEEK)).toMatchObject({
      pendingNano: 400,
      payableNano: 0,
      requestedNano: 100,
    })
    const matured = k.ledger.transactionsOf(DEV, "live", { limit: 9 }).find((row) => row.type === "adjustment")!
    // 100 of a week ago, 100 and 200 of the calls before it, less what matured.
    expect(matured.entries[0]).toMatchObject({ account: "pending", amountNano: -100, balanceAfterNano: "300" })
    expectBalances(k)
    expectHealthy(k.ledger)
  })

  test("and is undone then, takes nothing of the others' with it", async () => {
    const k = await opened()
    const bringing = (tx: Tx) => {
      callIn(k, tx, 4_000)
      k.ledger.refundChargeIn(tx, { transactionId: "txn_one", key: "r" })
      callIn(k, tx, 40)
      bringSums(tx)
    }
    await batch(
      k,
      call(k, 400, { callId: "req_one" }),
      call(k),
      thrown(bringing),
      call(k),
      thrown(bringing),
      thrown(bringSums),
      (tx) => {
        expect(tx.get<{ nano: number }>("SELECT balance_nano AS nano FROM accounts WHERE id = 1")!.nano).toBe(100)
        bringSums(tx)
        expect(tx.get<{ nano: number }>("SELECT balance_nano AS nano FROM accounts WHERE id = 1")!.nano).toBe(400)
      },
      call(k),
    )
    expect(shared(k)).toEqual(["1000", "500", "500"])
    const day = k.store.read.all("SELECT source, earned_nano AS nano, clawed_nano AS clawed FROM earning_days")
    expect(day).toEqual([{ source: "paid", nano: 500, clawed: 0 }])
    expectBalances(k)
    expectHealthy(k.ledger)
  })

  test("the cap of promo earnings holds to the unit over the calls of a batch, undone and corrected ones among them", async () => {
    patientBatches()
    const k = await kit()
    await k.grant(100_000)
    await k.grant(100_000, { owner: BOB })
    const capped = (more = {}) => call(k, 400, { developer: DEV, promoCapNano: 1_010, ...more })
    const earned: number[] = []
    const noted =
      (more = {}) =>
      (tx: Tx) =>
        void earned.push(capped(more)(tx).earnedNano)
    await batch(
      k,
      noted(),
      noted({ owner: BOB }),
      thrown(capped()),
      noted(),
      // Brings the sums in, and is undone: 300 are earned all the same.
      thrown((tx) => {
        capped()(tx)
        bringSums(tx)
        capped()(tx)
      }),
      // Brings them in, and stands.
      (tx) => {
        noted()(tx)
        bringSums(tx)
        noted({ owner: BOB })(tx)
      },
      ...Array.from({ length: 3 }, (_, index) => noted(index % 2 ? { owner: BOB } : {})),
      // 800 are earned: what this one read of its own rows is not true any more.
      thrown((tx) => {
        bringSums(tx)
        capped()(tx)
      }),
      ...Array.from({ length: 5 }, (_, index) => noted(index % 2 ? { owner: BOB } : {})),
    )
    expect(earned).toEqual([...Array(10).fill(100), 10, 0, 0])
    const after = await k.store.write(ctx, (tx) => capped()(tx).earnedNano as number)
    expect(after).toBe(0)
    const days = k.store.read.all("SELECT day, source, earned_nano AS nano FROM earning_days")
    expect(days).toEqual([{ day: dayOf(k.clock.now()), source: "promo", nano: 1_010 }])
    k.clock.advance(DAY_MS)
    await batch(k, noted(), noted())
    expect(earned.slice(-2)).toEqual([100, 100])
    expectBalances(k)
    expectHealthy(k.ledger)
  })
})
