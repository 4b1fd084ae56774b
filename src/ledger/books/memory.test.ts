// The writer's memory is never wiser than the rows: after undone mutations, lost batches, foreign writes and evictions.
import { describe, expect, test } from "bun:test"
import { ClientId, DAY_MS, dayOf, HOUR_MS, nano } from "../../app/index.ts"
import { openStore, type Tx } from "../../store/index.ts"
import { charged, chargedAlone } from "../corrections/testing.ts"
import type { HoldInput, HoldRef } from "../holds/types.ts"
import { createLedger } from "../index.ts"
import type { GrantInput } from "../lots/types.ts"
import {
  ANN,
  BOB,
  chargeOf,
  chargesOf,
  ctx,
  DEV,
  everything,
  expectHealthy,
  holdOf,
  type Kit,
  kit,
  openRaw,
  person,
  refused,
  writesOf,
} from "../testing.ts"
import { booksOf } from "./memory.ts"
import { expectTruth, loadsIn, patientBatches, remembering, spied } from "./testing.ts"

const APP = { clientId: ClientId(3), dailyNano: 5_000 }
const input = (amountNano: number, more = {}) => holdOf(amountNano, more) as HoldInput
const gift = (amountNano: number, key: string): GrantInput => ({
  owner: ANN, mode: "live", type: "bonus", bucket: "bonus", paid: false, amountNano: nano(amountNano), key,
}) // biome-ignore format: one grant

/** Ann's wallet as it is used: two lots, a charge, an open hold, all of it remembered. */
async function used(k: Kit): Promise<{ open: HoldRef; transactionId: string }> {
  await k.grant(100, { expiresMs: k.clock.now() + 30 * DAY_MS })
  await k.grant(200)
  const { transactionId } = await charged(k, 40, APP)
  const open = await k.hold(30, APP)
  return { open, transactionId: transactionId! }
}

/** Statements on wallets that a hold in a mutation of its own asked for. */
async function loadsOfHold(k: Kit, more = {}): Promise<string[]> {
  const seen: string[] = []
  await k.store.write(ctx, (tx) => k.ledger.holdIn(spied(tx, seen), input(1, more)))
  return loadsIn(seen)
}

/** A switch for commits that fail. */
function failing() {
  const disk = { fails: false }
  const beforeCommit = () => {
    if (disk.fails) throw new Error("disk says no")
  }
  return { disk, faults: { beforeCommit } }
}

