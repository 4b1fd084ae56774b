// How much work a sign-up costs now: by rows that count sign-ups of the hour, of a network and in all.
import { limiter } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { networkOf } from "../rules.ts"
import { throttleView } from "../store/throttles.ts"
import { askOf } from "../throttle.ts"
import type { Visitor } from "../types.ts"
import { FLOOD, numbersFor, TIERS } from "./rules.ts"
import { SIGN_UP_WORK } from "./setting.ts"

/** What one sign-up counts towards; each rule by itself. */
export const countsOf = (core: Core, visitor: Pick<Visitor, "ip">) => ({
  fromNetwork: askOf(core, FLOOD.fromNetwork, networkOf(visitor.ip)),
  inAll: askOf(core, FLOOD.inAll, ""),
})

/** @returns how many numbers there are to try; null: none */
export function demandOf(core: Core, reader: Reader, visitor: Pick<Visitor, "ip">, nowMs: number): number | null {
  const mode = core.settings.get(SIGN_UP_WORK)
  if (mode === "never") return null
  const states = limiter.rowStates(throttleView(reader))
  const seen = (ask: limiter.LimitAsk): number => {
    const [standing] = limiter.decide(states, [{ ...ask, weight: 0 }], nowMs).standings
    return standing!.limit - standing!.remaining
  }
  const { fromNetwork, inAll } = countsOf(core, visitor)
  const numbersMax = numbersFor({ fromNetwork: seen(fromNetwork), inAll: seen(inAll) })
  return mode === "always" ? (numbersMax ?? TIERS[0]!.numbersMax) : numbersMax
}
