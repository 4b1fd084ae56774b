// The door of `settings`: values that an operator changes while the server runs, declared by the parts, one row each.

export { settingsPart } from "./part.ts"
export { createSettings, type SettingRow, type Settings, settingIn } from "./settings.ts"
