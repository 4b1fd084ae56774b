// The hosting fee: off by default, once a product and month, on the first days of it, from who publishes.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { createIds, DAY_MS, HOUR_MS, nano, VirtualClock } from "../../app/index.ts"
import { createLedger, principal } from "../../ledger/index.ts"
import { createSettings } from "../../settings/index.ts"
import { openTestStore, type Tx, testCtx } from "../../store/index.ts"
import { addProduct, addPublisher, PUBLISHER } from "../showcase/testing.ts"
import { createHosting } from "./index.ts"
import { HOSTING_FEE } from "./settings.ts"

const DEC = Date.UTC(2026, 11, 1)
const FEE = nano(5_000_000_000)
let k: Awaited<ReturnType<typeof open>>

async function open() {
  const clock = new VirtualClock(Date.UTC(2026, 10, 10))
  const { store, close } = await openTestStore({ clock })
  const ids = createIds(clock)
  const ledger = createLedger({ store, clock, ids, bootId: "boot-1" })
  const settings = createSettings({ store, settings: [HOSTING_FEE] })
  const mails: { to: string; data: { month: string; from: string } }[] = []
  const hosting = createHosting({
    store,
    clock,
    ledger,
    settings,
    makers: { userById: (id: number) => ({ email: `${id}@example.com` }) } as never,
    mails: { queueIn: (_: Tx, __: unknown, mail: never) => void mails.push(mail) } as never,
  })
  const write = <T>(verb: (tx: Tx) => T) => store.write(testCtx, verb as never) as Promise<T>
  const publisherId = await write((tx) => {
    tx.run("INSERT INTO principals (id, kind, created_ms) VALUES (1, 'user', 0), (2, 'user', 0)")
    return addPublisher(tx, PUBLISHER, "Paper Boat")
  })
  const product = (slug: string, state: "draft" | "published" = "published") =>
    write((tx) => addProduct(tx, publisherId, { slug, state }))
  const at = async (ms: number) => {
    clock.set(ms)
    while (await hosting.chargeDue(1));
  }
  const payable = () =>
    Number(ledger.earningsOf(principal(PUBLISHER), "live", { paidDays: 7, promoDays: 30 }).payableNano)
  const fee = (amountNano: number) => write((tx) => settings.setIn(tx, HOSTING_FEE, { value: nano(amountNano) }))
  return { store, close, clock, ledger, hosting, mails, write, product, at, payable, fee }
}

beforeEach(async () => {
  k = await open()
})
afterEach(() => k.close())

test("off by default: nothing is charged, and the page says so", async () => {
  await k.product("weather")
  await k.at(DEC + HOUR_MS)
  expect([k.payable(), k.mails]).toEqual([0, []])
  expect(k.hosting.hostingOf({ ownerId: PUBLISHER })).toMatchObject({ feeNano: 0, totalNano: 0, charged: [] })
})

test("each published API once a month, in the first days, with a mail and a line", async () => {
  await k.fee(FEE)
  for (const slug of ["weather", "maps"]) await k.product(slug)
  await k.product("draft", "draft")
  expect(k.hosting.hostingOf({ ownerId: PUBLISHER })).toMatchObject({ totalNano: 2 * FEE, nextMs: DEC })
  await k.at(Date.UTC(2026, 10, 20))
  expect(k.payable()).toBe(0)
  for (const hours of [1, 2, 30, 71, 100]) await k.at(DEC + hours * HOUR_MS)
  expect(k.payable()).toBe(-2 * FEE)
  expect(k.mails.map(({ to, data }) => [to, data.month, data.from])).toEqual([
    ["1@example.com", "2026-12", "earnings"],
    ["1@example.com", "2026-12", "earnings"],
  ])
  await k.at(Date.UTC(2027, 0, 1))
  expect(k.payable()).toBe(-4 * FEE)
  const { charged } = k.hosting.hostingOf({ ownerId: PUBLISHER })
  expect(charged.map(({ title, month, amountNano, from }) => [title, month, Number(amountNano), from])).toEqual([
    ["maps", "2027-01", Number(FEE), "earnings"],
    ["weather", "2027-01", Number(FEE), "earnings"],
    ["maps", "2026-12", Number(FEE), "earnings"],
    ["weather", "2026-12", Number(FEE), "earnings"],
  ])
  expect(k.ledger.verify().checks.filter(({ violations }) => violations > 0)).toEqual([])
})

test("switched on after the first days, or published in the month: free until the next one", async () => {
  await k.product("weather")
  await k.at(DEC + 3 * DAY_MS)
  await k.fee(FEE)
  await k.at(DEC + 4 * DAY_MS)
  expect(k.payable()).toBe(0)
  const jan = Date.UTC(2027, 0, 1)
  k.clock.set(jan + HOUR_MS)
  await k.product("maps")
  await k.at(jan + 2 * HOUR_MS)
  expect(k.payable()).toBe(-FEE)
})

test("credits pay where nothing was earned, and a suspended publisher pays nothing", async () => {
  await k.fee(FEE)
  await k.product("weather")
  const lot = { mode: "live", type: "topup", bucket: "purchase", paid: true, key: "bought" } as const
  await k.write((tx) => k.ledger.grantIn(tx, { owner: principal(PUBLISHER), amountNano: nano(6_000_000_000), ...lot }))
  await k.at(DEC + HOUR_MS)
  expect([k.payable(), k.mails[0]!.data.from]).toEqual([0, "credits"])
  await k.write((tx) => tx.run("UPDATE market_publishers SET suspended_ms = 1"))
  await k.at(Date.UTC(2027, 0, 1))
  expect(k.payable()).toBe(0)
})
