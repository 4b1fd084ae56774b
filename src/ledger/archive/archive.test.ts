// Export and import by example: every kind of line, calls in progress, and how an import goes on being books. Random books are in
// test/books.
import { expect, test } from "bun:test"
import { DAY_MS, KeyId, PrincipalId, RouteId } from "../../app/index.ts"
import { exportBooks, ImportError, importBooksIn } from "../index.ts"
import { ANN, BOB, chargeOf, ctx, DEV, expectHealthy, type Kit, kit } from "../testing.ts"
import { EXPORT_VERSION } from "./export-format.ts"

const exported = (k: Kit): string => [...exportBooks(k.store.read)].join("")
const linesOf = (text: string): string[] => text.trimEnd().split("\n")

type Line = Record<string, unknown> & { line: string }
const parsed = (text: string): Line[] => linesOf(text).map((line) => JSON.parse(line) as Line)

/** Charges of one lot, of two, of none and more than the wallet had; refunded, taken back, reversed; a day matured; calls that run. */
async function books(): Promise<Kit> {
  const k = await kit()
  await k.claim(700)
  await k.grant(1_000, { paid: true, type: "topup", bucket: "purchase" })
  await k.grant(5_000, {
    owner: BOB,
    expiresMs: k.clock.now() + DAY_MS,
    rollover: { maxNano: 400, capNano: null, lifetimeMs: DAY_MS },
  })
  const app = { clientId: 3, dailyNano: null, keyId: KeyId(4), routeId: RouteId(5), developer: DEV }
  const settle = async (heldNano: number, totalNano: number, more = {}) => {
    const hold = await k.hold(heldNano, { ...app, ...more })
    return k.write.settle({ hold, charge: chargeOf(totalNano), developer: DEV })
  }
  const both = await settle(1_200, 1_200)
  await settle(500, 1_900)
  await settle(20, 0, { owner: BOB })
  const undone = await settle(100, 100, { owner: BOB, promoEligible: true })
  await k.write.refundCharge({ transactionId: both.transactionId!, amountNano: 200, key: "back" })
  await k.write.reverse({ transactionId: undone.transactionId! })
  await k.write.setBalance({ owner: BOB, mode: "live", balanceNano: k.free(BOB), key: "as it is" })
  k.clock.advance(DAY_MS + 1)
  await k.ledger.expireDue()
  await k.ledger.matureDue({ paidDays: 1, promoDays: 1 })
  const pay = (amountNano: number) =>
    k.write.requestPayout({ owner: DEV, mode: "live", amountNano, minimumNano: 1, key: `pay ${amountNano}` })
  await k.write.completePayout((await pay(5)).id)
  await pay(6)
  await k.grant(1_000)
  await k.hold(0)
  await k.hold(30, { ...app, callerId: PrincipalId(8), stream: true })
  await k.ledger.wallet(ANN, "live")
  const streaming = await k.hold(1_150, { ...app, stage: "sent", inputCostNano: 20 })
  await k.write.mark(streaming, { stage: "streaming", knownCostNano: 90 })
  return k
}

async function importInto(text: string, nowMs: number): Promise<Kit> {
  const k = await kit()
  k.clock.advance(nowMs - k.clock.now())
  await k.store.write(ctx, (tx) => importBooksIn(tx, linesOf(text)))
  return k
}

test("the same books give the same bytes, and the file gives the same books", async () => {
  const k = await books()
  const text = exported(k)
  expect(exported(k)).toBe(text)
  const copy = await importInto(text, k.clock.now())
  expect(exported(copy)).toBe(text)
  expectHealthy(copy.ledger)
  for (const owner of [ANN, BOB]) {
    expect(copy.ledger.wallet(owner, "live")).toEqual(k.ledger.wallet(owner, "live"))
    expect(copy.ledger.history(owner, "live", { limit: 50 })).toEqual(k.ledger.history(owner, "live", { limit: 50 }))
  }
  const tables = [
    "accounts",
    "lots",
    "entries",
    "charge_lots",
    "transactions",
    "earning_days",
    "earning_takes",
    "free_budget_day",
  ]
  for (const table of tables) {
    const all = `SELECT * FROM ${table}`
    expect([table, copy.store.read.all(all)]).toEqual([table, k.store.read.all(all)])
  }
})

