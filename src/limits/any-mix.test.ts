// Limits for any mix of calls, ends and moments.
import { afterEach, beforeEach, expect, test } from "bun:test"
import type { LimitKind } from "./index.ts"
import { spanOf } from "./kinds.ts"
import { demandOf, type Kit, openLimits } from "./testing.ts"
import { Ticket } from "./ticket.ts"

let k: Kit
beforeEach(async () => {
  k = await openLimits()
})
afterEach(() => k.close())

test("any mix of calls, ends and moments does what a naive count says", async () => {
  for (let seed = 1; seed <= 12; seed++) {
    await k.close()
    k = await openLimits()
    const random = seeded(seed)
    const kinds = ["requests_second", "requests_minute", "requests_hour", "requests_day", "tokens_minute", "concurrent"]
    const limit = new Map<string, number>()
    for (const kind of kinds)
      if (random(3) > 0) {
        const amount = kind === "tokens_minute" ? 20 + random(80) : 1 + random(12)
        limit.set(kind, amount)
        await k.set("everybody", "", kind as LimitKind, amount)
      }
    if (random(2) > 0) {
      limit.set("spend_day", 50 + random(400))
      await k.set("everybody", "", "spend_day", limit.get("spend_day")!)
    }
    const passed: { atMs: number; tokens: number; nano: number; ticket: Ticket; open: boolean }[] = []
    const within = (kind: LimitKind, of: (one: (typeof passed)[number]) => number) => {
      const span = kind.split("_")[1] as "day"
      const { startMs } = spanOf(span, k.clock.now())
      return passed.filter(({ atMs }) => atMs >= startMs).reduce((sum, one) => sum + of(one), 0)
    }
    for (let step = 0; step < 150; step++) {
      k.clock.advance([0, 100, 900, 20_000, 2_000_000][random(5)]!)
      const open = passed.filter((one) => one.open)
      if (random(3) === 0 && open.length > 0) {
        const one = open[random(open.length)]!
        one.open = false
        const [tokens, nano] = [random(30), random(one.nano + 1)]
        await k.settle(one.ticket, nano, tokens)
        one.nano = nano
        // A call of another minute leaves this one alone.
        one.tokens = tokens
        continue
      }
      const [tokens, nano] = [random(30), random(60)]
      const fits = (kind: LimitKind, used: number, more: number) => used + more <= (limit.get(kind) ?? 1e12)
      const expected =
        fits(
          "requests_second",
          within("requests_second", () => 1),
          1,
        ) &&
        fits(
          "requests_minute",
          within("requests_minute", () => 1),
          1,
        ) &&
        fits(
          "requests_hour",
          within("requests_hour", () => 1),
          1,
        ) &&
        fits(
          "requests_day",
          within("requests_day", () => 1),
          1,
        ) &&
        fits(
          "tokens_minute",
          within("tokens_minute", (one) => one.tokens),
          tokens,
        ) &&
        fits("concurrent", open.length, 1) &&
        fits(
          "spend_day",
          within("spend_day", (one) => one.nano),
          nano,
        )
      const ticket = k.ask({}, demandOf(tokens))
      const isIn = ticket instanceof Ticket && (await k.hold(ticket, nano)) === null
      expect([seed, step, isIn]).toEqual([seed, step, expected])
      if (isIn) passed.push({ atMs: k.clock.now(), tokens, nano, ticket: ticket as Ticket, open: true })
    }
  }
}, 120_000)

function seeded(seed: number): (max: number) => number {
  let state = seed >>> 0
  return (max) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * max)
  }
}
