import { expect, test } from "bun:test"
import type { Marker } from "./marker.ts"
import { claimWithData, type Data, type Known, type Local, standbyBegin, startWithoutData, takeover } from "./rules.ts"

const URL = "s3://books/one"
const INSTANCE = `ins_${"0".repeat(26)}`
const OTHER = `ins_${"1".repeat(26)}`
const known: Known = { url: URL, instanceId: null, newOn: null, today: "2026-11-27" }
const marker = (given: Partial<Marker> = {}): Marker => ({
  purser: 1,
  instance: INSTANCE,
  epoch: 3,
  format: "0.5",
  holder: "theirs",
  host: "old",
  boot: "b1",
  released: false,
  beat: 9,
  whole: { epoch: 3, format: "0.5", heldMs: 5 },
  ...given,
})
const local = (given: Partial<Local> = {}): Local => ({ holder: "ours", epoch: 3, format: "0.5", url: URL, ...given })
const at = { boot: "b1", format: "0.5" } as const
const data = (epoch: number): Data => ({ instance: INSTANCE, epoch })

test("two empty places are a first run only by today's word, and never where an instance is named", () => {
  const start = (given: Partial<Known>) => startWithoutData({ ...known, ...given }, null, true, null, "b1")
  expect(() => start({})).toThrow("PURSER_REPLICA_NEW=2026-11-27")
  expect(() => start({ newOn: "2026-11-20" })).toThrow("are both empty")
  expect(start({ newOn: "2026-11-27" })).toEqual({ kind: "first" })
  expect(start({ newOn: "2026-11-28" })).toEqual({ kind: "first" })
  expect(() => start({ newOn: "2026-11-27", instanceId: INSTANCE })).toThrow("the replica was emptied")
})

test("files without our mark are nobody's first run, word or not", () => {
  expect(() => startWithoutData({ ...known, newOn: "2026-11-27" }, null, false, null, "b1")).toThrow("purser.json")
})

test("a replica with data is restored, word or not; its holder is watched for unless it is known to be dead", () => {
  const start = (given: Partial<Marker>, ours: Local | null = null) =>
    startWithoutData({ ...known, newOn: "2026-11-27" }, marker(given), false, ours, "b1")
  const from = { epoch: 3, format: "0.5", heldMs: 5 } as const
  expect(start({})).toEqual({ kind: "restore", from, watch: true })
  expect(start({ released: true })).toEqual({ kind: "restore", from, watch: false })
  expect(start({ holder: "ours" }, local())).toEqual({ kind: "restore", from, watch: false })
  expect(start({ holder: "ours", boot: "b2" }, local())).toEqual({ kind: "restore", from, watch: true })
  const named = { ...known, instanceId: OTHER }
  expect(() => startWithoutData(named, marker(), false, null, "b1")).toThrow(`belongs to ${INSTANCE}`)
})

test("a replica that never was whole is begun anew by today's word alone", () => {
  const begun = marker({ whole: null })
  expect(() => startWithoutData(known, begun, false, null, "b1")).toThrow("never held a whole copy")
  const word = { ...known, newOn: "2026-11-27" }
  expect(startWithoutData(word, begun, false, null, "b1")).toEqual({ kind: "first" })
  const fresh = { instance: OTHER, epoch: 0 }
  expect(claimWithData(word, fresh, begun, null, at)).toEqual({ kind: "take", epoch: 4, watch: true })
  expect(() => claimWithData(known, fresh, begun, null, at)).toThrow("belongs to")
})

