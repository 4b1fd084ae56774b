import { describe, expect, test } from "bun:test"
import { Breaker, type Pass } from "./breaker.ts"
import { seeded } from "./testing.ts"

const TERMS = { openMs: 1_000, openMsMax: 8_000, jitter: 0.2 }

/** The same state machine written as plainly as its rules are said. */
class Model {
  state: "closed" | "open" = "closed"
  untilMs = 0
  probe: Pass | null = null
  life = 0
  mayPass = (nowMs: number) => this.state === "closed" || (nowMs >= this.untilMs && this.probe === null)
}

describe("a circuit breaker", () => {
  test("over random histories lets exactly one probe through, and opens and closes by its rules alone", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = seeded(seed)
      const breaker = new Breaker({ ...TERMS, random })
      const model = new Model()
      const running: { pass: Pass; life: number }[] = []
      let nowMs = 1_000_000
      for (let step = 0; step < 200; step++) {
        nowMs += Math.floor(random() * 700)
        expect([seed, step, breaker.freeAtMs(nowMs) === 0]).toEqual([seed, step, model.mayPass(nowMs)])
        const expected = model.state === "closed" ? "closed" : nowMs < model.untilMs ? "open" : "half-open"
        expect(breaker.state(nowMs)).toBe(expected)
        const dice = random()
        if (dice < 0.45) {
          if (!model.mayPass(nowMs)) continue
          const pass = breaker.pass()
          expect(pass.isProbe).toBe(model.state === "open")
          if (pass.isProbe) model.probe = pass
          running.push({ pass, life: model.life })
          continue
        }
        const [ended] = running.splice(Math.floor(random() * running.length), 1)
        if (!ended) continue
        const { pass, life } = ended
        const isNow = life === model.life
        const isProbe = isNow && model.probe === pass
        if (dice < 0.6) {
          breaker.succeeded(pass)
          if (isProbe) {
            model.state = "closed"
            model.probe = null
            model.life++
          }
        } else if (dice < 0.8) {
          const mayOpen = random() < 0.5
          const before = nowMs
          breaker.failed(pass, nowMs, mayOpen)
          if (isProbe || (isNow && mayOpen && model.state === "closed")) {
            model.state = "open"
            model.probe = null
            model.life++
            model.untilMs = breaker.untilMs!
            expect(model.untilMs - before).toBeGreaterThanOrEqual(TERMS.openMs)
            expect(model.untilMs - before).toBeLessThanOrEqual(TERMS.openMsMax * 1.2)
          }
        } else if (dice < 0.9) {
          const ms = Math.floor(random() * 5_000)
          breaker.coolDown(pass, nowMs, ms)
          const isFresh = model.state === "closed" || isProbe
          model.untilMs = Math.max(model.state === "open" ? model.untilMs : 0, nowMs + ms)
          model.state = "open"
          if (isFresh) {
            model.probe = null
            model.life++
          }
        } else {
          breaker.abandoned(pass)
          if (isProbe) model.probe = null
        }
      }
    }
  })

  test("each failed probe doubles the pause, up to the longest; a success begins anew", () => {
    const breaker = new Breaker({ ...TERMS, random: () => 0 })
    let nowMs = 0
    const pauses = [1_000, 2_000, 4_000, 8_000, 8_000].map(() => {
      breaker.failed(breaker.pass(), nowMs, true)
      const pauseMs = breaker.untilMs! - nowMs
      nowMs = breaker.untilMs!
      return pauseMs
    })
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 8_000])
    breaker.succeeded(breaker.pass())
    expect(breaker.state(nowMs)).toBe("closed")
    breaker.failed(breaker.pass(), nowMs, true)
    expect(breaker.untilMs).toBe(nowMs + 1_000)
  })

  test("chance lengthens a pause, never shortens it", () => {
    for (const draw of [0, 0.5, 0.999]) {
      const breaker = new Breaker({ ...TERMS, random: () => draw })
      breaker.failed(breaker.pass(), 0, true)
      expect(breaker.untilMs!).toBeCloseTo(1_000 * (1 + 0.2 * draw), 5)
    }
  })

  test("calls of an earlier life decide nothing", () => {
    const breaker = new Breaker({ ...TERMS, random: () => 0 })
    const [old, older] = [breaker.pass(), breaker.pass()]
    breaker.failed(breaker.pass(), 0, true)
    breaker.succeeded(old)
    expect(breaker.state(10)).toBe("open")
    const probe = breaker.pass()
    expect(breaker.freeAtMs(1_500)).toBe(Number.POSITIVE_INFINITY)
    breaker.failed(older, 1_500, true)
    breaker.succeeded(probe)
    expect(breaker.state(1_500)).toBe("closed")
  })

  test("a probe that nobody waited for makes room for the next", () => {
    const breaker = new Breaker({ ...TERMS, random: () => 0 })
    breaker.failed(breaker.pass(), 0, true)
    breaker.abandoned(breaker.pass())
    expect(breaker.freeAtMs(1_000)).toBe(0)
  })
})
