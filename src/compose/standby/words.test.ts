import { expect, test } from "bun:test"
import { healthOf, noticeOf } from "./words.ts"

const first = { host: "one", isReleased: false, silentMs: 3_000, isFenced: true }

test("a standby is never all right, and bad when the first is silent or the replica cannot be read", () => {
  expect(healthOf({ first, lagMs: 0, cause: null })).toMatchObject({
    state: "warn",
    text: "stands by; one was heard of 3 s ago",
  })
  const silent = { ...first, silentMs: 200_000 }
  expect(healthOf({ first: silent, lagMs: 0, cause: null })).toMatchObject({
    state: "bad",
    text: "stands by; one was heard of 3 min ago",
    remedy: expect.stringContaining("purser promote"),
  })
  expect(healthOf({ first: { ...silent, isReleased: true }, lagMs: 0, cause: null })).toMatchObject({
    state: "warn",
    text: "stands by; one was stopped in order",
  })
  expect(healthOf({ first: null, lagMs: 0, cause: "no answer" })).toMatchObject({
    state: "bad",
    text: "stands by: no answer",
  })
})

test("every page says up to when, and that newer data cannot be read while it cannot", () => {
  const restored = { lastMs: Date.parse("2026-11-27T10:01:13.900Z") }
  const words = "This server stands by. It shows how things were up to 2026-11-27 10:01:13 UTC and takes no changes."
  expect(noticeOf({ lagMs: 59_000, cause: null }, restored)).toBe(words)
  expect(noticeOf({ lagMs: 61_000, cause: "away" }, restored)).toBe(`${words} Newer data could not be read for 61 s.`)
})
