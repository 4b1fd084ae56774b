import { afterEach, beforeEach, expect, test } from "bun:test"
import { LIMITS, silentLog } from "../app/index.ts"
import type { Job } from "../part/index.ts"
import { openTestStore } from "../store/index.ts"
import { createJobs, type Jobs } from "./index.ts"

type Opened = Awaited<ReturnType<typeof openTestStore>>
let opened: Opened
let jobs: Jobs
beforeEach(async () => {
  opened = await openTestStore()
  jobs = createJobs({ store: opened.store, clock: opened.clock, log: silentLog })
})
afterEach(() => opened.close())

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await Bun.sleep(2)
}

test("a job runs one at a time, and its last run and error are rows", async () => {
  let running = 0
  let most = 0
  let runs = 0
  const slow = async () => {
    most = Math.max(most, ++running)
    await Bun.sleep(20)
    running--
    if (++runs >= 2) throw new Error("the disk is full")
  }
  jobs.start([{ name: "slow", everyMs: 2, run: slow }])
  await until(() => jobs.states()[0]?.last_error != null)
  await jobs.stop()
  expect(most).toBe(1)
  const now = opened.clock.now()
  expect(jobs.states()).toEqual([
    { name: "slow", last_run_ms: now, last_ok_ms: now, last_error: "Error: the disk is full" },
  ])
  const after = runs
  await Bun.sleep(30)
  expect(runs).toBe(after)
})

test("slices follow each other until nothing is left, of no more rows than the job and its verb allow", async () => {
  const seen: Record<string, number[]> = {}
  const counting =
    (name: string, verbRows: number, slices: number): Job["run"] =>
    ({ inSlices }) => {
      let left = slices
      return inSlices(verbRows, async (rows) => {
        seen[name] = [...(seen[name] ?? []), rows]
        return --left > 0 ? rows : rows - 1
      })
    }
  jobs.start([
    { name: "usual", everyMs: 3_600_000, atStart: true, run: counting("usual", 10_000, 3) },
    { name: "small", everyMs: 3_600_000, atStart: true, sliceRows: 7, run: counting("small", 10_000, 1) },
    { name: "verb", everyMs: 3_600_000, atStart: true, run: counting("verb", 20, 1) },
  ])
  await until(() => jobs.states().length === 3)
  const most = LIMITS.jobSliceRows
  expect(seen).toEqual({ usual: [most, most, most], small: [7], verb: [20] })
})

test("a slice is followed by a pause as long as it took, so that calls come between", async () => {
  const startedMs: number[] = []
  const run: Job["run"] = ({ inSlices }) =>
    inSlices(1, async () => {
      startedMs.push(performance.now())
      await Bun.sleep(40)
      return startedMs.length < 2 ? 1 : 0
    })
  jobs.start([{ name: "long", everyMs: 3_600_000, atStart: true, run }])
  await until(() => jobs.states().length === 1)
  expect(startedMs[1]! - startedMs[0]!).toBeGreaterThanOrEqual(78)
})

test("without atStart a job waits for its first period", async () => {
  let runs = 0
  jobs.start([{ name: "later", everyMs: 3_600_000, run: async () => ++runs }])
  await Bun.sleep(20)
  expect(runs).toBe(0)
})

test("a stop ends the slices after the one that runs; what fails because of it is no failure of the job", async () => {
  let slices = 0
  let wasAborted = false
  const endless: Job["run"] = ({ inSlices }) => inSlices(1, async () => ++slices && 1)
  const cut = ({ signal }: { signal: AbortSignal }) =>
    new Promise((_, reject) =>
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
  expect(jobs.states().map(({ name, last_error }) => [name, last_error])).toEqual([["endless", null]])
})
