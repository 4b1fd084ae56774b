// Settings that somebody changed: `plans.free_budget_daily: "100000"`.
import { AppError } from "../../../../app/index.ts"
import { type FieldDef, form } from "../../../../http/index.ts"
import type { AnySetting } from "../../../../part/index.ts"
import type { Kind, SetupDeps } from "../types.ts"

export function settingsKind({ settings }: Pick<SetupDeps, "settings">): Kind {
  const known = (key: string): AnySetting => {
    const row = settings.byKey(key)
    if (!row) throw new AppError("not_found", "There is no such setting. They are listed under Settings.")
    return row.setting
  }
  return {
    name: "settings",
    shape: "value",
    present: () =>
      new Map(
        settings
          .list()
          .filter(({ changedMs }) => changedMs > 0)
          .map(({ setting, value }) => [setting.key, { value }]),
      ),
    formOf: (key) => form({ value: { ...known(key).field, name: "value" } as FieldDef<unknown> }, { submit: "Save" }),
    fresh: {},
    saveIn: (tx, key, { value }) => settings.setIn(tx, known(key), { value }),
  }
}
