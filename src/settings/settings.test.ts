import { afterEach, beforeEach, expect, test } from "bun:test"
import { AppError } from "../app/index.ts"
import { auditOf } from "../audit/index.ts"
import { field } from "../http/index.ts"
import type { Setting } from "../part/index.ts"
import { openTestStore, testCtx } from "../store/index.ts"
import { createSettings, type Settings } from "./index.ts"

const days: Setting<number> = {
  key: "test.days",
  group: "Test",
  field: field.days({ label: "Days" }),
  default: 7,
  problem: (value) => (value >= 1 && value <= 30 ? null : "Give 1 to 30 days."),
}

let opened: Awaited<ReturnType<typeof openTestStore>>
let settings: Settings
beforeEach(async () => {
  opened = await openTestStore()
  settings = createSettings({ store: opened.store, settings: [days] })
})
afterEach(() => opened.close())

const trail = () => auditOf(opened.store.read, "test.days").map(({ before, after, reason }) => [before, after, reason])

test("the default is in force until somebody changes it; a change outlives the process", async () => {
  expect(settings.get(days)).toBe(7)
  expect(settings.list()).toEqual([{ setting: days, value: 7, changedMs: 0 }])
  await settings.set(testCtx, days, { value: 14 })
  expect(settings.get(days)).toBe(14)
  expect(settings.byKey("test.days")).toEqual({ setting: days, value: 14, changedMs: opened.clock.now() })
  expect(createSettings({ store: opened.store, settings: [days] }).get(days)).toBe(14)
  expect(trail()).toEqual([["7", "14", testCtx.reason]])
})

test("a body sees what it wrote; memory changes with the commit, and not at all when it is undone", async () => {
  const undone = opened.store.write(testCtx, (tx) => {
    settings.setIn(tx, days, { value: 20 })
    expect([settings.get(days, tx), settings.get(days)]).toEqual([20, 7])
    throw new AppError("conflict", "no")
  })
  await expect(undone).rejects.toMatchObject({ code: "conflict" })
  expect([settings.get(days), trail()]).toEqual([7, []])
})

test("two bodies of one commit see each other", async () => {
  const seen = await Promise.all([
    opened.store.write(testCtx, (tx) => settings.setIn(tx, days, { value: 3 })),
    opened.store.write(testCtx, (tx) => settings.get(days, tx)),
  ])
  expect(seen[1]).toBe(3)
})

test("what is out of bounds is refused and changes nothing; the same value again is no change", async () => {
  const refused = settings.set(testCtx, days, { value: 31 })
  await expect(refused).rejects.toMatchObject({
    code: "validation_failed",
    extra: { formErrors: { value: "Give 1 to 30 days." } },
  })
  await settings.set(testCtx, days, { value: 7 })
  expect([settings.get(days), trail()]).toEqual([7, []])
})

test("who looked before somebody else's change is told", async () => {
  const seenMs = settings.byKey("test.days")!.changedMs
  await settings.set(testCtx, days, { value: 8, seenMs })
  await expect(settings.set(testCtx, days, { value: 9, seenMs })).rejects.toMatchObject({ code: "conflict" })
  await settings.set(testCtx, days, { value: 9, seenMs: settings.byKey("test.days")!.changedMs })
  expect(settings.get(days)).toBe(9)
})

test("a setting that no part declares is a programmer's error", async () => {
  expect(() => settings.get({ ...days, key: "test.unknown" })).toThrow("test.unknown")
  expect(settings.byKey("test.unknown")).toBeNull()
})
