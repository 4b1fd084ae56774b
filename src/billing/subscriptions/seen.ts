// What a person was shown of a change before they confirm it, sealed: it travels with the form and comes back as it was, so that whoever
// confirms has seen this very price, or is asked again.
import { AppError, constantTimeEqual, ensure, MINUTE_MS, type UserId } from "../../app/index.ts"
import type { BillingDeps } from "../types.ts"
import type { PlannedChange, Seen } from "./types.ts"

/** What was seen longer ago is asked again. */
const SEEN_MS = 30 * MINUTE_MS
const PURPOSE = "plan-seen"
const CHARS_MAX = 1_000

/** What counts of it: a change that differs in one of these is another one. */
interface Shown {
  kind: PlannedChange["kind"]
  planCode: string
  months: number
  priceNano: number
  /** What is taken now. */
  dueNano: number
  /** Since when what is left of the period is counted; or when it comes. */
  atMs: number
}

type Unsealed = PlannedChange extends infer One ? (One extends PlannedChange ? Omit<One, "seal"> : never) : never

const shownOf = (planned: Unsealed): Shown => ({
  kind: planned.kind,
  planCode: planned.plan.code,
  months: "months" in planned ? planned.months : 0,
  priceNano: "priceNano" in planned ? planned.priceNano : 0,
  dueNano: planned.kind === "now" ? planned.now.dueNano : 0,
  atMs: planned.kind === "now" ? planned.now.atMs : "atMs" in planned ? planned.atMs : 0,
})

/** For this person and this moment alone. */
export function sealedIn({ keyring, clock }: BillingDeps, userId: UserId, planned: Unsealed): PlannedChange {
  const text = Buffer.from(JSON.stringify({ userId, shownMs: clock.now(), ...shownOf(planned) })).toString("base64url")
  return { ...planned, seal: `${text}.${keyring.hmac(PURPOSE, text)}` } as PlannedChange
}

/** @throws AppError conflict for what nobody was shown, not to this person, or a while ago */
function openedBy({ keyring, clock }: BillingDeps, userId: UserId, seal: string): Shown {
  const [text = "", mac = ""] = seal.length > CHARS_MAX ? [] : seal.split(".")
  const isOurs = keyring.hmacs(PURPOSE, text).some((one) => constantTimeEqual(one, mac))
  ensure(isOurs, "conflict", "Look at what it costs before you confirm.")
  const shown = JSON.parse(Buffer.from(text, "base64url").toString()) as Shown & { userId: UserId; shownMs: number }
  ensure(shown.userId === userId, "conflict", "Look at what it costs before you confirm.")
  const ageMs = clock.now() - shown.shownMs
  ensure(ageMs >= 0 && ageMs <= SEEN_MS, "conflict", "That was shown a while ago. Look again before you confirm.")
  return shown
}

export interface Confirmed {
  /** What is left of the period is counted from then, ms; null = nothing was shown that is taken now. */
  atMs: number | null
  /** @throws AppError conflict where something else would happen than was shown */
  check(planned: Unsealed): void
}

/** What somebody confirms: by the seal of the page, or, as programs do, by the amount and its moment. @throws AppError conflict */
export function confirmedBy(deps: BillingDeps, userId: UserId, seen: Seen | null): Confirmed {
  if (seen === null) return { atMs: null, check: refuseUnseen }
  if ("seal" in seen) {
    const shown = openedBy(deps, userId, seen.seal)
    return {
      atMs: shown.kind === "now" ? shown.atMs : null,
      check: (planned) => refuseOther(shown, shownOf(planned)),
    }
  }
  const ageMs = deps.clock.now() - seen.atMs
  const isRecent = Number.isSafeInteger(seen.atMs) && seen.atMs % 1_000 === 0 && ageMs >= 0 && ageMs <= SEEN_MS
  ensure(isRecent, "conflict", "That was shown a while ago. Look again before you confirm.")
  return {
    atMs: seen.atMs,
    check: (planned) => (planned.kind === "now" ? refuseOtherDue(planned.now.dueNano, seen.dueNano) : undefined),
  }
}

/** Whatever takes money now, or changes what is taken later, was to be seen. */
function refuseUnseen({ kind }: Unsealed): void {
  ensure(kind === "same" || kind === "end", "conflict", "Look at what it costs before you confirm.")
}

function refuseOtherDue(dueNano: number, seenNano: number): void {
  if (dueNano !== seenNano)
    throw new AppError("conflict", "It costs another amount now than was shown. Look again before you confirm.")
}

function refuseOther(shown: Shown, now: Shown): void {
  // Done already: the same form came twice.
  if (now.kind === "same") return
  if (shown.kind === now.kind && now.kind === "now") refuseOtherDue(now.dueNano, shown.dueNano)
  const names = ["kind", "planCode", "months", "priceNano", "atMs"] as const
  ensure(
    names.every((name) => shown[name] === now[name]),
    "conflict",
    "Something else would happen now than was shown. Look again before you confirm.",
  )
}
