// Fields that hold words: text, areas, addresses, secrets, reasons, choices and boxes.
import { Type as t } from "@sinclair/typebox"
import type { FieldOption } from "../../../views/ui/fields.tsx"
import { LIMITS, randomSecret } from "../../app/index.ts"
import { type FieldDef, first, lookOf, oneText, type Read, value, type Words, wholeJson, wrong } from "./field.ts"

interface TextOptions extends Words {
  /** UTF-16 units, refused above with `long`. */
  max?: number
  /** As `max`, for the browser alone: the domain has its own sentence for what is longer. */
  length?: number
  /** For the browser; the domain refuses what is shorter. */
  min?: number
  long?: string
  rows?: number
  mono?: boolean
  optional?: boolean
}

function bounded(text: string, { missing, max, long }: TextOptions): Read<string> {
  if (text === "" && missing !== undefined) return wrong(missing)
  if (max !== undefined && text.length > max) return wrong(long ?? `Keep this within ${max} characters.`)
  return value(text)
}

const textual = (options: TextOptions, look: Parameters<typeof lookOf>[1]): FieldDef<string> => ({
  name: options.name,
  look: lookOf(options, {
    minlength: options.min,
    maxlength: options.max ?? options.length,
    optional: options.optional,
    mono: options.mono,
    ...look,
  }),
  read: (texts) => bounded(first(texts), options),
  write: (text) => [text],
  typedOf: oneText,
  json: t.String({ description: options.label, ...(options.max === undefined ? {} : { maxLength: options.max }) }),
})

export const text = (options: TextOptions): FieldDef<string> => textual(options, {})

/** A word that goes along unseen; whoever reads it makes of it what is allowed. */
export const hidden = (options: Words & { optional?: true }): FieldDef<string> => ({
  ...textual(options, { control: "hidden" }),
  json: t.Optional(t.String({ description: options.label })),
})

/** Several lines. */
export const area = (options: TextOptions): FieldDef<string> =>
  textual(options, { control: "area", rows: options.rows ?? 3, maxlength: undefined })

/** Whether it is an address that mail can reach, the domain says. */
export const email = (options: TextOptions): FieldDef<string> =>
  textual({ autocomplete: "email", ...options }, { type: "email", inputmode: "email" })

/** Whether it is an address that may be used, the domain says. */
export const url = (options: TextOptions): FieldDef<string> => textual(options, { type: "url", inputmode: "url" })

interface LinesOptions extends TextOptions {
  /** `tags`: chips of one's own words. `multi`: chips of what `search` finds. Without scripts each is an area. */
  control?: "area" | "tags" | "multi"
  search?: string
}

/** Texts between white space, one a line as a person writes them. */
export const lines = (options: LinesOptions): FieldDef<string[]> => ({
  name: options.name,
  raw: true,
  look: lookOf(options, {
    control: options.control ?? "area",
    search: options.search,
    rows: options.rows ?? 3,
    optional: options.optional,
    mono: options.mono,
  }),
  read: (texts) => value(first(texts).split(/\s+/).filter(Boolean)),
  write: (list) => [list.join("\n")],
  typedOf: (json) => (Array.isArray(json) && json.every((one) => typeof one === "string") ? [json.join("\n")] : null),
  json: t.Array(t.String(), { description: options.label }),
})

/** A password as it was typed; never shown again. */
export const password = (options: Omit<TextOptions, "autocomplete"> & { autocomplete: string }): FieldDef<string> => ({
  ...textual(options, { type: "password" }),
  raw: true,
  secret: true,
})

/**
 * Six digits from a mail, as people paste them: " 788 159", "788-159", full-width or of another script. No `maxlength`: it would cut
 * what is pasted before the spaces go.
 */
export const code = (): FieldDef<string> => {
  const base = textual({ label: "Code", required: true, autocomplete: "one-time-code" }, { control: "code" })
  return { ...base, read: (texts) => value(codeOf(first(texts))) }
}

/** ASCII digits without the marks between them; whatever else stands there stays, for the domain to refuse. */
function codeOf(text: string): string {
  const plain = text.normalize("NFKC").replace(/[\s\p{Dash}\p{Cf}.,:]+/gu, "")
  return plain.replace(/\p{Nd}/gu, (digit) => String(digitValue(digit.codePointAt(0)!)))
}

