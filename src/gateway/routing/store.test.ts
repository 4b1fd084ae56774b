import { expect, test } from "bun:test"
import { UpstreamId } from "../../app/index.ts"
import { openTestStore, testCtx } from "../../store/index.ts"
import type { Attempt } from "./attempt-log.ts"
import { attemptsOf, countAsked, deleteOldAttempts, failedAttempts, insertAttempts } from "./store.ts"

const attempt = (atMs: number, more: Partial<Attempt> = {}): Attempt => ({
  atMs,
  upstreamId: UpstreamId(1),
  model: "m",
  ms: 5,
  outcome: "busy",
  status: 529,
  ownKey: null,
  ...more,
})

test("attempts of a call come in order, an account's failures newest first, and what nobody was asked for is no attempt", async () => {
  const { store, close } = await openTestStore()
  await store.write(testCtx, (tx) => {
    insertAttempts(tx, "req_a", [
      attempt(1),
      attempt(2, { outcome: "unaffordable", status: null }),
      attempt(3, { upstreamId: UpstreamId(2), outcome: "answered", status: null }),
    ])
    insertAttempts(tx, "req_b", [attempt(4, { outcome: "timeout", status: null })])
    return 0
  })
  expect(attemptsOf(store.read, "req_a").map(({ atMs }) => atMs)).toEqual([1, 2, 3])
  expect([countAsked(store.read, "req_a"), countAsked(store.read, "req_c")]).toEqual([2, 0])
  expect(failedAttempts(store.read, UpstreamId(1), 9).map(({ callId }) => callId)).toEqual(["req_b", "req_a"])
  expect(failedAttempts(store.read, UpstreamId(2), 9)).toEqual([])
  await close()
})

test("the oldest go: by age, then by number, in slices", async () => {
  const { store, close } = await openTestStore()
  const left = () =>
    store.read.all<{ at: number }>("SELECT at_ms AS at FROM call_attempts ORDER BY id").map(({ at }) => at)
  const forget = (beforeMs: number, rowsMax: number, limit: number) =>
    store.write(testCtx, (tx) => deleteOldAttempts(tx, beforeMs, rowsMax, limit))
  await store.write(testCtx, (tx) => {
    insertAttempts(
      tx,
      "req_a",
      [1, 2, 3, 4, 5, 6, 7, 8].map((atMs) => attempt(atMs)),
    )
    return 0
  })
  expect(await forget(4, 100, 2)).toBe(2)
  expect(await forget(4, 100, 2)).toBe(1)
  expect(left()).toEqual([4, 5, 6, 7, 8])
  expect(await forget(0, 3, 100)).toBe(2)
  expect(left()).toEqual([6, 7, 8])
  expect(await forget(0, 3, 100)).toBe(0)
  await close()
})
