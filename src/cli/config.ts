// `purser config`: the settings as the server would see them and where each comes from, secrets hidden.
import {
  type Config,
  inspectConfig,
  mistypedVariables,
  SETTINGS,
  type Setting,
  type SettingName,
  type SettingSource,
  settingSource,
} from "../app/index.ts"
import { JSON_OPTION, type Verb } from "./verb.ts"

export const configVerb: Verb = {
  words: "config",
  help: "print every setting, where it comes from, secrets hidden",
  about: [
    "Prints the settings as `serve` with the same flags and environment would see them: value, and whether it comes from a flag, the environment, a file (NAME_FILE) or is the default. Flags win over the environment, the environment over a file.",
    "Secrets are never printed, only whether they are set. Settings that are not right are all named at once.",
  ],
  options: [JSON_OPTION],
  examples: [
    { run: "config", does: "a table for people" },
    { run: "config --json | jq -r .port.value", does: "one value for a script" },
  ],
  exits: { 2: "a setting is not right; what is wrong stands on standard error" },
  async run({ flags, switches }) {
    const { config, problems } = inspectConfig(flags, process.env)
    const shown = shownSettings(config, flags)
    console.log(switches.has("json") ? JSON.stringify(asJson(shown), null, 2) : asTable(shown))
    for (const words of mistypedVariables(process.env)) console.error(`purser: ${words}`)
    for (const problem of problems) console.error(`purser: ${problem}`)
    return problems.length > 0 ? 2 : 0
  },
}

interface Shown {
  name: string
  setting: Setting
  value: unknown
  source: SettingSource
}

/** Settings whose field of the configuration has another name or unit. */
const FIELDS: Partial<Record<SettingName, (config: Config) => unknown>> = {
  admins: ({ adminEmails }) => adminEmails,
  drainSeconds: ({ drainMs }) => drainMs / 1_000,
}

export const shownSettings = (config: Config, flags: Record<string, string>): Shown[] =>
  (Object.keys(SETTINGS) as SettingName[]).map((name) => {
    const setting: Setting = SETTINGS[name]
    const value = FIELDS[name] ? FIELDS[name](config) : (config as unknown as Record<string, unknown>)[name]
    return {
      name,
      setting,
      value: setting.secret ? hidden(value) : value,
      source: settingSource(name, flags, process.env),
    }
  })

const hidden = (value: unknown): string | null => (value ? "(set)" : null)

const asJson = (shown: readonly Shown[]): object =>
  Object.fromEntries(
    shown.map(({ name, value, source, setting }) => [
      name,
      { value: value ?? null, source, env: setting.env, flag: setting.flag ? `--${setting.flag}` : null },
    ]),
  )

function asTable(shown: readonly Shown[]): string {
  const rows = shown.map(({ setting, value, source }) => [setting.env, textOf(value), source] as const)
  const width = (at: 0 | 1): number => Math.max(...rows.map((row) => row[at].length)) + 2
  const [names, values] = [width(0), Math.min(width(1), 60)]
  return rows.map(([env, value, source]) => `${env.padEnd(names)}${value.padEnd(values)}${source}`).join("\n")
}

function textOf(value: unknown): string {
  const text = Array.isArray(value) ? value.join(", ") : String(value ?? "")
  return text === "" ? "(none)" : text
}
