import { afterEach, beforeEach, expect, test } from "bun:test"
import { until } from "../../test/eventually.ts"
import { LIMITS, silentLog } from "../app/index.ts"
import { openTestStore, testCtx } from "../store/index.ts"
import { createJobs, type Jobs } from "./index.ts"

type Opened = Awaited<ReturnType<typeof openTestStore>>
let opened: Opened
let jobs: Jobs
beforeEach(async () => {
  opened = await openTestStore()
  jobs = createJobs({ store: opened.store, clock: opened.clock, log: silentLog })
})
afterEach(() => opened.close())

test("a job runs one at a time, and its last run and error are rows", async () => {
  let running = 0
  let most = 0
  let runs = 0
  const slow = async () => {
    most = Math.max(most, ++running)
    await Bun.sleep(20)
    running--
    if (++runs >= 2) throw new Error("the disk is full")
    return false
  }
  jobs.start([{ name: "slow", everyMs: 2, run: slow }])
  await until(() => jobs.states()[0]?.lastError != null)
  await jobs.stop()
  expect(most).toBe(1)
  const now = opened.clock.now()
  expect(jobs.states()).toEqual([
    {
      name: "slow",
      lastRunMs: now,
      lastOkMs: now,
      lastError: "Error: the disk is full",
      lastTookMs: expect.any(Number),
    },
  ])
  const after = runs
  await Bun.sleep(30)
  expect(runs).toBe(after)
})

test("slices follow each other until nothing is left, each with the job's own number of rows", async () => {
  const rows: number[] = []
  let left = 3
  const run = async (slice: { rows: number }) => {
    rows.push(slice.rows)
    return --left > 0
  }
  jobs.start([
    { name: "sweep", everyMs: 3_600_000, atStart: true, run },
    { name: "other", everyMs: 3_600_000, atStart: true, sliceRows: 7, run: async (slice) => slice.rows === 0 },
  ])
  await until(() => jobs.states().length === 2)
  expect(rows).toEqual([LIMITS.jobSliceRows, LIMITS.jobSliceRows, LIMITS.jobSliceRows])
})

test("a slice is followed by a pause as long as it took, so that calls come between", async () => {
  const startedMs: number[] = []
  const run = async () => {
    startedMs.push(performance.now())
    await Bun.sleep(40)
    return startedMs.length < 2
  }
  jobs.start([{ name: "long", everyMs: 3_600_000, atStart: true, run }])
  await until(() => jobs.states().length === 1)
  expect(startedMs[1]! - startedMs[0]!).toBeGreaterThanOrEqual(78)
})

test("without atStart a job waits for its first period", async () => {
  let runs = 0
  jobs.start([{ name: "later", everyMs: 3_600_000, run: async () => ++runs < 0 }])
  await Bun.sleep(20)
  expect(runs).toBe(0)
})

test("a stop ends the slices after the one that runs; what fails because of it is no failure of the job", async () => {
  let slices = 0
  let wasAborted = false
  const endless = async () => ++slices > 0
  const cut = ({ signal }: { signal: AbortSignal }) =>
    new Promise<boolean>((_, reject) =>
      signal.addEventListener("abort", () => {
        wasAborted = true
        reject(new Error("cut"))
      }),
    )
  jobs.start([
    { name: "endless", everyMs: 3_600_000, atStart: true, run: endless },
    { name: "cut", everyMs: 3_600_000, atStart: true, run: cut },
  ])
  await until(() => slices > 1)
  await jobs.stop()
  const after = slices
  await Bun.sleep(20)
  expect(slices).toBe(after)
  expect(wasAborted).toBe(true)
  expect(jobs.states().map(({ name, lastError }) => [name, lastError])).toEqual([["endless", null]])
})

test("a job is run by hand at once, one at a time, and the act is told; it says what it took and when it comes next", async () => {
  let release = () => {}
  const run = () => new Promise<boolean>((resolve) => (release = () => resolve(false)))
  jobs.start([{ name: "tidy", everyMs: 3_600_000, run }])
  const now = opened.clock.now()
  expect(jobs.list()).toMatchObject([
    { name: "tidy", nextRunMs: now + 3_600_000, lastRunMs: null, tookMs: null, runs: 0 },
  ])
  const done = jobs.runNow(testCtx, "tidy")
  await until(() => jobs.list()[0]!.runningSinceMs !== null)
  await expect(jobs.runNow(testCtx, "tidy")).rejects.toMatchObject({ code: "conflict" })
  await expect(jobs.runNow(testCtx, "nothing")).rejects.toMatchObject({ code: "not_found" })
  release()
  await done
  expect(jobs.list()).toMatchObject([
    {
      lastOkMs: now,
      nextRunMs: now + 3_600_000,
      runningSinceMs: null,
      tookMs: expect.any(Number),
      runs: 1,
      failures: 0,
    },
  ])
  const acts = opened.store.read.all<{ action: string; subject: string }>("SELECT action, subject FROM audit_log")
  expect(acts).toEqual([{ action: "job.run", subject: "tidy" }])
})

