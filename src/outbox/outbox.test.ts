import { afterEach, expect, test } from "bun:test"
import { createIds, DAY_MS, silentLog } from "../app/index.ts"
import type { Delivery } from "../part/index.ts"
import { openTestStore, testCtx } from "../store/index.ts"
import { createOutbox } from "./index.ts"
import * as rows from "./store.ts"

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function fresh() {
  const { store, clock, close } = await openTestStore()
  const outbox = createOutbox({ store, clock, ids: createIds(clock), log: silentLog })
  closers.push(async () => {
    await outbox.stop()
    await close()
  })
  const send = (subject: string, payload: unknown) =>
    store.write(testCtx, (tx) => outbox.enqueueIn(tx, { topic: "mail", subject, payload }))
  return { store, clock, outbox, send }
}

test("a message of a mutation that throws is never sent", async () => {
  const { store, outbox } = await fresh()
  const sent: Delivery[] = []
  outbox.handle("mail", async (delivery) => void sent.push(delivery))
  await store
    .write(testCtx, (tx) => {
      outbox.enqueueIn(tx, { topic: "mail", subject: "a", payload: 1 })
      throw new Error("no")
    })
    .catch(() => {})
  await outbox.flush()
  expect(sent).toEqual([])
})

test("one subject is delivered in order, and a failure holds back what follows it until it succeeds", async () => {
  const { clock, outbox, send } = await fresh()
  const sent: unknown[] = []
  let failures = 2
  outbox.handle("mail", async ({ payload, subject }) => {
    if (subject === "a" && payload === 1 && failures-- > 0) throw new Error("smtp is down")
    sent.push(payload)
  })
  await send("a", 1)
  await send("a", 2)
  await send("b", 3)
  await outbox.flush()
  expect(sent).toEqual([3])
  clock.advance(2_000)
  await outbox.flush()
  expect(sent).toEqual([3])
  clock.advance(60_000)
  await outbox.flush()
  expect(sent).toEqual([3, 1, 2])
})

test("an operator tries a message again or gives it up; what was delivered stays delivered, and both acts are told", async () => {
  const { store, outbox, send } = await fresh()
  const sent: unknown[] = []
  let isDown = true
  outbox.handle("mail", async ({ payload }) => {
    if (isDown) throw new Error("smtp is down")
    sent.push(payload)
  })
  const first = await send("a", 1)
  const second = await send("b", 2)
  await outbox.flush()
  const waiting = outbox.entries("waiting", 10)
  expect(waiting.map(({ subject, tries, lastError }) => [subject, tries, lastError])).toEqual([
    ["b", 1, "Error: smtp is down"],
    ["a", 1, "Error: smtp is down"],
  ])
  expect(outbox.entries("waiting", 10, waiting[0]!.id).map(({ subject }) => subject)).toEqual(["a"])
  expect(waiting[0]).not.toHaveProperty("payload")
  await outbox.giveUp(testCtx, first)
  await expect(outbox.giveUp(testCtx, first)).rejects.toMatchObject({ code: "conflict" })
  isDown = false
  await outbox.again(testCtx, second)
  await outbox.flush()
  expect(sent).toEqual([2])
  await expect(outbox.again(testCtx, second)).rejects.toMatchObject({ code: "conflict" })
  await expect(outbox.again(testCtx, "evt_none")).rejects.toMatchObject({ code: "not_found" })
  await outbox.again(testCtx, first)
  await outbox.flush()
  expect(sent).toEqual([2, 1])
  expect(outbox.countsByState()).toEqual({ waiting: 0, dead: 0, done: 2 })
  expect(
    store.read.all<{ action: string }>("SELECT action FROM audit_log ORDER BY id").map(({ action }) => action),
  ).toEqual(["outbox.given-up", "outbox.again", "outbox.again"])
})

test("messages that failed together do not come back together", async () => {
  const { store, clock, close } = await openTestStore()
  closers.push(close)
  const chances = [0, 0.999]
  const outbox = createOutbox({ store, clock, ids: createIds(clock), log: silentLog, random: () => chances.pop()! })
  outbox.handle("mail", async () => {
    throw new Error("smtp is down")
  })
  for (const subject of ["a", "b"])
    await store.write(testCtx, (tx) => outbox.enqueueIn(tx, { topic: "mail", subject, payload: 1 }))
  await outbox.flush()
  const dues = outbox.entries("waiting", 10).map(({ dueMs }) => dueMs - clock.now())
  expect(dues.toSorted((a, b) => a - b)).toEqual([750, 1_250])
})

