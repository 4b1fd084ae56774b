// Kept answers over real SQLite: whose they are, how a conversation hangs together, and that they end.
import { expect, onTestFinished, test } from "bun:test"
import { ClientId, createKeyring, DAY_MS, UserId } from "../app/index.ts"
import { createSettings } from "../settings/index.ts"
import { openTestStore, testCtx } from "../store/index.ts"
import { createKept, KEPT_DAYS, KEPT_LIMITS, type KeepAnswer, type Keeper, keptPart } from "./index.ts"

const ANN = { userId: UserId(1), userPublicId: "usr_ann" }
const APP: Keeper = { userId: ANN.userId, clientId: ClientId(7), mode: "live" }

async function open() {
  const { store, clock, close } = await openTestStore()
  onTestFinished(close)
  const settings = createSettings({ store, settings: keptPart.settings ?? [] })
  const kept = createKept({ store, clock, keyring: createKeyring(Buffer.alloc(32, 7)), settings })
  const keep = (publicId: string, more: Partial<KeepAnswer> = {}) => {
    const answer = { id: publicId, words: `secret of ${publicId}` }
    return kept.keep(testCtx, { ...APP, publicId, previous: null, input: [`asked ${publicId}`], answer, ...more })
  }
  const turn = (on: boolean) => kept.turn(testCtx, { ...ANN, on })
  const rows = () => store.read.get<{ n: number }>("SELECT count(*) AS n FROM kept_answers")!.n
  return { store, clock, settings, kept, keep, turn, rows }
}

test("Nothing is kept until its person turns it on", async () => {
  const { kept, keep, turn, rows } = await open()
  expect([kept.isOn(ANN.userId), await keep("resp_1"), rows()]).toEqual([false, false, 0])
  await turn(true)
  await turn(true)
  expect([kept.isOn(ANN.userId), await keep("resp_1"), rows()]).toEqual([true, true, 1])
  expect(kept.one(APP, "resp_1")).toEqual({
    input: ["asked resp_1"],
    answer: { id: "resp_1", words: "secret of resp_1" },
  })
})

test("In the file nobody can read them", async () => {
  const { store, keep, turn } = await open()
  await turn(true)
  await keep("resp_1")
  const row = JSON.stringify(store.read.get("SELECT * FROM kept_answers"))
  expect(row).not.toContain("secret")
  expect(row).toContain('"sealed":"v1.')
})

test("Another person, another app, a key and the other mode see nothing, and delete nothing", async () => {
  const { kept, keep, turn } = await open()
  await turn(true)
  await kept.turn(testCtx, { userId: UserId(2), userPublicId: "usr_bob", on: true })
  await keep("resp_1")
  const others: Keeper[] = [
    { ...APP, userId: UserId(2) },
    { ...APP, clientId: ClientId(8) },
    { ...APP, clientId: null },
    { ...APP, mode: "test" },
  ]
  for (const other of others) {
    expect(kept.one(other, "resp_1")).toBeNull()
    expect(kept.conversation(other, "resp_1")).toBeNull()
    expect(await kept.remove(testCtx, other, "resp_1").catch((error: { code: string }) => error.code)).toBe("not_found")
    expect(await keep("resp_2", { ...other, previous: "resp_1" })).toBe(false)
  }
  expect(kept.one(APP, "resp_1")).not.toBeNull()
})

test("A conversation is what went on from what; without one of its answers it is none", async () => {
  const { kept, keep, turn } = await open()
  await turn(true)
  await keep("resp_1")
  await keep("resp_2", { previous: "resp_1" })
  await keep("resp_3", { previous: "resp_2" })
  await keep("resp_4", { previous: "resp_2" })
  const asked = (id: string) => kept.conversation(APP, id)?.map(({ input }) => input[0])
  expect(asked("resp_3")).toEqual(["asked resp_1", "asked resp_2", "asked resp_3"])
  expect(asked("resp_4")).toEqual(["asked resp_1", "asked resp_2", "asked resp_4"])
  await kept.remove(testCtx, APP, "resp_1")
  expect([asked("resp_3"), asked("resp_1")]).toEqual([undefined, undefined])
  expect(kept.one(APP, "resp_3")).not.toBeNull()
  expect(await keep("resp_5", { previous: "resp_3" })).toBe(false)
})

test("Turned off, nothing is readable at once, and all of it goes", async () => {
  const { kept, keep, turn, rows, clock } = await open()
  await turn(true)
  for (let n = 0; n < KEPT_LIMITS.turnedOffRows + 5; n++) await keep(`resp_${n}`)
  await turn(false)
  expect([kept.one(APP, "resp_204"), kept.isOn(ANN.userId), rows()]).toEqual([null, false, 5])
  clock.advance(1)
  // Turned on again it is another time: what is left of the first is not seen, and still goes.
  await turn(true)
  expect(kept.one(APP, "resp_204")).toBeNull()
  await keep("resp_new")
  const { bytes } = kept.sum(ANN.userId)
  expect([await kept.sweep(testCtx, 3), await kept.sweep(testCtx, 50), rows()]).toEqual([3, 2, 1])
  expect(kept.sum(ANN.userId)).toEqual({ answers: 1, bytes })
})

test("Each is kept as long as its conversation goes on, and some days more", async () => {
  const { kept, keep, turn, clock, settings, rows } = await open()
  await turn(true)
  await keep("resp_1")
  await keep("resp_alone")
  clock.advance(29 * DAY_MS)
  await keep("resp_2", { previous: "resp_1" })
  clock.advance(2 * DAY_MS)
  // Over is over, whether or not the job came by.
  expect([kept.one(APP, "resp_alone"), kept.conversation(APP, "resp_2")?.length]).toEqual([null, 2])
  expect([await kept.sweep(testCtx, 50), rows()]).toEqual([1, 2])
  await settings.set(testCtx, KEPT_DAYS, { value: 1 })
  expect([kept.one(APP, "resp_2"), await kept.sweep(testCtx, 50), rows()]).toEqual([null, 2, 0])
  expect(kept.sum(ANN.userId)).toEqual({ answers: 0, bytes: 0 })
})

test("What is too much for one answer is not kept; what is too much for one person pushes out the oldest", async () => {
  const { kept, keep, turn, store } = await open()
  await turn(true)
  expect(await keep("resp_big", { input: ["x".repeat(KEPT_LIMITS.answerCharsMax)] })).toBe(false)
  await keep("resp_1")
  await keep("resp_2")
  await store.write(testCtx, (tx) => tx.run("UPDATE answer_keeping SET bytes = ?", KEPT_LIMITS.personBytesMax))
  await keep("resp_3", { input: ["x".repeat(20)] })
  expect([kept.one(APP, "resp_1"), kept.one(APP, "resp_3")?.input]).toEqual([null, ["x".repeat(20)]])
  expect(kept.sum(ANN.userId).bytes).toBeLessThanOrEqual(KEPT_LIMITS.personBytesMax)
})

test("Deleting gives its room back", async () => {
  const { kept, keep, turn } = await open()
  await turn(true)
  await keep("resp_1")
  expect(kept.sum(ANN.userId).bytes).toBeGreaterThan(0)
  await kept.remove(testCtx, APP, "resp_1")
  expect(kept.sum(ANN.userId)).toEqual({ answers: 0, bytes: 0 })
})
