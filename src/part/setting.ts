// Setting: a value that an operator changes while the server runs, as its domain declares it: one row, one field of /admin/settings.
import type { FieldDef } from "../http/index.ts"

export interface Setting<Value> {
  /** `<domain>.<name>`: names the row and the changes in the audit log, so it never changes. */
  key: string
  /** Heading on the page. */
  group: string
  /** Label, help, and the way between what is typed and the value. */
  field: FieldDef<Value>
  /** In force until somebody changes it. */
  default: Value
  /** Bounds: what is wrong with a value, in words; null = nothing. */
  problem(value: Value): string | null
}

// biome-ignore lint/suspicious/noExplicitAny: only its owner knows the value; the field and `problem` check it.
export type AnySetting = Setting<any>
