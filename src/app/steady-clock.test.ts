// Time of the server over clocks that jump at random. Same seed, same run.
import { expect, test } from "bun:test"
import { DAY_MS, HOUR_MS, MINUTE_MS, VirtualClock } from "./clock.ts"
import { steadyClock } from "./steady-clock.ts"

function seeded(seed: number): (max: number) => number {
  let state = seed >>> 0
  return (max) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * max)
  }
}

test("a clock that is right is followed to the millisecond", () => {
  const machine = new VirtualClock()
  const clock = steadyClock(machine)
  for (const ms of [0, 1, 1, 7, DAY_MS, 1]) {
    machine.advance(ms)
    expect(clock.now()).toBe(machine.now())
  }
  expect(clock.aheadMs()).toBe(0)
})

test("set back, time goes on at half its pace, and is the machine's again when that has caught up", () => {
  const machine = new VirtualClock()
  const clock = steadyClock(machine)
  const startMs = clock.now()
  machine.advance(-2 * HOUR_MS)
  expect(clock.now()).toBe(startMs)
  expect(clock.aheadMs()).toBe(2 * HOUR_MS)
  machine.advance(MINUTE_MS)
  expect(clock.now()).toBe(startMs + MINUTE_MS / 2)
  machine.advance(4 * HOUR_MS - MINUTE_MS)
  expect(clock.now()).toBe(machine.now())
  // Put right before that: at once.
  machine.advance(-DAY_MS)
  clock.now()
  machine.advance(2 * DAY_MS)
  expect(clock.now()).toBe(machine.now())
})

test("it starts where the newest commit was", () => {
  const machine = new VirtualClock()
  const clock = steadyClock(machine)
  clock.startFrom(machine.now() + DAY_MS)
  expect(clock.now()).toBe(machine.now() + DAY_MS)
  clock.startFrom(machine.now())
  expect(clock.now()).toBe(machine.now() + DAY_MS)
})

test("over any jumps: whole, never back, never behind the machine, and always going on while the machine's clock does", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = seeded(seed)
    const machine = new VirtualClock()
    const clock = steadyClock(machine)
    let before = clock.now()
    for (let step = 0; step < 200; step++) {
      const passed = random(8) === 0 ? random(4 * DAY_MS) - 2 * DAY_MS : random(10) * 2
      machine.advance(passed)
      const now = clock.now()
      expect(Number.isInteger(now)).toBe(true)
      expect(now).toBeGreaterThanOrEqual(Math.max(before + Math.floor(Math.max(0, passed) / 2), machine.now()))
      before = now
    }
  }
})