describe("a mutation that is undone", () => {
  const ACTS: Record<string, (k: Kit, tx: Tx, was: { open: HoldRef; transactionId: string }) => unknown> = {
    hold: (k, tx) => k.ledger.holdIn(tx, input(50, APP)),
    "a hold that opens a wallet": (k, tx) => k.ledger.holdIn(tx, input(0, { owner: BOB })),
    settle: (k, tx, { open }) => k.ledger.settleIn(tx, { hold: open as never, charge: chargeOf(25), developer: DEV }),
    release: (k, tx, { open }) => k.ledger.releaseIn(tx, open),
    mark: (k, tx, { open }) => k.ledger.markIn(tx, open, { stage: "sent", knownCostNano: nano(9), leaseMs: DAY_MS }),
    raise: (k, tx, { open }) => k.ledger.raiseIn(tx, open, 90, 5_000),
    grant: (k, tx) => k.ledger.grantIn(tx, gift(70, "g")),
    "a grant of another": (k, tx) => k.ledger.grantIn(tx, { ...gift(70, "g"), owner: BOB }),
    refund: (k, tx, { transactionId }) => k.ledger.refundChargeIn(tx, { transactionId, key: "r" }),
    adjustment: (k, tx) => k.ledger.adjustIn(tx, { owner: ANN, mode: "live", amountNano: nano(-90), key: "a" }),
  }

  for (const [name, act] of Object.entries(ACTS)) {
    test(`forgets what it touched (${name}); the next one of the same batch sees the rows`, async () => {
      patientBatches()
      const k = await kit()
      const was = await used(k)
      const before = everything(k.store.read)
      const { commits } = k.store.stats
      const undone = k.store.write(ctx, (tx) => {
        act(k, tx, was)
        throw new Error("changed my mind")
      })
      const next = expectTruth(k, ANN, BOB)
      await expect(undone).rejects.toThrow("changed my mind")
      await next
      expect(k.store.stats.commits - commits).toBe(1)
      expect(everything(k.store.read)).toBe(before)
      // 300 granted, 40 spent, 30 held.
      expect((await refused(k.hold(231))).code).toBe("credits_on_hold")
      await k.hold(230)
      await k.write.settle({ hold: was.open, charge: chargeOf(30), developer: DEV })
      await expectTruth(k)
      expectHealthy(k.ledger)
    })
  }

  test("gives no id of a hold that it had ended, when it was the first to ask for one", async () => {
    const k = await kit()
    await used(k)
    const [first, last] = [await k.hold(20), await k.hold(20)]
    await k.store.write(ctx, (tx) => booksOf(tx).forget())
    const undone = k.store.write(ctx, (tx) => {
      k.ledger.releaseIn(tx, first)
      k.ledger.releaseIn(tx, last)
      k.ledger.holdIn(tx, input(10))
      throw new Error("changed my mind")
    })
    await expect(undone).rejects.toThrow("changed my mind")
    expect((await k.hold(10)).id).toBeGreaterThan(last.id)
    await expectTruth(k)
  })

  test("in a batch with others leaves theirs as they are", async () => {
    patientBatches()
    const k = await kit()
    const was = await used(k)
    const acts = Object.entries(ACTS).flatMap(([name, act]) => [
      k.store
        .write(ctx, (tx) => {
          act(k, tx, was)
          throw new Error(name)
        })
        .catch((error: Error) => error.message),
      k.hold(10, APP).then(() => "held"),
      expectTruth(k, ANN, BOB).then(() => "true"),
    ])
    expect(await Promise.all(acts)).toEqual(Object.keys(ACTS).flatMap((name) => [name, "held", "true"]))
    expect(k.ledger.wallet(ANN, "live")).toMatchObject({ heldNano: 30 + 10 * Object.keys(ACTS).length })
    expectHealthy(k.ledger)
  })

  test("never lends a wallet that was not opened to whoever opens the next", async () => {
    const k = await kit()
    // Refused by the table, after the account was opened.
    await expect(k.hold(0, { owner: BOB, callId: "not a request" })).rejects.toThrow("CHECK")
    await k.grant(100, { owner: DEV })
    await k.hold(0, { owner: BOB })
    const owners = k.store.read.all<{ owner: number }>("SELECT owner_id AS owner FROM v_ledger_open_holds")
    expect(owners).toEqual([{ owner: 2 }])
    await expectTruth(k, BOB, DEV)
    expectHealthy(k.ledger)
  })

  test("a hold that is refused changes nothing of it, and nothing is read again", async () => {
    const k = await kit()
    await used(k)
    const picture = () =>
      k.store.write(ctx, (tx) => JSON.stringify(booksOf(tx).walletOf(tx, ANN, "live"), (_, value) =>
        value instanceof Map ? [...value] : value)) // biome-ignore format: one question
    const before = await picture()
    expect((await refused(k.hold(1_000))).code).toBe("insufficient_credits")
    expect((await refused(k.hold(240))).code).toBe("credits_on_hold")
    expect((await refused(k.hold(1, { ...APP, dailyNano: 70 }))).code).toBe("app_daily_limit_exceeded")
    expect(await picture()).toBe(before)
    expect(await loadsOfHold(k)).toEqual([])
  })
})

