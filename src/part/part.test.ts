import { expect, test } from "bun:test"
import { UserId } from "../app/index.ts"
import { field } from "../http/index.ts"
import type { Letter, Running, Setting } from "./index.ts"
import { createLifecycle, declared, type Lifecycle, merged } from "./index.ts"

const letter: Letter<null> = { kind: "greeting", subject: () => "Hello", body: () => ["Hello."], sample: null }
const setting: Setting<string> = {
  key: "test.word",
  group: "Test",
  field: field.text({ label: "Word" }),
  default: "a",
  problem: () => null,
}
const job = { name: "tidy", everyMs: 1, run: async () => false }
const step = { key: "first", order: 1, label: "First", isDone: () => true, remedy: "" }

test("contributions come together in the order of the parts", async () => {
  const told: string[] = []
  const check = (label: string) => () => ({ label, state: "ok", text: "well" }) as const
  const recover = (name: string) => async () => void told.push(name)
  const {
    checks,
    jobs,
    recover: recoverAll,
  } = merged([
    { jobs: [job], checks: [check("One"), () => [check("Two")(), check("Three")()]], recover: recover("one") },
    {},
    { jobs: [{ ...job, name: "sweep" }], checks: [check("Four")], recover: recover("two") },
  ])
  expect(checks().map(({ label }) => label)).toEqual(["Four", "One", "Two", "Three"])
  expect(jobs.map(({ name }) => name)).toEqual(["tidy", "sweep"])
  await recoverAll()
  expect(told).toEqual(["one", "two"])
})

test("a recovery that fails keeps the server from starting, and those after it do not run", async () => {
  const told: string[] = []
  const house = merged([
    { recover: () => Promise.reject(new Error("no")) },
    { recover: async () => void told.push("late") },
  ])
  await expect(house.recover()).rejects.toThrow("no")
  expect(told).toEqual([])
})

test("what follows the closed database runs in the order of the parts; figures and reasons not to be ready come together", async () => {
  const told: string[] = []
  const red = { name: "late", text: "The replica is behind." }
  const gauge = { kind: "gauge", name: "lag_seconds", help: "Lag.", read: () => 1 } as const
  const house = merged([
    { closed: async () => void told.push("one"), ready: [() => null], metrics: [gauge] },
    { closed: async () => void told.push("two"), ready: [() => red] },
  ])
  await house.closed()
  expect(told).toEqual(["one", "two"])
  expect(house.notReady()).toEqual([red])
  expect(house.metrics).toEqual([gauge])
  expect(() => merged([{ metrics: [gauge] }, { metrics: [gauge] }])).toThrow("two parts contribute the metric")
})

test("two parts that claim one name are refused, whatever it names", () => {
  const read = () => 1
  const twice = {
    part: () => declared([{ name: "a" }, { name: "a" }]),
    letter: () =>
      declared([
        { name: "a", letters: [letter] },
        { name: "b", letters: [letter] },
      ]),
    setting: () => declared([{ name: "a", settings: [setting, setting] }]),
    read: () =>
      declared([
        { name: "a", reads: { "x.y": read } },
        { name: "b", streams: { "x.y": () => [] } },
      ]),
  }
  for (const [what, merge] of Object.entries(twice)) expect(merge).toThrow(`two parts contribute the ${what}`)
  const handlers = { mail: async () => {} }
  const running: Record<string, Running[]> = {
    job: [{ jobs: [job] }, { jobs: [job] }],
    "outbox topic": [{ handlers }, { handlers }],
    "first-run step": [{ firstRun: [step, step] }],
  }
  for (const [what, parts] of Object.entries(running))
    expect(() => merged(parts)).toThrow(`two parts contribute the ${what}`)
})

test("an act reaches every part in order; one with nothing to do is passed over", () => {
  const told: string[] = []
  const hooks = (name: string): Lifecycle => ({
    suspended: (_tx, person) => void told.push(`${name} ${person.publicId}`),
    reinstated: { nothing: "a test" },
    passwordChanged: { nothing: "a test" },
    erased: { nothing: "a test" },
  })
  const lifecycle = createLifecycle()
  lifecycle.add("one", hooks("one"))
  lifecycle.add("two", hooks("two"))
  lifecycle.tellIn(null as never, "suspended", { id: UserId(1), publicId: "usr_1" })
  lifecycle.tellIn(null as never, "reinstated", { id: UserId(1), publicId: "usr_1" })
  expect(told).toEqual(["one usr_1", "two usr_1"])
  expect(() => lifecycle.add("one", hooks("one"))).toThrow("once")
})
