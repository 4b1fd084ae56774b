// Entries of the audit log for people: the sentence of each, names in place of ids, runs as one row.

import type { AuditEntryRow, AuditGroup } from "../../../views/admin/audit-list.tsx"
import { modelPath, RULES_PATH } from "../../../views/admin/price-text.ts"
import type { AuditRow } from "../../audit/index.ts"
import type { AuditFacts, Named, Said } from "../../part/index.ts"
import { said } from "../../part/index.ts"
import { labelOf } from "./people.ts"
import type { AdminDeps } from "./site.ts"

/** Entries of a run that are read one by one; the rest is behind a link. */
const RUN_SHOWN = 20

export type Names = Pick<AdminDeps, "identity" | "oauth" | "gateway" | "plans" | "settings" | "sentences">

/** @param hrefOf the same list, one by one, of a run */
export function groupsOf(
  names: Names,
  groups: readonly AuditRow[][],
  hrefOf: (run: readonly AuditRow[]) => string,
): AuditGroup[] {
  const facts = factsMaker(names)
  return groups.map((run) => {
    const first = run[0]!
    const entries = run.slice(0, RUN_SHOWN).map((row) => entryOf(names, row, facts(row)))
    if (run.length === 1) return { entries }
    const { who } = facts(first)
    const label = labelOfAction(names, first.action)
    const words: Said = said`${who}: ${label}, ${run.length} times`
    return { entries, run: { words, count: run.length, href: hrefOf(run), fromMs: run.at(-1)!.atMs } }
  })
}

/** "Suspension"; an act of a part that is gone keeps its name. */
export const labelOfAction = ({ sentences }: Pick<Names, "sentences">, action: string): string =>
  sentences[action]?.label ?? action

function entryOf({ sentences }: Names, row: AuditRow, facts: AuditFacts): AuditEntryRow {
  const sentence = sentences[row.action]
  return {
    id: row.id,
    atMs: row.atMs,
    action: row.action,
    words: sentence ? sentence.say(facts) : said`${facts.who}: ${row.action} ${facts.what}`,
    reason: row.reason,
    requestId: row.requestId,
    actorId: row.actor,
    onBehalfOf: row.onBehalfOf,
    subjectId: row.subject,
    subjectHref: facts.what.href,
    changes: changesOf(row.before, row.after),
  }
}

/** Looks each name up once, however many rows it stands in. */
function factsMaker(names: Names): (row: AuditRow) => AuditFacts {
  const subject = once((id) => subjectOf(names, id))
  const actor = once((id) => actorOf(names, id))
  return (row) => ({
    who: actor(row.actor),
    by: row.actor.split(":")[0] ?? "",
    what: subject(row.subject),
    before: fieldsOf(row.before),
    after: fieldsOf(row.after),
  })
}

function actorOf({ identity, oauth }: Names, actor: string): Named {
  const [kind = "", id = ""] = actor.split(":")
  if (kind === "system") return { name: "Purser" }
  if (kind === "cli") return { name: "The command line" }
  if (kind === "app") return { name: oauth.clientByPublicId(id)?.name ?? actor }
  const user = identity.userByPublicId(id)
  if (user) return { name: labelOf(user), href: `/admin/users/${id}` }
  return { name: kind === "user" ? "Somebody" : actor }
}

/** What an id in the log stands for, as people know it; else the id itself. */
function subjectOf({ identity, oauth, gateway, plans, settings }: Names, id: string): Named {
  switch (id.slice(0, 4)) {
    case "usr_": {
      const user = identity.userByPublicId(id)
      return user ? { name: labelOf(user), href: `/admin/users/${id}` } : { name: id }
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
  }
  if (id.startsWith("plan:")) {
    const code = id.slice("plan:".length)
    const plan = plans.list().find((one) => one.code === code)
    return plan ? { name: plan.name, href: `/admin/plans/${code}` } : { name: code }
  }
  const setting = settings.byKey(id)
  if (setting) return { name: `“${setting.setting.field.look.label}”`, href: `/admin/settings/${id}` }
  return pricedThing(id) ?? { name: id }
}

/** A model's price, or a price rule. */
function pricedThing(id: string): Named | null {
  const [, kind, name = ""] = /^(model_price|price_rule):(.+)$/.exec(id) ?? []
  if (kind === "price_rule") return { name: `the price rule ${name}`, href: `${RULES_PATH}/${name}` }
  if (kind !== "model_price") return null
  const [list = "", ...model] = name.split("/")
  return { name, href: modelPath(list, model.join("/")) }
}

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
