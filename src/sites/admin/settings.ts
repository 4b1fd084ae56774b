// /admin/settings: every setting that a part declares, by group; each is changed on a page of its own, with a reason.
import { AdminSettingPage, AdminSettingsPage, type SettingLine } from "../../../views/admin/settings.tsx"
import { ensure } from "../../app/index.ts"
import { type FieldDef, field, form } from "../../http/index.ts"
import type { AnySetting } from "../../part/index.ts"
import type { SettingRow } from "../../settings/index.ts"
import { undoing, undoTo } from "../base/index.ts"
import { changesOf, spoken } from "./setting-changes.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const SETTING_FORM = form(
  {
    value: field.text({ label: "Value" }) as FieldDef<unknown>,
    seenMs: field.version(),
    reason: field.reason(),
  },
  { submit: "Save setting" },
)

const formOf = (setting: AnySetting): typeof SETTING_FORM =>
  form({ ...SETTING_FORM.fields, value: { ...setting.field, name: "value" } }, SETTING_FORM.options)

export function settingRoutes(site: AdminSite, deps: AdminDeps): void {
  const { settings, clock } = deps
  site.get("/admin/settings", (page) => {
    const lines = settings.list().map(lineOf)
    return page.render((frame) => AdminSettingsPage({ frame, now: clock.now(), settings: lines }))
  })
  site.form("/admin/settings/:setting", {
    summary: "Change a setting",
    load: (_, { setting }) => rowOf(deps, setting),
    form: SETTING_FORM,
    adapt: (_, { setting }) => formOf(setting),
    present: ({ value, changedMs }) => ({ value, seenMs: changedMs }),
    check: ({ readable, unread }, { setting }) =>
      unread.includes("value") ? {} : { value: setting.problem(readable.value) ?? undefined },
    async act(page, { value, seenMs, reason }, { setting, value: before }) {
      await settings.set(page.ctx(reason), setting, { value, ...(seenMs === undefined ? {} : { seenMs }) })
      const now = rowOf(deps, setting.key)
      const undo = undoTo(
        `/admin/settings/${setting.key}`,
        formOf(setting),
        { value: before, seenMs: now.changedMs },
        { reason: undoing(reason) },
      )
      return { to: "/admin/settings", say: `${setting.field.look.label}: ${spoken(setting, now.value)} now.`, undo }
    },
    show(page, view, row, status) {
      const { setting } = row
      const props = {
        now: clock.now(),
        setting: lineOf(row),
        byDefault: spoken(setting, setting.default),
        form: view,
        changes: changesOf(deps, [setting], () => setting.field.look.label),
      }
      return page.render((frame) => AdminSettingPage({ frame, ...props }), status)
    },
  })
}

function rowOf({ settings }: Pick<AdminDeps, "settings">, key: string): SettingRow {
  const row = settings.byKey(key)
  ensure(row, "not_found", "There is no such setting. Choose one under Settings.")
  return row
}

const lineOf = ({ setting, value, changedMs }: SettingRow): SettingLine => ({
  key: setting.key,
  group: setting.group,
  label: setting.field.look.label,
  value: spoken(setting, value),
  changedMs: changedMs === 0 ? null : changedMs,
})
