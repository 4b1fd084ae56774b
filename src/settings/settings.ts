// Settings: declared by the parts, kept as rows from the first change on, read from memory. A change is audited with before and after
// and is in memory between its commit and its answer.
import { AppError, ensure, invariant } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { AnySetting, Setting } from "../part/index.ts"
import type { Reader, Store, Tx, WriteContext } from "../store/index.ts"
import { saveRow, settingRow, settingRows } from "./store.ts"

export interface SettingRow {
  setting: AnySetting
  value: unknown
  /** 0 = never changed: the default is in force. */
  changedMs: number
}

export interface SettingChange<Value> {
  value: Value
  /** `changedMs` as the page showed it; refused when somebody changed it since. */
  seenMs?: number
}

export interface Settings {
  /** @param tx the row as this body sees it, for what is decided with it; without, the committed value from memory */
  get<Value>(setting: Setting<Value>, tx?: Reader): Value
  /** The same value again changes nothing. @throws AppError validation_failed (formErrors value), conflict */
  setIn<Value>(tx: Tx, setting: Setting<Value>, change: SettingChange<Value>): void
  set<Value>(ctx: WriteContext, setting: Setting<Value>, change: SettingChange<Value>): Promise<void>
  /** In the order of the parts. */
  list(): SettingRow[]
  byKey(key: string): SettingRow | null
}

/** As this body or reader sees it, for verbs that have no more than that. */
export function settingIn<Value>(reader: Reader, setting: Setting<Value>): Value {
  const row = settingRow(reader, setting.key)
  return row ? (row.value as Value) : setting.default
}

export function createSettings(deps: { store: Store; settings: readonly AnySetting[] }): Settings {
  const { store, settings } = deps
  const known = new Map(settings.map((setting) => [setting.key, setting]))
  const memory = new Map(settingRows(store.read).map((row) => [row.key, row]))

  const requireKnown = (setting: AnySetting): void =>
    invariant(known.get(setting.key) === setting, `a part declares the setting ${setting.key}`)
  const rowOf = (setting: AnySetting): SettingRow => {
    const row = memory.get(setting.key)
    return { setting, value: row ? row.value : setting.default, changedMs: row?.changedMs ?? 0 }
  }

  function get<Value>(setting: Setting<Value>, tx?: Reader): Value {
    requireKnown(setting)
    if (tx) return settingIn(tx, setting)
    const row = memory.get(setting.key)
    return row ? (row.value as Value) : setting.default
  }

  function setIn<Value>(tx: Tx, setting: Setting<Value>, change: SettingChange<Value>): void {
    requireKnown(setting)
    const problem = setting.problem(change.value)
    if (problem) throw new AppError("validation_failed", problem, { formErrors: { value: problem } })
    const row = settingRow(tx, setting.key)
    ensure(
      change.seenMs === undefined || change.seenMs === (row?.changedMs ?? 0),
      "conflict",
      "Somebody changed this setting since you opened it. Look at it again before you save.",
    )
    const before = row ? row.value : setting.default
    if (JSON.stringify(before) === JSON.stringify(change.value)) return
    saveRow(tx, setting.key, change.value)
    auditIn(tx, { action: "setting.changed", subject: setting.key, before, after: change.value })
    const changedMs = tx.now
    tx.afterCommit(() => memory.set(setting.key, { key: setting.key, value: change.value, changedMs }))
  }

  return {
    get,
    setIn,
    set: (ctx, setting, change) => store.write(ctx, (tx) => setIn(tx, setting, change)),
    list: () => settings.map(rowOf),
    byKey(key) {
      const setting = known.get(key)
      return setting ? rowOf(setting) : null
    },
  }
}