describe("a batch", () => {
  test("of two mutations on one wallet: the second sees what the first did", async () => {
    patientBatches()
    const k = await kit()
    const { open } = await used(k)
    const { commits } = k.store.stats
    const [settled, next, held] = await Promise.all([
      k.write.settle({ hold: open, charge: chargeOf(20), developer: DEV }),
      k.write.settle({ hold: open, charge: chargeOf(20), developer: DEV }),
      k.hold(240),
    ])
    expect(k.store.stats.commits - commits).toBe(1)
    expect([settled.already, next.already, held.balanceAfterNano as number]).toEqual([false, true, 0])
    await expectTruth(k)
    expectHealthy(k.ledger)
  })

  test("that is lost is forgotten as a whole", async () => {
    patientBatches()
    const { disk, faults } = failing()
    const k = await kit(faults)
    const { open } = await used(k)
    const before = everything(k.store.read)
    disk.fails = true
    const lost = await Promise.allSettled([
      k.write.settle({ hold: open, charge: chargeOf(25), developer: DEV }),
      k.grant(70),
      k.grant(70, { owner: BOB }),
      k.hold(40, APP),
    ])
    disk.fails = false
    expect(lost.map((one) => one.status)).toEqual(Array(4).fill("rejected"))
    expect(everything(k.store.read)).toBe(before)
    await expectTruth(k, ANN, BOB)
    expect((await refused(k.hold(231))).code).toBe("credits_on_hold")
    expect((await k.write.settle({ hold: open, charge: chargeOf(25), developer: DEV })).already).toBe(false)
    await k.grant(5, { owner: BOB })
    expect(k.free(BOB)).toBe(5)
    expect(chargesOf(k)).toHaveLength(2)
    expectHealthy(k.ledger)
  })
})

describe("somebody else at the same file", () => {
  test("by another ledger: what either writes, the other sees, and the chain goes on", async () => {
    const k = await kit()
    const { open } = await used(k)
    const other = openStore(k.path, { clock: k.clock })
    const theirs = createLedger({
      store: other,
      clock: k.clock,
      ids: { next: (prefix) => `${prefix}_x${++n}` },
      bootId: "b2",
    })
    let n = 0
    const write = writesOf(other, theirs)
    const late = await write.hold(holdOf(200))
    expect((await refused(k.hold(31))).code).toBe("credits_on_hold")
    const mine = await k.hold(30)
    expect((await refused(write.hold(holdOf(1)) as Promise<unknown>)).code).toBe("credits_on_hold")
    await write.settle({ hold: open, charge: chargeOf(30), developer: DEV })
    expect((await k.write.settle({ hold: open, charge: chargeOf(30), developer: DEV })).already).toBe(true)
    await k.write.settle({ hold: late, charge: chargeOf(150), developer: DEV })
    await write.release(mine)
    await write.grant(gift(7, "theirs"))
    expect((await k.hold(87)).balanceAfterNano as number).toBe(0)
    await expectTruth(k)
    await other.close()
    expectHealthy(k.ledger)
  })

  test("a write by hand between two batches is noticed", async () => {
    const k = await kit()
    await used(k)
    const db = openRaw(k.path)
    db.run(
      "UPDATE lots SET voided_nano = voided_nano + 200, remaining_nano = remaining_nano - 200, unspent = 0 WHERE id = 2",
    )
    db.close()
    expect((await refused(k.hold(31))).code).toBe("credits_on_hold")
    await expectTruth(k)
  })

  test("a checkpoint of another connection empties nothing", async () => {
    const k = await kit()
    await used(k)
    const db = openRaw(k.path)
    for (const kind of ["PASSIVE", "FULL", "RESTART", "TRUNCATE"]) {
      k.clock.advance(1)
      await k.hold(1)
      db.run(`PRAGMA wal_checkpoint(${kind})`)
      expect(await loadsOfHold(k)).toEqual([])
      await expectTruth(k)
    }
    // The count tells: what is not known is read.
    expect((await loadsOfHold(k, { owner: BOB, amountNano: 0 })).length).toBeGreaterThan(0)
    db.close()
  })
})

