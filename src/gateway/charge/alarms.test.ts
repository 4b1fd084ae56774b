import { expect, test } from "bun:test"
import { silentLog } from "../../app/index.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import { Alarms, type Surprise } from "./alarms.ts"

const other = (got: string): Surprise => ({ upstream: "mock", what: "other-model", asked: "mock-1", got })

test("a server that gives itself another name with each answer is known by its first ones only", () => {
  const alarms = new Alarms(silentLog)
  expect(alarms.knows("mock", "mock-1", "name-0")).toBe(false)
  for (let at = 0; at < 2 * GATEWAY_LIMITS.alarmsMax; at++) alarms.note("req_1", [other(`name-${at}`)])
  expect(alarms.list()).toHaveLength(GATEWAY_LIMITS.alarmsMax)
  expect(alarms.knows("mock", "mock-1", "name-0")).toBe(true)
  expect(alarms.knows("mock", "mock-2", "name-0")).toBe(false)
  expect(alarms.knows("mock", "mock-1", `name-${GATEWAY_LIMITS.alarmsMax}`)).toBe(false)
  // What is not a name makes no name known.
  const fresh = new Alarms(silentLog)
  fresh.note("req_1", [{ ...other("mock-1"), what: "over-maximum" }])
  expect(fresh.knows("mock", "mock-1", "mock-1")).toBe(false)
})
