// /admin/audit and the audit of one account: filters as an address, pages by key.
import {
  AdminAuditPage,
  AdminUserAuditPage,
  type AuditEntryRow,
  type AuditFilterProps,
} from "../../../views/admin/audit.tsx"
import { withQuery } from "../../../views/ui/index.ts"
import { DAY_MS, dayOf, LIMITS } from "../../app/index.ts"
import { type AuditRow, auditActions, auditPage } from "../../audit/index.ts"
import type { PageRequest } from "../base/index.ts"
import { actorName, actorsTyped, idTyped, labelOf, userOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const ROWS = LIMITS.historyPageRows
const RANGES = { "7d": 7, "30d": 30, "90d": 90 } as const

export function auditRoutes(site: AdminSite, deps: AdminDeps): void {
  site.get("/admin/audit", (page) => everything(deps, page))
  site.get("/admin/users/:user/audit", (page, { user }) => ofUser(deps, page, user))
}

function everything(deps: AdminDeps, page: PageRequest): Response {
  const params = new URL(page.request.url).searchParams
  const now = deps.clock.now()
  const { filter, fromMs, toMs } = filterOf(params, now)
  const found =
    filter.error === null
      ? auditPage(deps.store.read, {
          actors: filter.actor ? actorsTyped(deps, filter.actor) : undefined,
          action: filter.action || undefined,
          subject: filter.subject ? idTyped(deps, filter.subject) : undefined,
          fromMs,
          toMs,
          beforeId: idOf(params.get("before")),
          limit: ROWS + 1,
        })
      : []
  const { actor, action, subject, range, from, to } = filter
  const query = { actor, action, subject, range: range ?? undefined, from, to }
  const props = {
    now,
    filter: { ...filter, actions: auditActions(deps.store.read) },
    ...pageOf(deps, found, (before) => withQuery("/admin/audit", { ...query, before })),
    newerHref: params.has("before") ? withQuery("/admin/audit", query) : undefined,
  }
  return page.render((frame) => AdminAuditPage({ frame, ...props }))
}

function ofUser(deps: AdminDeps, page: PageRequest, id: string): Response {
  const user = userOf(deps, id)
  const before = idOf(new URL(page.request.url).searchParams.get("before"))
  const path = `/admin/users/${user.publicId}/audit`
  const found = auditPage(deps.store.read, { subject: user.publicId, beforeId: before, limit: ROWS + 1 })
  const props = {
    now: deps.clock.now(),
    user: { id: user.publicId, label: labelOf(user) },
    ...pageOf(deps, found, (next) => withQuery(path, { before: next })),
    newerHref: before === undefined ? undefined : path,
  }
  return page.render((frame) => AdminUserAuditPage({ frame, ...props }))
}

function pageOf(deps: AdminDeps, found: AuditRow[], older: (before: string) => string) {
  const shown = found.slice(0, ROWS)
  const last = shown.at(-1)
  const subject = once((id) => subjectOf(deps, id))
  const actor = once((id) => actorName(deps, id))
  return {
    entries: shown.map((row) => entryOf(row, subject(row.subject), actor(row.actor))),
    olderHref: found.length > ROWS && last ? older(String(last.id)) : undefined,
  }
}

function idOf(text: string | null): number | undefined {
  const id = Number(text ?? "")
  return Number.isSafeInteger(id) && id > 0 ? id : undefined
}

function filterOf(params: URLSearchParams, nowMs: number) {
  const text = (name: string) => (params.get(name) ?? "").trim().slice(0, 200)
  const asked = text("range")
  const isDays = Object.hasOwn(RANGES, asked)
  const from = asked === "custom" ? text("from") : ""
  const to = asked === "custom" ? text("to") : ""
  const filter: Omit<AuditFilterProps, "actions"> = {
    actor: text("actor"),
    action: text("action"),
    subject: text("subject"),
    from,
    to,
    error: null,
    range: isDays ? (asked as keyof typeof RANGES) : asked === "custom" ? "custom" : null,
    today: new Date(nowMs).toISOString().slice(0, 10),
  }
  if (isDays) {
    const days = RANGES[asked as keyof typeof RANGES]
    return { filter, fromMs: (dayOf(nowMs) - days + 1) * DAY_MS, toMs: undefined }
  }
  const fromMs = from ? Date.parse(`${from}T00:00:00Z`) : undefined
  const lastMs = to ? Date.parse(`${to}T00:00:00Z`) : undefined
  if (Number.isNaN(fromMs) || Number.isNaN(lastMs))
    filter.error = "One of these days does not exist. Choose both again."
  else if (fromMs !== undefined && lastMs !== undefined && fromMs > lastMs)
    filter.error = "The first day is after the last. Change one of them."
  return { filter, fromMs, toMs: lastMs === undefined ? undefined : lastMs + DAY_MS }
}

const entryOf = (row: AuditRow, subject: Subject, actor: string): AuditEntryRow => ({
  id: row.id,
  atMs: row.atMs,
  action: row.action,
  reason: row.reason,
  requestId: row.requestId,
  actor,
  actorId: row.actor,
  onBehalfOf: row.onBehalfOf,
  subject: subject.name,
  subjectId: row.subject,
  subjectHref: subject.href,
  changes: changesOf(row.before, row.after),
})

interface Subject {
  name: string
  href?: string
}

/** What an id in the log stands for, as people know it: an address, an app's name, an upstream's; else the id itself. */
function subjectOf({ identity, oauth, gateway }: AdminDeps, id: string): Subject {
  switch (id.slice(0, 4)) {
    case "usr_": {
      const user = identity.userByPublicId(id)
      return user ? { name: user.email, href: `/admin/users/${id}` } : { name: id }
    }
    case "upm_": {
      const upstream = gateway.upstream(id)
      return upstream ? { name: upstream.name, href: `/admin/upstreams/${id}` } : { name: id }
    }
    case "cli_":
      return { name: oauth.clientByPublicId(id)?.name ?? id }
    case "con_":
    case "gnt_":
      return { name: oauth.clientByGiven(id)?.name ?? id }
    default:
      // The setup link is about nobody yet: its action says it all.
      return { name: id === "setup" ? "" : id }
  }
}

/** Looks each id up once, however many rows it stands in. */
function once<T>(look: (id: string) => T): (id: string) => T {
  const seen = new Map<string, T>()
  return (id) => {
    if (!seen.has(id)) seen.set(id, look(id))
    return seen.get(id) as T
  }
}

/** Fields side by side; what is no object is one nameless value. */
function changesOf(before: string | null, after: string | null): AuditEntryRow["changes"] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)]
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  const shown = (fields: Record<string, unknown>, name: string): string | null => {
    const value = fields[name]
    return value === undefined || value === null ? null : typeof value === "string" ? value : JSON.stringify(value)
  }
  return names.map((name) => ({ name, before: shown(was, name), after: shown(is, name) }))
}

function fieldsOf(text: string | null): Record<string, unknown> {
  const value: unknown = text === null ? null : JSON.parse(text)
  if (value === null) return {}
  return typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : { value }
}
