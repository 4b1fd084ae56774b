// /admin/audit and the audit of one account: filters as an address, pages by key, runs folded; the same as a file.
import { AdminAuditPage, AdminUserAuditPage } from "../../../views/admin/audit.tsx"
import { withQuery } from "../../../views/ui/index.ts"
import { LIMITS } from "../../app/index.ts"
import { type AuditRow, auditPage } from "../../audit/index.ts"
import type { PageRequest } from "../base/index.ts"
import { groupsOf } from "./audit-entries.ts"
import { readAddress, searchOf } from "./audit-filter.ts"
import { foldRuns } from "./audit-fold.ts"
import { csvResponse } from "./csv-response.ts"
import { labelOf, userOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"
import type { AuditFound } from "./store-audit.ts"

/** Rows of a page, runs counted as one. */
const ROWS = LIMITS.historyPageRows
/** Entries looked at for a page: so much noise folds into it. */
const LOOKED = 400
const PATH = "/admin/audit"

export function auditRoutes(site: AdminSite, deps: AdminDeps): void {
  site.get(PATH, (page) => everything(deps, page))
  site.get("/admin/audit.csv", (page) => csv(deps, page))
  site.get("/admin/users/:user/audit", (page, { user }) => ofUser(deps, page, user))
}

async function everything(deps: AdminDeps, page: PageRequest): Promise<Response> {
  const params = new URL(page.request.url).searchParams
  const address = readAddress(deps, params)
  const search = searchOf(deps, address, LOOKED)
  const found: AuditFound = search
    ? await deps.reads.ask<AuditFound>("admin.audit", search)
    : { rows: [], lookedFrom: null }
  const more = found.rows.length === LOOKED ? found.rows.at(-1)!.id : found.lookedFrom
  const { groups, beforeId } = foldRuns(found.rows, more, ROWS, address.isFolded)
  const { query, filter } = address
  const lists = deps.identity.savedLists(page.session.userId, PATH)
  const props = {
    now: deps.clock.now(),
    filter,
    query,
    groups: groupsOf(deps, groups, (run) => withQuery(PATH, { ...query, ...oneByOne(run) })),
    newerHref: params.has("before") ? withQuery(PATH, query) : undefined,
    olderHref: beforeId === null ? undefined : withQuery(PATH, { ...query, before: String(beforeId) }),
    /** Older entries than these were not looked at yet. */
    isPartial: found.rows.length === 0 && found.lookedFrom !== null,
  }
  return page.render((frame) =>
    AdminAuditPage({ frame, ...props, saved: { csrf: frame.csrf, lists, action: "/admin/filters" } }),
  )
}

const oneByOne = (run: readonly AuditRow[]) => ({
  actor: run[0]!.actor,
  action: run[0]!.action,
  fold: "0",
  before: String(run[0]!.id + 1),
})

/** All that the filters leave, as it is stored; text that a spreadsheet would run is marked as text. */
function csv(deps: AdminDeps, page: PageRequest): Response {
  const address = readAddress(deps, new URL(page.request.url).searchParams)
  const search = searchOf(deps, { ...address, beforeId: undefined }, LIMITS.exportPageRows)
  const day = new Date(deps.clock.now()).toISOString().slice(0, 10)
  return csvResponse(deps.exports.stream<string>("admin.audit-csv", search), `purser-audit-${day}.csv`)
}

function ofUser(deps: AdminDeps, page: PageRequest, id: string): Response {
  const user = userOf(deps, id)
  const before = Number(new URL(page.request.url).searchParams.get("before") ?? "")
  const beforeId = Number.isSafeInteger(before) && before > 0 ? before : undefined
  const path = `/admin/users/${user.publicId}/audit`
  const limit = 200
  const rows = auditPage(deps.store.read, { subject: user.publicId, beforeId, limit })
  const folded = foldRuns(rows, rows.length === limit ? rows.at(-1)!.id : null, ROWS)
  const props = {
    now: deps.clock.now(),
    user: { id: user.publicId, label: labelOf(user) },
    groups: groupsOf(deps, folded.groups, (run) => withQuery(PATH, { subject: user.publicId, ...oneByOne(run) })),
    newerHref: beforeId === undefined ? undefined : path,
    olderHref: folded.beforeId === null ? undefined : withQuery(path, { before: String(folded.beforeId) }),
  }
  return page.render((frame) => AdminUserAuditPage({ frame, ...props }))
}