describe("more wallets than it keeps", () => {
  test("are as good as fewer", async () => {
    remembering({ walletsMax: 4 })
    const k = await kit()
    const people = Array.from({ length: 12 }, (_, index) => person(100 + index))
    const open: HoldRef[] = []
    for (const owner of people) await k.grant(1_000, { owner })
    for (let round = 0; round < 8; round++) {
      for (const [index, owner] of people.entries()) {
        if ((round * index) % 3 === 0) await k.grant(50, { owner, expiresMs: k.clock.now() + HOUR_MS })
        const hold = await k.hold(60, { owner, clientId: 3, dailyNano: 10_000 })
        if ((round + index) % 2) open.push(hold)
        else await k.write.settle({ hold, charge: chargeOf(35), developer: DEV })
        if (index % 5 === 0)
          await Promise.all(
            open.splice(0, 7).map((hold) => k.write.settle({ hold, charge: chargeOf(44), developer: DEV })),
          )
      }
      await expectTruth(k, ...people)
      k.clock.advance(HOUR_MS)
    }
    await expectTruth(k, ...people)
    expectHealthy(k.ledger)
  })

  test("a wallet is one and the same, whether it is asked for by its owner or by its id", async () => {
    remembering({ walletsMax: 2 })
    const k = await kit()
    await k.grant(100, { expiresMs: k.clock.now() + HOUR_MS })
    await k.grant(50)
    await k.grant(10, { owner: BOB })
    const free = await k.hold(0)
    const theirs = await k.hold(1, { owner: BOB })
    await k.write.release(free)
    await k.write.release(theirs)
    await k.hold(0)
    await k.grant(10, { owner: DEV })
    // Its first lot is broken inside the hold, which asks by id.
    k.clock.advance(HOUR_MS)
    await k.hold(50)
    expect((await refused(k.hold(1))).code).toBe("credits_on_hold")
    await expectTruth(k)
    expectHealthy(k.ledger)
  })
})

test("its owner forgotten and its id not, a wallet is still the one that a verb is changing", async () => {
  remembering({ walletsMax: 2 })
  const k = await kit()
  await k.grant(100, { paid: true, type: "topup", bucket: "purchase", key: "order" })
  await chargedAlone(k, 30)
  const hold = await k.hold(10)
  const clawed = await k.write.clawBack({ lotKey: "order", amountNano: 100, through: "cash", key: "c" })
  const byId = () => k.write.mark(hold, { stage: "sent", knownCostNano: 1 })
  await byId()
  await k.grant(10, { owner: BOB })
  await byId()
  await k.grant(10, { owner: DEV })
  // Entries on the wallet, then on the debt, whose wallet is asked for by owner.
  await k.write.reverse({ transactionId: clawed.transactionId! })
  await expectTruth(k)
  await k.write.settle({ hold, charge: chargeOf(10), developer: DEV })
  expectHealthy(k.ledger)
})

test("without a memory the books are the same, byte for byte", async () => {
  const books = async (remembers: boolean) => {
    remembering({ remembers })
    const k = await kit()
    let next = 0
    const ledger = createLedger({
      store: k.store,
      clock: k.clock,
      ids: { next: (prefix) => `${prefix}_${++next}` },
      bootId: "b",
    })
    const write = writesOf(k.store, ledger)
    const call = (amountNano: number, more = {}) =>
      write.hold({ ...holdOf(amountNano, { ...APP, ...more }), callId: `req_${++next}` })
    await write.grant({ ...gift(500, "a"), expiresMs: k.clock.now() + 2 * HOUR_MS })
    await write.grant({ ...gift(900, "b"), type: "topup", paid: true })
    const holds = await Promise.all(Array.from({ length: 20 }, (_, index) => call(20 + index)))
    await Promise.all([
      ...holds.slice(0, 9).map((hold) => write.settle({ hold, charge: chargeOf(25), developer: DEV })),
      write.release(holds[9]!),
      write.raise(holds[10]!, 40),
      write.mark(holds[11]!, { stage: "streaming", knownCostNano: 7 }),
      call(4_000).catch(() => {}),
    ])
    k.clock.advance(2 * HOUR_MS)
    await ledger.expireDue()
    const settled = await write.settle({ hold: holds[10]!, charge: chargeOf(70), developer: DEV })
    await write.refundCharge({ transactionId: settled.transactionId!, amountNano: 33, key: "r" })
    await write.clawBack({ lotKey: "b", amountNano: 600, through: "cash", key: "c" })
    k.clock.advance(DAY_MS)
    await ledger.matureDue({ paidDays: 1, promoDays: 1 })
    await Promise.all(holds.slice(12).map((hold) => write.settle({ hold, charge: chargeOf(60), developer: DEV })))
    expectHealthy(k.ledger)
    expect(dayOf(k.clock.now())).toBeGreaterThan(0)
    return everything(k.store.read)
  }
  expect(await books(false)).toBe(await books(true))
})
