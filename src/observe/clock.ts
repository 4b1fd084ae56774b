// Whether the machine's clock is behind what was committed: time in the books never runs backwards, so it stands still meanwhile.
import { type Clock, MINUTE_MS } from "../app/index.ts"
import type { Check } from "../part/index.ts"
import type { Store } from "../store/index.ts"

/** Clocks of two machines differ by less. */
export const CLOCK_BEHIND_MS_MAX = 5 * MINUTE_MS

/** @returns by how much it is behind, ms; 0 = it is right, or too little off to matter */
export function clockBehindMs({ stats }: Pick<Store, "stats">, clock: Clock): number {
  const behind = stats.lastCommitMs - clock.now()
  return behind > CLOCK_BEHIND_MS_MAX ? behind : 0
}

/** Nothing while it is right. */
export function clockCheck(store: Pick<Store, "stats">, clock: Clock): Check[] {
  const behind = clockBehindMs(store, clock)
  if (behind === 0) return []
  return [
    {
      label: "Clock",
      href: "/admin/system",
      state: "bad",
      text: `${Math.ceil(behind / MINUTE_MS)} minutes behind the newest change`,
      remedy:
        "Set the clock of the machine and let it be synchronised: until then time stands still here, and limits and links do not end.",
    },
  ]
}