test("what a process before this one left due runs soon, though its period is long", async () => {
  jobs.start([{ name: "hourly", everyMs: 3_600_000, atStart: true, run: async () => false }])
  await until(() => jobs.states().length === 1)
  await jobs.stop()
  opened.clock.advance(2 * 3_600_000)
  const next = createJobs({ store: opened.store, clock: opened.clock, log: silentLog, random: () => 0 })
  next.start([{ name: "hourly", everyMs: 3_600_000, run: async () => false }])
  expect(next.list()[0]!.nextRunMs! - opened.clock.now()).toBe(2_500)
  await next.stop()
})

test("what a run took is known after a restart", async () => {
  const job = { name: "long", everyMs: 3_600_000, atStart: true, run: () => Bun.sleep(30).then(() => false) }
  jobs.start([job])
  await until(() => jobs.states().length === 1)
  await jobs.stop()
  jobs = createJobs({ store: opened.store, clock: opened.clock, log: silentLog })
  jobs.start([{ ...job, atStart: false }])
  expect(jobs.list()[0]!.tookMs).toBeGreaterThanOrEqual(25)
  await jobs.stop()
})

test("during a pause only what goes on runs by itself; by hand everything does; after it what was due runs soon", async () => {
  const ran: string[] = []
  const job = (name: string, more: { goesOn?: boolean; atStart?: boolean } = {}) => ({
    name,
    everyMs: 20,
    ...more,
    run: async () => {
      ran.push(name)
      return false
    },
  })
  jobs.pause(true)
  jobs.start([job("waits"), job("at-start", { atStart: true }), job("goes-on", { goesOn: true })])
  await until(() => ran.filter((name) => name === "goes-on").length >= 3)
  expect(new Set(ran)).toEqual(new Set(["goes-on"]))
  expect(jobs.list().map(({ name, isPaused, nextRunMs }) => [name, isPaused, nextRunMs === null])).toEqual([
    ["waits", true, true],
    ["at-start", true, true],
    ["goes-on", false, expect.any(Boolean)],
  ])
  await jobs.runNow(testCtx, "waits")
  const byHand = ran.filter((name) => name === "waits").length
  await Bun.sleep(60)
  expect([byHand, ran.filter((name) => name === "waits").length]).toEqual([1, 1])
  jobs.pause(false)
  await until(() => ran.includes("at-start") && ran.filter((name) => name === "waits").length >= 3)
  await jobs.stop()
})

test("who may not run jobs starts none, cuts those that run, and goes on once it may", async () => {
  let mayRun = false
  const ran: string[] = []
  const guarded = createJobs({ store: opened.store, clock: opened.clock, log: silentLog, mayRun: () => mayRun })
  const short = { name: "short", everyMs: 5, atStart: true, run: async () => ran.push("short") < 0 }
  const long = {
    name: "long",
    everyMs: 3_600_000,
    atStart: true,
    // Slices without an end: only a cut ends them, and the one that waits for the signal is told.
    async run({ signal }: { signal: AbortSignal }) {
      ran.push("long")
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve())
        setTimeout(resolve, 10)
      })
      return true
    },
  }
  guarded.start([short, long])
  await Bun.sleep(40)
  expect(ran).toEqual([])
  expect(guarded.list().map(({ isPaused }) => isPaused)).toEqual([true, true])
  mayRun = true
  await until(() => ran.includes("long") && ran.includes("short"))
  mayRun = false
  guarded.cut()
  await until(() => guarded.list().every(({ runningSinceMs }) => runningSinceMs === null))
  const after = ran.length
  await Bun.sleep(40)
  expect(ran.length).toBe(after)
  // What was cut neither failed nor was done: it runs again soon, whatever its period.
  expect(guarded.list().find(({ name }) => name === "long")).toMatchObject({ failures: 0, lastRunMs: null })
  mayRun = true
  await until(() => ran.slice(after).includes("long"))
  await guarded.stop()
})

test("a rare job that never ran begins soon, where it says so", async () => {
  let runs = 0
  const run = async () => ++runs < 0
  jobs.start([{ name: "weekly", everyMs: 604_800_000, firstMs: 5, run }])
  await until(() => runs === 1 && jobs.states().length === 1)
  expect(jobs.list()[0]!.nextRunMs! - opened.clock.now()).toBe(604_800_000)
  await jobs.stop()
})