test("a database takes an empty replica, goes on with its own, and refuses another's", () => {
  const claim = (mark: Marker | null, ours: Local | null, epoch: number) =>
    claimWithData(known, data(epoch), mark, ours, at)
  expect(claim(null, null, 0)).toEqual({ kind: "take", epoch: 1, watch: false })
  expect(claim(null, local({ epoch: 7 }), 6)).toEqual({ kind: "take", epoch: 8, watch: false })
  expect(claim(marker({ holder: "ours" }), local(), 3)).toEqual({ kind: "continue", epoch: 3, watch: false })
  expect(claim(marker({ holder: "ours", boot: "b2" }), local(), 3)).toEqual({ kind: "continue", epoch: 3, watch: true })
  expect(claim(marker({ holder: "ours" }), local({ url: "s3://else/where" }), 3)).toEqual({
    kind: "take",
    epoch: 4,
    watch: false,
  })
  expect(claim(marker({ holder: "ours", format: "0.3" }), local({ format: "0.3" }), 3)).toMatchObject({
    kind: "take",
    epoch: 4,
  })
  expect(claim(marker(), null, 3)).toEqual({ kind: "take", epoch: 4, watch: true })
  expect(claim(marker({ released: true }), null, 3)).toEqual({ kind: "take", epoch: 4, watch: false })
  expect(() => claim(marker({ instance: OTHER }), null, 3)).toThrow(`belongs to ${OTHER}`)
})

test("who was replaced never writes again, even when the one that replaced it is gone", () => {
  expect(() => claimWithData(known, data(2), marker(), local({ holder: "old", epoch: 2 }), at)).toThrow(
    "has taken over",
  )
  expect(() => claimWithData(known, data(2), marker({ released: true }), null, at)).toThrow("has taken over")
})

test("a start that was cut after it had taken the right knows its own mark", () => {
  expect(claimWithData(known, data(2), marker({ holder: "ours" }), local(), at)).toMatchObject({
    epoch: 3,
    watch: false,
  })
})

test("the wrong data folder is refused by the name in the settings", () => {
  const named = { ...known, instanceId: OTHER }
  expect(() => claimWithData(named, data(1), null, null, at)).toThrow("PURSER_INSTANCE_ID")
})

test("a standby takes over from silence alone, or by the word of an operator", () => {
  const plan = (given: Partial<Marker> | null, word = { force: false, firstIsOff: false }) =>
    takeover(known, given && marker(given), null, "b2", word)
  const fenced = { fencedAfterMs: 30_000 }
  expect(plan(fenced)).toMatchObject({ watch: true, settle: false })
  expect(plan({ released: true })).toMatchObject({ watch: false, settle: false })
  expect(plan(fenced, { force: true, firstIsOff: false })).toMatchObject({ watch: false, settle: true })
  expect(plan({}, { force: false, firstIsOff: true })).toMatchObject({ watch: false, settle: false })
  // Whoever is cut off and has no fence goes on answering: nobody can see that from here.
  expect(() => plan({})).toThrow("PURSER_REPLICA_FENCE=on")
  expect(() => plan({}, { force: true, firstIsOff: false })).toThrow("--first-is-off")
  expect(() => plan(null)).toThrow("nothing at")
  expect(() => plan({ ...fenced, whole: null })).toThrow("never held a whole copy")
  const named = { ...known, instanceId: OTHER }
  const word = { force: false, firstIsOff: false }
  expect(() => takeover(named, marker(fenced), null, "b2", word)).toThrow("belongs to")
})

test("a standby begins as the first when it has taken over, and sets aside only what is known to be out of date", () => {
  const begin = (mark: Marker | null, pending: string | null, ours: Local | null, epoch: number | null) =>
    standbyBegin(URL, mark, pending, ours, epoch === null ? null : data(epoch))
  expect(begin(null, null, null, null)).toBe("follow")
  expect(begin(marker(), null, null, null)).toBe("follow")
  expect(begin(marker(), null, local(), null)).toBe("follow")
  expect(begin(marker({ holder: "ours" }), null, local(), 3)).toBe("first")
  // Cut in between: with its turn, or with the mark and without the data.
  expect(begin(marker(), "ours", local(), null)).toBe("first")
  expect(begin(marker({ holder: "ours" }), null, local(), null)).toBe("first")
  expect(begin(marker({ holder: "ours" }), "theirs", local(), 2)).toBe("aside")
  expect(begin(marker(), null, local({ holder: "old", epoch: 2 }), 2)).toBe("aside")
  expect(() => begin(marker(), null, null, 3)).toThrow("not out of date")
  expect(() => begin(null, null, null, 3)).toThrow("nothing at")
  expect(() => begin(marker({ instance: OTHER }), null, null, 2)).toThrow("belongs to")
})
