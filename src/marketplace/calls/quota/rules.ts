// Units of quotas, decided: what a call uses, what of it lies above, and when somebody is told. Pure.
import type { QuotaStanding } from "../types.ts"

/** Parts of a quota at which its person is told, in percent. */
const TOLD_AT = [80, 100] as const
export type ToldAt = (typeof TOLD_AT)[number]

export interface UnitsVerdict {
  /** Units above a quota, each counted once however many quotas it is above. */
  above: number
  /** The quota that has too little left and is longest in coming back; null = all have enough, or what is above may be paid. */
  refusedBy: QuotaStanding | null
}

/** @param mayExceed what is above is paid */
export function judgeUnits(standings: readonly QuotaStanding[], weight: number, mayExceed: boolean): UnitsVerdict {
  let above = 0
  let refusedBy: QuotaStanding | null = null
  for (const one of standings) {
    const missing = Math.min(weight, Math.max(0, one.used + weight - one.limit))
    if (missing === 0) continue
    above = Math.max(above, missing)
    if (!refusedBy || one.endMs > refusedBy.endMs) refusedBy = one
  }
  return { above, refusedBy: mayExceed ? null : refusedBy }
}

/** Which parts are passed by these units, the last one only: nobody is told of 80 and 100 percent in one breath. */
export function passedBy({ limit, used }: QuotaStanding, weight: number): ToldAt | null {
  if (weight === 0 || limit === 0) return null
  let passed: ToldAt | null = null
  for (const percent of TOLD_AT) {
    const at = Math.ceil((limit * percent) / 100)
    if (used < at && used + weight >= at) passed = percent
  }
  return passed
}

/** Floor 0: a smaller plan takes nothing back. */
export const remainingOf = ({ limit, used }: Pick<QuotaStanding, "limit" | "used">): number => Math.max(0, limit - used)
