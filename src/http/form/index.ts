// The door of declared forms. Codecs are used as `field.credits(…)`, so that a declaration reads as one.
import * as files from "./files.ts"
import * as numbers from "./numbers.ts"
import * as texts from "./texts.ts"

export type { FieldDef, Fields, ValuesOf } from "./field.ts"
export { button, FormDef, form, type Parsed, type Sent, type TypedForm } from "./form.ts"
export { percentText } from "./numbers.ts"

const { percentText: _, ...numeric } = numbers
export const field = { ...numeric, ...texts, ...files }
