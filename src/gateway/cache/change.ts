// Turns the cache of a key or an app on and off, and forgets what is over.
import { AppError } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Store, Tx } from "../../store/index.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import type { Gateway } from "../types.ts"
import { type CacheOwned, deleteOver, secondsOf, setSeconds } from "./store.ts"
import type { Switches } from "./switches.ts"

const SWEEP = {
  actor: "system:forget-cached-answers",
  requestId: "job:forget-cached-answers",
  reason: "their time is over",
}

export const cacheVerbs = (
  store: Store,
  switches: Switches,
): Pick<Gateway, "forgetCached" | "cacheSeconds" | "setCacheIn"> => ({
  forgetCached: (rows) => store.write(SWEEP, (tx) => deleteOver(tx, rows)),
  cacheSeconds: (of) => switches.of(of),
  setCacheIn: (tx, of, seconds) => setCacheIn(switches, tx, of, seconds),
})

function setCacheIn(switches: Switches, tx: Tx, of: CacheOwned, seconds: number): void {
  if (!Number.isSafeInteger(seconds) || seconds < 0 || seconds > GATEWAY_LIMITS.cacheSecondsMax)
    throw new AppError("validation_failed", `Give 0 to ${GATEWAY_LIMITS.cacheSecondsMax} seconds.`, {
      formErrors: { seconds: `Give 0 to ${GATEWAY_LIMITS.cacheSecondsMax} seconds.` },
    })
  const before = secondsOf(tx, of)
  if (before === seconds) return
  auditIn(tx, { action: "cache.set", subject: of.subject, before: { seconds: before }, after: { seconds } })
  setSeconds(tx, of, seconds)
  switches.changedIn(tx)
}
