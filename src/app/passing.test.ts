import { edenGC, fullGC, heapStats } from "bun:jsc"
import { expect, test } from "bun:test"
import { Passing } from "./passing.ts"

test("is a map, also across the maps it is made of", () => {
  const passing = new Passing<number, string>()
  const plain = new Map<number, string>()
  for (let step = 0; step < 2_000; step++) {
    const key = (step * 7_919) % 97
    if (step % 3 === 0) expect(passing.delete(key)).toBe(plain.delete(key))
    else {
      passing.set(key, `${step}`)
      plain.set(key, `${step}`)
    }
    expect(passing.size).toBe(plain.size)
    expect(passing.get(key)).toBe(plain.get(key))
    expect(passing.has(key)).toBe(plain.has(key))
  }
  expect([...passing.values()].sort()).toEqual([...plain.values()].sort())
  passing.clear()
  expect([passing.size, passing.get(1)]).toEqual([0, undefined])
})

test("what left while its values are walked does not disturb the walk", () => {
  const passing = new Passing<number, number>()
  for (let at = 0; at < 100; at++) passing.set(at, at)
  const seen: number[] = []
  for (const value of passing.values()) {
    seen.push(value)
    passing.delete(value)
  }
  expect(seen).toEqual(Array.from({ length: 100 }, (_, at) => at))
  expect(passing.size).toBe(0)
})

test("what left it is collected without a full collection", () => {
  class Call {
    readonly body = new Float32Array(4)
  }
  const passing = new Passing<number, Call>()
  fullGC()
  for (let at = 0; at < 20_000; at++) {
    passing.set(at, new Call())
    passing.delete(at - 32)
    if (at % 1_000 === 0) edenGC()
  }
  edenGC()
  // A Map keeps all 20,000.
  expect(heapStats().objectTypeCounts.Float32Array ?? 0).toBeLessThan(5_000)
})
