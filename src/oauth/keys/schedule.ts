// Rotation without anybody asking: when the keys have signed for as many days as the operator set.
import { DAY_MS } from "../../app/index.ts"
import type { Core } from "../core.ts"

/** @param days 0 = never. @returns whether they were rotated. @throws AppError conflict, unavailable: the job tries again */
export async function rotateWhenDue(core: Core, days: number): Promise<boolean> {
  if (days === 0 || core.keys.ageMs < days * DAY_MS) return false
  const ctx = {
    actor: "system:rotate-signing-keys",
    requestId: core.ids.next("job"),
    reason: `signed for ${days} days`,
  }
  await core.keys.rotate(ctx, false)
  return true
}
