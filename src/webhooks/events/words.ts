// How the type of a field is called where people read of it.

interface Shape {
  type?: string
  anyOf?: { type?: string; const?: unknown }[]
}

const WORDS: Readonly<Record<string, string>> = {
  string: "text",
  integer: "number",
  null: "null",
  array: "list",
  object: "object",
}

const wordOf = (type: string | undefined): string => WORDS[type ?? ""] ?? "value"

/** "text", "text or null", "one of started, ended". */
export function typeName(of: unknown): string {
  const { type, anyOf } = of as Shape
  if (anyOf?.every((one) => one.const !== undefined))
    return `one of ${anyOf.map((one) => String(one.const)).join(", ")}`
  return anyOf ? anyOf.map((one) => wordOf(one.type)).join(" or ") : wordOf(type)
}
