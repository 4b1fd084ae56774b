// /admin/limits: how much everybody, a plan, a person, a key or an app may use, and how often each limit refused today.
import { AdminLimitNewPage, AdminLimitPage, AdminLimitRemovePage } from "../../../views/admin/limit.tsx"
import { AdminLimitsPage, type LimitRow } from "../../../views/admin/limits.tsx"
import { ensure } from "../../app/index.ts"
import { amountWords, KINDS, LIMITER_LIMITS, type LimitRule } from "../../limits/index.ts"
import { newValues, type PageRequest, undoing, undoTo } from "../base/index.ts"
import {
  amountFrom,
  amountLabel,
  amountText,
  LIMIT_FORM,
  NEW_LIMIT,
  NEW_LIMIT_FORM,
  newLimitErrors,
  REMOVE_FORM,
  subjectFrom,
  wrongAmount,
} from "./limit-form.ts"
import { limitOptionRoutes, named } from "./limit-options.ts"
import { whomOf } from "./limit-subject.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "limits" | "identity" | "oauth" | "keys" | "plans" | "clock" | "store" | "developerName">

const LIST = "/admin/limits"
const pathOf = ({ publicId }: Pick<LimitRule, "publicId">): string => `${LIST}/${encodeURIComponent(publicId)}`

export function limitRoutes(site: AdminSite, deps: Deps): void {
  site.get(LIST, (page) => list(deps, page))
  limitOptionRoutes(site, deps)
  newRoute(site, deps)
  editRoute(site, deps)
  removeRoute(site, deps)
}

function newRoute(site: AdminSite, deps: Deps): void {
  site.form(
    `${LIST}/new`,
    {
      summary: "Set a limit",
      form: NEW_LIMIT_FORM,
      adapt: (form) => form.with({ plan: { options: planOptions(deps) } }),
      present: () => NEW_LIMIT,
      check: ({ readable }) => newLimitErrors(deps, readable),
      async act(page, { kind, amount, reason, ...whose }) {
        const terms = { kind, amount: amountFrom(kind, amount), ...subjectFrom(deps, whose) }
        const rule = await deps.limits.set(page.ctx(reason), terms)
        const { whom, amount: words } = rowOf(deps, rule, 0)
        return { to: LIST, say: `${whom}: ${words}, from the next request on.`, result: { limit: rule.publicId } }
      },
      show: (page, form, _, status) =>
        page.render((frame) => AdminLimitNewPage({ frame, form: named(deps, form) }), status),
    },
    LIST,
  )
}

const planOptions = ({ plans }: Deps) => [
  { value: "", label: "Not by plan" },
  ...plans.list().map(({ code, name }) => ({ value: code, label: name })),
]

function editRoute(site: AdminSite, deps: Deps): void {
  site.form(`${LIST}/:limit`, {
    summary: "Change a limit",
    load: loader(deps),
    form: LIMIT_FORM,
    adapt: (form, { kind }) => form.with({ amount: { label: amountLabel(kind) } }),
    present: (rule) => ({ amount: amountText(rule), seenMs: rule.updatedMs }),
    kept: ["amount"],
    check: ({ readable }, { kind }) => {
      const words = readable.amount === undefined ? null : wrongAmount(kind, readable.amount)
      return words === null ? {} : { amount: words }
    },
    async act(page, { amount, seenMs, reason }, before) {
      const change = { publicId: before.publicId, amount: amountFrom(before.kind, amount), seenMs }
      const after = await deps.limits.change(page.ctx(reason), change)
      const say = newValues(LIMIT_FORM, { amount: amountText(before) }, { amount: amountText(after) })
      if (!say) return { to: LIST, say: "The limit is as it was." }
      const was = { amount: amountText(before), seenMs: after.updatedMs }
      const { whom, amount: words } = rowOf(deps, after, 0)
      return {
        to: LIST,
        say: `${whom}: ${words}, from the next request on.`,
        undo: undoTo(pathOf(before), LIMIT_FORM, was, { reason: undoing(reason) }),
      }
    },
    show: (page, form, rule, status) =>
      page.render((frame) => AdminLimitPage({ frame, limit: shown(deps, rule), form }), status),
  })
}

function removeRoute(site: AdminSite, deps: Deps): void {
  site.form(`${LIST}/:limit/removal`, {
    summary: "Remove a limit",
    load: loader(deps),
    form: REMOVE_FORM,
    async act(page, { reason }, rule) {
      const { whom, amount } = shown(deps, rule)
      await deps.limits.remove(page.ctx(reason), rule.publicId)
      return { to: LIST, say: `${whom}: no longer limited to ${amount}.` }
    },
    show: (page, form, rule, status) =>
      page.render((frame) => AdminLimitRemovePage({ frame, limit: shown(deps, rule), form }), status),
  })
}

const loader =
  ({ limits }: Deps) =>
  (_: unknown, params: { limit: string }): LimitRule => {
    const rule = limits.rule(params.limit)
    ensure(rule, "not_found", "There is no such limit. They are listed under Limits.")
    return rule
  }

const shown = (deps: Deps, rule: LimitRule): LimitRow => rowOf(deps, rule, deps.limits.hitsToday().get(rule.id) ?? 0)

function rowOf(deps: Deps, rule: LimitRule, refusedToday: number): LimitRow {
  const { whom, detail, href } = whomOf(deps, rule)
  return {
    id: rule.publicId,
    whom,
    detail,
    href,
    kind: KINDS[rule.kind].label,
    amount: amountWords(rule),
    refusedToday,
  }
}

function list(deps: Deps, page: PageRequest): Response {
  const hits = deps.limits.hitsToday()
  const rules = deps.limits.rules()
  const limits = rules.map((rule) => rowOf(deps, rule, hits.get(rule.id) ?? 0))
  const isFull = rules.length >= LIMITER_LIMITS.rulesMax
  return page.render((frame) => AdminLimitsPage({ frame, limits, isFull }))
}