test("a charge is one line with its lots and its call, and a call in progress is one with its boot", async () => {
  const k = await books()
  const lines = parsed(exported(k))
  const charges = lines.filter((line) => line.line === "charge")
  expect(charges.map((line) => (line.lots as unknown[]).length)).toEqual([2, 1, 0, 1])
  expect(charges[0]).toMatchObject({
    owner: 1,
    chargeNano: 1_200,
    collectedNano: 1_200,
    developerId: 9,
    clientId: 3,
    status: 200,
  })
  expect(charges[1]).toMatchObject({ chargeNano: 1_900, collectedNano: 500 })
  expect(charges[0]!.takes).toBeDefined()
  const posted = lines.filter((line) => line.line === "charge" || line.line === "transaction")
  expect(posted.map((line) => line.id)).toEqual(posted.map((_, at) => at + 1))
  expect(posted.slice(1).map((line) => line.prev)).toEqual(posted.slice(0, -1).map((line) => line.hash))
  const refund = posted.find((line) => line.type === "refund")
  expect(refund!.charge).toEqual({ id: charges[0]!.id, publicId: `txn_${String(charges[0]!.callId).slice(4)}` })
  const holds = lines.filter((line) => line.line === "hold")
  expect(holds.map((line) => (line.lots as unknown[]).length)).toEqual([0, 1, 2])
  expect(holds[2]).toMatchObject({
    bootId: "boot-1",
    stage: "streaming",
    knownCostNano: 90,
    inputCostNano: 20,
    limited: 1,
  })
  for (const line of lines) expect([line.line, "routeId" in line || "keyId" in line]).toEqual([line.line, false])
})

test("imported books go on: calls in progress are recovered, and the next posting follows the last", async () => {
  const k = await books()
  const copy = await importInto(exported(k), k.clock.now())
  const next = copy.reboot("boot-2")
  const recovered = await next.recoverHolds()
  expect(recovered).toEqual({ resolved: 3, released: 2, chargedNano: 90 as never })
  const last = copy.store.read.get<{ id: number }>("SELECT MAX(id) AS id FROM charges")!.id
  await copy.grant(10, { key: "afterwards" })
  const hold = await copy.hold(10)
  await copy.write.settle({ hold, charge: chargeOf(8), developer: DEV })
  expect(copy.store.read.get("SELECT MAX(id) AS id FROM charges")).toEqual({ id: last + 2 })
  expectHealthy(copy.ledger)
  expect(exported(await importInto(exported(copy), copy.clock.now()))).toBe(exported(copy))
})

/** The file after a change, its checksums made anew. */
function forged(text: string, kind: string, change: (line: Line) => void, nth = 0): string[] {
  const lines = parsed(text)
  change(lines.filter((line) => line.line === kind)[nth]!)
  let sum = ""
  return lines.map(({ sum: _, ...rest }) => {
    const body = JSON.stringify(rest)
    sum = new Bun.CryptoHasher("sha256").update(sum).update(body).digest("hex").slice(0, 32)
    return `${body.slice(0, -1)},"sum":"${sum}"}`
  })
}

test("who forges a line is stopped there, or by the proof; nothing of it is kept", async () => {
  const text = exported(await books())
  const empty = await kit()
  empty.clock.advance(10 * DAY_MS)
  const set = (name: string, value: unknown) => (line: Line) => void Object.assign(line, { [name]: value })
  const cases: [kind: string, change: (line: Line) => void, reason: string, nth?: number][] = [
    ["books", set("version", EXPORT_VERSION - 1), "an older Purser"],
    ["books", set("version", EXPORT_VERSION + 1), "a newer Purser"],
    ["books", set("transactions", 1), "promises other books"],
    ["charge", set("collectedNano", 1), "hash does not follow"],
    ["charge", set("id", 1), "hash does not follow"],
    ["charge", set("prev", "0"), "hash does not follow"],
    ["charge", set("owner", 2), "is not the wallet of owner 2"],
    ["charge", set("developerId", 2), "is not the pending of owner 2"],
    ["charge", (line) => void Object.assign((line.lots as object[])[0] as object, { lot: "lot_x" }), "is not lot_x"],
    ["charge", set("scope", null), "do not take this"],
    ["transaction", set("charge", { id: 1, publicId: "txn_x" }), "hash does not follow"],
    ["hold", set("amountNano", 31), "do not add up", 1],
    ["hold", set("account", 1), "account 1 is not the wallet of owner 1", 1],
    ["hold", (line) => void Object.assign((line.lots as object[])[0] as object, { lotRow: 3 }), "lot 3 is not", 1],
  ]
  for (const [kind, change, reason, nth] of cases) {
    const error = await empty.store
      .write(ctx, (tx) => importBooksIn(tx, forged(text, kind, change, nth)))
      .catch((error: unknown) => error)
    expect([kind, error instanceof ImportError]).toEqual([kind, true])
    expect((error as ImportError).reason).toContain(reason)
  }
  await empty.store.write(ctx, (tx) => importBooksIn(tx, linesOf(text)))
  expect(exported(empty)).toBe(text)
})
