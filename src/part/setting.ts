// Setting: a value that an operator changes while the server runs, as its domain declares it: one row, one field of /admin/settings.

/** Between what a person types and the value. */
export interface SettingCodec<Value> {
  /** `problem` says what can be read. */
  parse(text: string): { value: Value } | { problem: string }
  format(value: Value): string
  /** Stands behind the field, such as "days". */
  suffix?: string
  prefix?: string
}

export interface Setting<Value> {
  /** `<domain>.<name>`: names the row and the changes in the audit log, so it never changes. */
  key: string
  /** Heading on the page. */
  group: string
  label: string
  help: string
  codec: SettingCodec<Value>
  /** In force until somebody changes it. */
  default: Value
  /** Bounds: what is wrong with a value, in words; null = nothing. */
  problem(value: Value): string | null
}

// biome-ignore lint/suspicious/noExplicitAny: only its owner knows the value; the codec and `problem` check it.
export type AnySetting = Setting<any>