test("delivered payloads are wiped: they may hold one-time codes", async () => {
  const { store, outbox, send } = await fresh()
  outbox.handle("mail", async () => {})
  await send("a", { code: "123456" })
  await outbox.flush()
  expect(store.read.all<{ state: string; payload: string }>("SELECT state, payload FROM outbox")).toEqual([
    { state: "done", payload: "{}" },
  ])
})

test("a message that never succeeds is set aside and no longer blocks its subject", async () => {
  const { store, clock, outbox, send } = await fresh()
  const sent: unknown[] = []
  outbox.handle("mail", async ({ payload }) => {
    if (payload === "poison") throw new Error("always")
    sent.push(payload)
  })
  await send("a", "poison")
  await send("a", "next")
  for (let turn = 0; turn < 14; turn++) {
    await outbox.flush()
    clock.advance(8 * 3_600_000)
  }
  expect(sent).toEqual(["next"])
  expect(store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM outbox WHERE state = 'dead'")!.n).toBe(1)
})

test("what was delivered goes after a week, what was given up after a month, in slices; what waits stays", async () => {
  const { store, clock, outbox, send } = await fresh()
  outbox.handle("mail", async ({ payload }) => {
    if (payload === "poison") throw new Error("always")
  })
  for (const subject of ["a", "b", "c"]) await send(subject, 1)
  await send("d", "poison")
  await outbox.flush()
  const purge = (rows: number) => outbox.purge(testCtx, rows, { doneMs: 7 * DAY_MS, deadMs: 30 * DAY_MS })
  const left = () => store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM outbox")!.n
  clock.advance(7 * DAY_MS)
  expect(await purge(2)).toBe(0)
  clock.advance(1)
  await send("e", 1)
  expect(await purge(2)).toBe(2)
  expect(await purge(2)).toBe(1)
  expect(await purge(2)).toBe(0)
  expect(left()).toBe(2)
  for (let turn = 0; turn < 12; turn++) {
    await outbox.flush()
    clock.advance(8 * 3_600_000)
  }
  await send("f", "poison")
  clock.advance(31 * DAY_MS)
  expect(await purge(9)).toBe(2)
  expect(store.read.all("SELECT subject, state FROM outbox")).toEqual([{ subject: "f", state: "waiting" }])
})

test("a pause holds back what was made before and what nobody waits for, and never a code behind them; then all of it leaves", async () => {
  const { clock, outbox, send } = await fresh()
  const sent: unknown[] = []
  outbox.handle("mail", async ({ payload }) => void sent.push((payload as { n: number }).n))
  const code = (n: number) => ({ n, uselessAfterMs: clock.now() + 600_000 })
  await send("a", code(1))
  clock.advance(1_000)
  outbox.pause(clock.now())
  // More than one look takes at once.
  for (let n = 0; n < 40; n++) await send("b", { n: 100 + n })
  await send("a", code(2))
  await send("b", code(3))
  await outbox.flush()
  expect([sent, outbox.isPaused]).toEqual([[2, 3], true])
  outbox.pause(null)
  await outbox.flush()
  expect(sent.slice(2)).toContain(1)
  expect(sent.length).toBe(43)
})

test("what waits and what is dead are found through their indexes, however much was delivered", async () => {
  const { store, outbox, send } = await fresh()
  outbox.handle("mail", async () => {})
  for (let at = 0; at < 5; at++) await send(`s${at}`, at)
  await outbox.flush()
  const seen: string[] = []
  const noted = <Args extends unknown[], Result>(ask: (sql: string, ...args: Args) => Result) => {
    return (sql: string, ...args: Args): Result => {
      seen.push(sql)
      return ask(sql, ...args)
    }
  }
  const { read } = store
  const spy = { ...read, get: noted(read.get.bind(read)), all: noted(read.all.bind(read)) } as typeof read
  expect(rows.counts(spy)).toEqual({ late: 0, dead: 0 })
  expect(rows.countsByState(spy)).toEqual({ waiting: 0, dead: 0, done: 5 })
  for (const state of ["waiting", "dead", "done"] as const)
    expect(rows.entries(spy, state, 1_000, 3)).toHaveLength(state === "done" ? 3 : 0)
  const plans = seen.map((sql) =>
    read
      .all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...Array(sql.split("?").length - 1).fill(0))
      .map(({ detail }) => detail)
      .join("; "),
  )
  expect(plans).toHaveLength(7)
  for (const plan of plans) {
    // A walk over an index that has only what waits is no walk over the table.
    expect(plan.replace(/SCAN outbox USING (COVERING )?INDEX|SCAN CONSTANT ROW/g, "")).not.toContain("SCAN")
    expect(plan).toMatch(/outbox_(due|over|order)|INTEGER PRIMARY KEY/)
  }
  expect(plans.at(-2)).toContain("outbox_over")
})
