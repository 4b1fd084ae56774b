// The address of /admin/audit: who, what, about whom, which days, which preset; and the search it asks for.
import type { AuditFilterProps, AuditPreset } from "../../../views/admin/audit.tsx"
import type { Keep } from "../../../views/ui/index.ts"
import { DAY_MS, dayOf } from "../../app/index.ts"
import { auditActions, auditActors } from "../../audit/index.ts"
import { TOPICS } from "../../part/index.ts"
import { labelOfAction } from "./audit-entries.ts"
import { meantBy } from "./audit-meant.ts"
import type { AdminDeps } from "./site.ts"
import type { AuditSearch } from "./store-audit.ts"

const RANGES = { "7d": 7, "30d": 30, "90d": 90 } as const
const TEXT_CHARS_MAX = 200
const PRESETS: readonly AuditPreset[] = ["all", "admins", ...TOPICS]

export interface AuditAddress {
  filter: AuditFilterProps
  /** As it stands in the address, without the place. */
  query: Keep
  beforeId: number | undefined
  /** Runs are one row each. */
  isFolded: boolean
  fromMs: number | undefined
  toMs: number | undefined
}

export function readAddress(deps: AdminDeps, params: URLSearchParams): AuditAddress {
  const text = (name: string) => (params.get(name) ?? "").trim().slice(0, TEXT_CHARS_MAX)
  const nowMs = deps.clock.now()
  const asked = text("range")
  const isDays = Object.hasOwn(RANGES, asked)
  const from = asked === "custom" ? text("from") : ""
  const to = asked === "custom" ? text("to") : ""
  const preset = PRESETS.find((one) => one === text("show")) ?? "all"
  const filter: AuditFilterProps = {
    q: text("q"),
    actor: text("actor"),
    action: text("action"),
    subject: text("subject"),
    preset,
    from,
    to,
    range: isDays ? (asked as keyof typeof RANGES) : asked === "custom" ? "custom" : null,
    today: new Date(nowMs).toISOString().slice(0, 10),
    actions: auditActions(deps.store.read)
      .map((value) => ({ value, label: labelOfAction(deps, value) }))
      .toSorted((a, b) => a.label.localeCompare(b.label, "en")),
    error: null,
  }
  const { q, actor, action, subject, range } = filter
  const isFolded = params.get("fold") !== "0"
  const query: Keep = {
    q,
    show: preset === "all" ? undefined : preset,
    actor,
    action,
    subject,
    range: range ?? undefined,
    from,
    to,
    fold: isFolded ? undefined : "0",
  }
  const span = isDays
    ? { fromMs: (dayOf(nowMs) - RANGES[asked as keyof typeof RANGES] + 1) * DAY_MS, toMs: undefined }
    : daysOf(filter)
  const before = Number(params.get("before") ?? "")
  const beforeId = Number.isSafeInteger(before) && before > 0 ? before : undefined
  return { filter, query, beforeId, isFolded, ...span }
}

/** The days chosen; what is wrong with them goes into the filter. */
function daysOf(filter: AuditFilterProps): { fromMs: number | undefined; toMs: number | undefined } {
  const fromMs = filter.from ? Date.parse(`${filter.from}T00:00:00Z`) : undefined
  const lastMs = filter.to ? Date.parse(`${filter.to}T00:00:00Z`) : undefined
  if (Number.isNaN(fromMs) || Number.isNaN(lastMs))
    filter.error = "One of these days does not exist. Choose both again."
  else if (fromMs !== undefined && lastMs !== undefined && fromMs > lastMs)
    filter.error = "The first day is after the last. Change one of them."
  return { fromMs, toMs: lastMs === undefined ? undefined : lastMs + DAY_MS }
}

/** @returns null when nothing can be found */
export function searchOf(deps: AdminDeps, address: AuditAddress, limit: number): AuditSearch | null {
  const { filter, beforeId, fromMs, toMs } = address
  if (filter.error !== null) return null
  const reader = deps.store.read
  const meant = meantBy({ ...deps, reader }, filter)
  if (meant === null) return null
  const isOfTopic = (action: string) => deps.sentences[action]?.topic === filter.preset
  const ofPreset =
    filter.preset === "all" || filter.preset === "admins"
      ? null
      : filter.actions.map((one) => one.value).filter(isOfTopic)
  const actions = filter.action ? (ofPreset?.filter((one) => one === filter.action) ?? [filter.action]) : ofPreset
  const admins = filter.preset === "admins" ? [...auditActors(reader, "admin:"), ...auditActors(reader, "cli")] : null
  if (!admins) return { ...meant, actions, fromMs, toMs, beforeId, limit }
  const any = admins.flatMap((actor) =>
    (meant.any ?? [{}]).flatMap((one) => (one.actor && one.actor !== actor ? [] : { ...one, actor })),
  )
  const by = meant.looked?.actors
  const looked = meant.looked && { ...meant.looked, actors: by ? by.filter((one) => admins.includes(one)) : admins }
  return { ...meant, any, looked, actions, fromMs, toMs, beforeId, limit }
}
