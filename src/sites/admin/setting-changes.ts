// What was changed of settings, by whom and why, as the audit log keeps it: changes of one request are one event.
import { type AuditRow, auditOf } from "../../audit/index.ts"
import type { AnySetting } from "../../part/index.ts"
import { spokenIn } from "../base/index.ts"
import { actorName } from "./people.ts"
import type { AdminDeps } from "./site.ts"

export interface SettingEvent {
  atMs: number
  by: string
  reason: string
  words: string
}

const CHANGES_SHOWN = 10

/** @param nameOf how a setting is called in a list of changes */
export function changesOf(
  deps: Pick<AdminDeps, "store" | "identity" | "oauth">,
  settings: readonly AnySetting[],
  nameOf: (setting: AnySetting) => string,
): SettingEvent[] {
  const byRequest = new Map<string, { row: AuditRow; parts: string[] }>()
  for (const setting of settings) {
    for (const row of auditOf(deps.store.read, setting.key, CHANGES_SHOWN)) {
      const event = byRequest.get(row.requestId) ?? { row, parts: [] }
      byRequest.set(row.requestId, event)
      event.parts.push(`${nameOf(setting)}: ${stored(setting, row.before)} → ${stored(setting, row.after)}`)
    }
  }
  return [...byRequest.values()]
    .toSorted((a, b) => b.row.id - a.row.id)
    .slice(0, CHANGES_SHOWN)
    .map(({ row, parts }) => ({
      atMs: row.atMs,
      by: actorName(deps, row.actor),
      reason: row.reason,
      words: capitalised(parts.join(", ")),
    }))
}

/** A value with its unit, as a page shows it. */
export const spoken = (setting: AnySetting, value: unknown): string => spokenIn(setting.field, value)

const stored = (setting: AnySetting, json: string | null): string =>
  json === null ? "not set" : spoken(setting, JSON.parse(json))

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
