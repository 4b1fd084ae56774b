// What `purser doctor` hears of a standby: how late it is, whether the first lives, and whether a takeover would work.
import { expect, test } from "bun:test"
import { checksOf, type StandbyFacts } from "./checks.ts"

const NOW = Date.parse("2026-11-27T10:01:16.000Z")
const well: StandbyFacts = {
  first: { host: "one", isReleased: false, silentMs: 3_000, isFenced: true },
  lagMs: 0,
  cause: null,
  restored: { lastMs: NOW - 3_000, tookMs: 1_400 },
  pictureBytes: 40_000_000,
  freeBytes: 90_000_000_000,
  leaseMs: 30_000,
  hasFence: true,
}
const told = (more: Partial<StandbyFacts>) =>
  checksOf({ ...well, ...more }).map(({ label, state, text }) => [label, state, text])
const oneOf = (label: string, more: Partial<StandbyFacts>) =>
  checksOf({ ...well, ...more }).find((one) => one.label === label)!

test("all is well while the first lives, the picture is new and there is room", () => {
  expect(told({})).toEqual([
    ["Standby", "ok", "shows how things were up to 2026-11-27 10:01:13 UTC"],
    ["First server", "ok", "one was heard of 3 s ago"],
    ["Takeover", "ok", "could take over now; the last restore took 1.4 s"],
    ["Database", "ok", "made by a takeover"],
  ])
})

test("how late it is, and why", () => {
  expect(oneOf("Standby", { lagMs: 20_000 })).toMatchObject({
    state: "ok",
    text: expect.stringContaining("20 s behind"),
  })
  expect(oneOf("Standby", { lagMs: 200_000 })).toMatchObject({
    state: "warn",
    text: expect.stringContaining("3 min behind"),
  })
  const away = oneOf("Standby", { lagMs: 90_000, cause: "no route to it" })
  expect(away).toMatchObject({ state: "bad", text: "newer data could not be read for 90 s: no route to it" })
  expect(away.remedy).toContain("PURSER_REPLICA_URL")
  expect(oneOf("Standby", { restored: null, cause: null })).toMatchObject({
    state: "warn",
    text: "reads the replica for the first time",
  })
})

test("whether the first lives", () => {
  const first = well.first!
  const of = (more: Partial<typeof first>, rest: Partial<StandbyFacts> = {}) =>
    oneOf("First server", { first: { ...first, ...more }, ...rest })
  expect(of({ silentMs: 29_000 })).toMatchObject({ state: "ok" })
  // Its lease is over: it answers no more, if it has the fence.
  const silent = of({ silentMs: 61_000 })
  expect(silent).toMatchObject({ state: "bad", text: "one gives no sign of life for 61 s" })
  expect(silent.remedy).toContain("purser promote")
  expect(of({ silentMs: 61_000 }, { leaseMs: 120_000 })).toMatchObject({ state: "ok" })
  expect(of({ isReleased: true, silentMs: 500_000 })).toMatchObject({ state: "warn", text: "one was stopped in order" })
  const open = of({ isFenced: false })
  expect(open).toMatchObject({
    state: "warn",
    text: "one was heard of 3 s ago, and would go on answering when it is cut off",
  })
  expect(open.remedy).toContain("PURSER_REPLICA_FENCE=on")
  expect(oneOf("First server", { first: null })).toMatchObject({ state: "bad", text: "nothing is known of it" })
})

test("whether it could take over, and what is in the way", () => {
  const full = oneOf("Takeover", { freeBytes: 30_000_000 })
  expect(full).toMatchObject({ state: "bad", text: "there is no room for the data: it has 40 MB, and 30 MB are free" })
  expect(oneOf("Takeover", { restored: null })).toMatchObject({
    state: "bad",
    text: "not before it has read the replica once",
  })
  expect(oneOf("Takeover", { cause: "the key at hand does not open it" })).toMatchObject({
    state: "bad",
    text: "could not take over now: the key at hand does not open it",
  })
  const own = oneOf("Takeover", { hasFence: false })
  expect(own).toMatchObject({ state: "warn", text: expect.stringContaining("would serve without a fence") })
})

test("whatever is not well says what to do", () => {
  const all = [
    {},
    { cause: "away" },
    { restored: null },
    { first: null },
    { hasFence: false },
    { freeBytes: 0 },
    { lagMs: 200_000 },
  ]
  for (const more of all)
    for (const { state, remedy } of checksOf({ ...well, ...more }))
      if (state !== "ok") expect(remedy).toMatch(/^[A-Z].*\.$/)
})
