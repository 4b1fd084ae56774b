import { expect, test } from "bun:test"
import { ClientId, KeyId, MINUTE_MS, UserId } from "../../../app/index.ts"
import type { Caller } from "../../caller.ts"
import { RecentItems } from "./recent.ts"

const caller = (more: Partial<Caller> = {}): Caller =>
  ({ userId: UserId(1), clientId: ClientId(2), keyId: null, mode: "live", ...more }) as Caller
const LIMITS = { turnMs: 30 * MINUTE_MS, bytesMax: 4_000, callerBytesMax: 1_500 }
const item = (id: string, text = "hi") => ({ id, type: "message", text })

function open() {
  let now = 0
  const items = new RecentItems({ now: () => now }, LIMITS)
  const advance = (minutes: number) => {
    now += minutes * MINUTE_MS
  }
  return { items, advance }
}

test("an item is known to its caller alone", () => {
  const { items } = open()
  items.remember(caller(), [item("msg_1"), { type: "no name" }, null])
  expect(items.find(caller(), "msg_1")).toEqual(item("msg_1"))
  expect(items.find(caller(), "msg_2")).toBeNull()
  for (const other of [{ userId: UserId(2) }, { clientId: null }, { keyId: KeyId(1) }, { mode: "test" as const }]) {
    expect(items.find(caller(other), "msg_1")).toBeNull()
  }
})

test("it is gone half an hour to an hour after it was last named, from the memory too", () => {
  const { items, advance } = open()
  items.remember(caller(), [item("msg_1"), item("msg_2")])
  advance(29)
  items.remember(caller(), [item("msg_3")])
  advance(20)
  expect(items.find(caller(), "msg_1")).toEqual(item("msg_1"))
  advance(29)
  expect([items.find(caller(), "msg_1"), items.find(caller(), "msg_2")]).toEqual([item("msg_1"), null])
  expect(items.bytes).toBeGreaterThan(0)
  advance(61)
  items.forget()
  expect(items.bytes).toBe(0)
})

test("what it holds can be read by nobody who has not the item's name", () => {
  const { items } = open()
  items.remember(caller(), [item("msg_secret", "a private word")])
  const held = Bun.inspect(items, { depth: 9 }) + Buffer.concat([...heldBytes(items)]).toString("latin1")
  for (const word of ["a private word", "msg_secret"]) expect(held).not.toContain(word)
})

const heldBytes = (items: RecentItems): Iterable<Buffer> =>
  (items as unknown as { young: { items: Map<string, Buffer> } }).young.items.values()

test("one caller has so much, and all together twice their bound", () => {
  const { items } = open()
  const long = (id: string) => item(id, "x".repeat(600))
  for (const id of ["a", "b", "c"]) items.remember(caller(), [long(id)])
  expect(["a", "b", "c"].map((id) => items.find(caller(), id) !== null)).toEqual([true, true, false])
  for (let user = 10; user < 40; user++) items.remember(caller({ userId: UserId(user) }), [long("a")])
  expect(items.bytes).toBeLessThanOrEqual(2 * LIMITS.bytesMax)
  expect(items.find(caller({ userId: UserId(39) }), "a")).not.toBeNull()
  expect(items.find(caller(), "a")).toBeNull()
})
