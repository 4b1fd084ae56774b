// What auto-recharge contributes: its messages, and the looks that need nobody to notice anything.
import { DAY_MS } from "../../app/index.ts"
import type { Deliver, Job } from "../../part/index.ts"
import { BILLING_LIMITS as L } from "../limits.ts"
import { DETACH_TOPIC } from "./cards.ts"
import { CHARGE_TOPIC } from "./look.ts"
import type { Recharges } from "./types.ts"

export const rechargeHandlers = (recharges: Recharges): Record<string, Deliver> => ({
  [CHARGE_TOPIC]: ({ payload }) => recharges.charge((payload as { order: string }).order),
  [DETACH_TOPIC]: ({ payload }) => recharges.detach((payload as { method: string }).method),
})

export function rechargeJobs(recharges: Recharges): Job[] {
  let after = 0
  return [
    {
      // What was noticed lives in memory: a wallet that nobody told of, or that expired, is found here.
      name: "look-for-recharges",
      everyMs: L.rechargeLookMs,
      atStart: true,
      sliceRows: 100,
      async run({ rows }) {
        after = (await recharges.lookAt(after, rows)) ?? 0
        return after > 0
      },
    },
    { name: "warn-of-cards", everyMs: DAY_MS, atStart: true, run: () => recharges.warnOfCards().then(() => false) },
  ]
}