/** Unicode keeps the decimal digits of a script together, zero first. */
function digitValue(codePoint: number): number {
  let zero = codePoint
  while (codePoint - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--
  return codePoint - zero
}

/** A key of somebody else's service; empty = none was typed, null. Never shown again. */
export const secret = (options: TextOptions): FieldDef<string | null> => ({
  ...textual(options, {}),
  look: lookOf({ autocomplete: "off", ...options }, { type: "password", optional: options.optional }),
  raw: true,
  secret: true,
  read(texts) {
    const read = bounded(first(texts), options)
    return "error" in read ? read : value(read.value === "" ? null : read.value)
  },
  write: () => [""],
})

/** Why: kept in the audit log. One limit everywhere. */
export const reason = (options: Partial<TextOptions> = {}): FieldDef<string> =>
  text({
    label: "Reason",
    help: "Kept in the audit log.",
    missing: "Give a reason, in a few words.",
    max: LIMITS.reasonCharsMax,
    long: `Keep the reason within ${LIMITS.reasonCharsMax} characters.`,
    autocomplete: "off",
    ...options,
  })

interface ChoiceOptions<V extends string> extends Words {
  /** Without them they come with the request: `form.with`. */
  options?: readonly { value: V; label: string; help?: string | undefined }[]
  control?: "select" | "combobox" | "radios" | "hidden"
  /** Of a combobox without options: the path that answers `?q=`. */
  search?: string
  /** Whether it is one of them, the domain says, together with all else that is wrong. */
  byDomain?: boolean
  /** Said of what is none of them. */
  wrong?: string
}

const known = (options: readonly FieldOption[] | undefined, chosen: string): boolean =>
  options?.some((option) => option.value === chosen) ?? false

/** One of a list. */
export const choice = <const V extends string = string>(options: ChoiceOptions<V>): FieldDef<V> => ({
  name: options.name,
  boxed: options.control === "radios",
  look: lookOf(options, { control: options.control ?? "select", options: options.options, search: options.search }),
  read: (texts, look) =>
    options.byDomain || known(look.options, first(texts))
      ? value(first(texts) as V)
      : wrong(options.wrong ?? "Choose one of the list."),
  write: (chosen) => [chosen],
  typedOf: (json) => (typeof json === "string" ? [json] : null),
  json: options.options
    ? t.Union(
        options.options.map((option) => t.Literal(option.value)),
        { description: options.label },
      )
    : t.String({ description: options.label }),
})

/** Any number of a list. */
export const choices = <const V extends string = string>(
  options: Omit<ChoiceOptions<V>, "control" | "search"> & { control?: "boxes" | "multi" },
): FieldDef<V[]> => ({
  name: options.name,
  boxed: true,
  look: lookOf(options, { control: options.control ?? "boxes", options: options.options }),
  read(texts, look) {
    const chosen = texts.filter((text): text is V => known(look.options, text))
    if (chosen.length < texts.length) return wrong(options.wrong ?? "Choose from the list.")
    return chosen.length === 0 && options.missing !== undefined ? wrong(options.missing) : value(chosen)
  },
  write: (chosen) => chosen,
  typedOf: (json) => (Array.isArray(json) && json.every((one) => typeof one === "string") ? json : null),
  json: t.Array(t.String(), { description: options.label }),
})

/** Ticked or not. `missing`: it must be ticked. */
export const box = (options: Words): FieldDef<boolean> => ({
  name: options.name,
  boxed: true,
  look: lookOf(options, { control: "box" }),
  read(texts) {
    const ticked = first(texts) === "1"
    return !ticked && options.missing !== undefined ? wrong(options.missing) : value(ticked)
  },
  write: (ticked) => [ticked ? "1" : ""],
  typedOf: (json) => (typeof json === "boolean" ? [json ? "1" : ""] : null),
  json: t.Boolean({ description: options.label }),
})

/** The form's own key: pressed twice, or sent again, it is one act. */
export const formKey = (): FieldDef<string> => ({
  look: { control: "hidden", label: "Key" },
  read: (texts) => value(/^[\w-]{20,64}$/.test(first(texts)) ? first(texts) : randomSecret(18)),
  write: (key) => [key],
  typedOf: oneText,
  json: t.Optional(
    t.String({
      pattern: "^[\\w-]{20,64}$",
      description: "Yours to choose; sent again with the same key, the act is not repeated.",
    }),
  ),
})

/** What the page said, sealed by whoever made it: it comes back as it was. After a conflict the form has the present one. */
export const sealed = (options: Words): FieldDef<string> => ({
  ...textual({ ...options, optional: true }, { control: "hidden" }),
  version: true,
})

/** When the thing was last changed, milliseconds, as the page that is sent showed it. */
export const version = (): FieldDef<number | undefined> => ({
  look: { control: "hidden", label: "Last change" },
  version: true,
  read: (texts) => value(/^\d{1,16}$/.test(first(texts)) ? Number(first(texts)) : undefined),
  write: (ms) => [ms === undefined ? "" : String(ms)],
  typedOf: oneText,
  json: t.Optional(
    wholeJson({ description: "When it was last changed, ms; refused with 409 when that is not so any more." }),
  ),
})
