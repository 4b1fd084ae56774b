import { expect, test } from "bun:test"
import { silentLog } from "../app/index.ts"
import { openTestStore } from "../store/index.ts"
import { createJobs } from "./index.ts"

test("a job runs one at a time, and its last run and error are rows", async () => {
  const { store, clock, close } = await openTestStore()
  const jobs = createJobs({ store, clock, log: silentLog })
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
  while (runs < 2) await Bun.sleep(5)
  await jobs.stop()
  expect(most).toBe(1)
  expect(jobs.states()).toEqual([
    { name: "slow", last_run_ms: clock.now(), last_ok_ms: clock.now(), last_error: "Error: the disk is full" },
  ])
  const after = runs
  await Bun.sleep(30)
  expect(runs).toBe(after)
  await close()
})
