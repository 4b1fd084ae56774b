// /keys/:key/limits: how much a key may ask for and spend, and how much of it is used.
import { KeyLimitsPage, type KeyUseRow } from "../../../views/console/key-limits.tsx"
import { keyPath } from "../../../views/console/keys.tsx"
import { ensure, type Nano, nano } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import type { ApiKeyShown } from "../../keys/index.ts"
import { amountWords, isSpend, KINDS, type LimitKind, type LimitUse } from "../../limits/index.ts"
import { newValues, type PageRequest, undoTo } from "../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "keys" | "limits" | "clock">

const RATE = "Requests"
const SPEND = "Spend"
const count = (kind: LimitKind) => field.count({ label: KINDS[kind].label, optional: true, group: RATE })
const money = (kind: LimitKind) => field.credits({ label: KINDS[kind].label, optional: true, group: SPEND })

/** Names are the kinds', so that what `limits` says of one stands at its field. */
const FORM = form(
  {
    requests_minute: count("requests_minute"),
    requests_day: count("requests_day"),
    tokens_minute: count("tokens_minute"),
    tokens_request: count("tokens_request"),
    concurrent: count("concurrent"),
    spend_day: money("spend_day"),
    spend_week: money("spend_week"),
    spend_month: money("spend_month"),
    spend_total: money("spend_total"),
  },
  { submit: "Save limits" },
)

interface Case {
  key: ApiKeyShown
  own: LimitUse[]
  operator: LimitUse[]
}

export function keyLimitsRoutes(site: ConsoleSite, deps: Deps): void {
  site.form("/keys/:key/limits", {
    load: (page, { key }) => caseOf(deps, page, key),
    form: FORM,
    present: presentOf,
    fresh: (limits, before) => isRaised(presentOf(before), limits),
    async act(page, limits, before) {
      const { id: keyId, publicId: keyPublicId, name } = before.key
      await deps.limits.setKeyLimits(page.ctx("limited an API key"), { keyId, keyPublicId, limits })
      const path = `${keyPath(keyPublicId)}/limits`
      const was = presentOf(before)
      const words = newValues(FORM, was, limits)
      if (words === "") return { to: path, say: "Nothing was changed." }
      return { to: path, say: `${name}, from the next call on: ${words}.`, undo: undoTo(path, FORM, was) }
    },
    show: (page, form, { key, own, operator }, status) =>
      page.render((frame) => {
        const apiKey = { id: key.publicId, name: key.name }
        return KeyLimitsPage({
          frame,
          now: deps.clock.now(),
          apiKey,
          used: own.map(rowOf),
          operator: operator.map(amountWords),
          form,
        })
      }, status),
  })
}

function caseOf({ keys, limits }: Deps, page: PageRequest, id: string): Case {
  const key = keys.byPublicId(page.holder.id, id)
  ensure(key && key.revokedMs === null, "not_found", "There is no such key. Your keys are listed under API keys.")
  return { key, ...limits.keyLimits({ keyId: key.id, payerId: key.payerId }) }
}

/** Whether one of them lets more through than before; null is no limit at all. */
const isRaised = (was: ReturnType<typeof presentOf>, now: ReturnType<typeof presentOf>): boolean =>
  (Object.keys(was) as (keyof typeof was)[]).some(
    (kind) => was[kind] !== null && (now[kind] === null || now[kind] > was[kind]),
  )

const amountOf = (own: readonly LimitUse[], kind: LimitKind): number | null =>
  own.find((one) => one.kind === kind)?.amount ?? null

function presentOf({ own }: Case) {
  const money = (kind: LimitKind): Nano | null => {
    const amount = amountOf(own, kind)
    return amount === null ? null : nano(amount)
  }
  return {
    requests_minute: amountOf(own, "requests_minute"),
    requests_day: amountOf(own, "requests_day"),
    tokens_minute: amountOf(own, "tokens_minute"),
    tokens_request: amountOf(own, "tokens_request"),
    concurrent: amountOf(own, "concurrent"),
    spend_day: money("spend_day"),
    spend_week: money("spend_week"),
    spend_month: money("spend_month"),
    spend_total: money("spend_total"),
  }
}

/** What is used of a limit; calls under way hold what they may come to. */
function rowOf({ kind, amount, used, held, endMs }: LimitUse): KeyUseRow {
  return {
    label: KINDS[kind].label,
    unit: isSpend(kind) ? "credits" : "count",
    limit: amount,
    used: used + held,
    endMs,
    isShown: kind !== "tokens_request",
  }
}
