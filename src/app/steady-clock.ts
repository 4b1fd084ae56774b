// Time as the server goes by it: never back, although a machine's clock may be set back. What was committed, sent or limited at a moment
// stays in the past then: codes end, mail leaves, windows roll on. Time goes on at half its pace until the machine's clock has caught up.
import type { Clock } from "./clock.ts"

export interface SteadyClock extends Clock {
  /** How far it is ahead of the machine's clock, ms; 0 unless that was set back. */
  aheadMs(): number
  /** It was this time already, as the newest commit knows. */
  startFrom(ms: number): void
}

/** Pure: what passes is told by the machine's clock alone, looked at each time somebody asks. */
export function steadyClock(machine: Clock): SteadyClock {
  let lastMs = machine.now()
  let ahead = 0
  const now = (): number => {
    const ms = machine.now()
    const passed = ms - lastMs
    lastMs = ms
    if (passed < 0) ahead -= passed
    else if (ahead > 0) ahead = Math.max(0, ahead - passed / 2)
    return Math.floor(ms + ahead)
  }
  return {
    now,
    aheadMs: () => now() - lastMs,
    startFrom(ms) {
      ahead = Math.max(ahead, ms - machine.now())
    },
  }
}
