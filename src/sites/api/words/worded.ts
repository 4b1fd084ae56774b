// Descriptions of members that their schemas do not give: the schemas check, this says what they mean. Pure.

/** By the end of a path, `format.schema`; with `operationId ` before it, of one operation only. */
export type Words = Readonly<Record<string, string>>
export type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

/** The key of the longest end of a path that there are words for. */
function keyOf(path: readonly string[], operationId: string, words: Words): string | undefined {
  for (let start = 0; start < path.length; start++) {
    const end = path.slice(start).join(".")
    for (const key of [`${operationId} ${end}`, end]) if (Object.hasOwn(words, key)) return key
  }
  return undefined
}

/** Whether a schema says what it is about: by words, on one of its kinds, or by the one value it may have. */
function isSaid(schema: Json): boolean {
  if (typeof schema.description === "string" || "const" in schema || "$ref" in schema) return true
  if (Array.isArray(schema.enum) && schema.enum.length === 1) return true
  const kinds = (schema.anyOf ?? schema.oneOf) as Json[] | undefined
  return kinds?.some((kind) => typeof kind.description === "string") ?? false
}

/**
 * A schema with words for every member that had none.
 * @param at where it stands: `body`, or a status
 */
export function worded(schema: Json, at: string, operationId: string, words: Words): Json {
  function say(one: Json, path: readonly string[]): Json {
    const said: Json = { ...one }
    for (const kinds of ["anyOf", "oneOf"]) {
      if (Array.isArray(one[kinds])) said[kinds] = (one[kinds] as Json[]).map((kind) => say(kind, path))
    }
    if (isObject(one.items)) said.items = say(one.items, path)
    if (isObject(one.properties)) {
      const members = Object.entries(one.properties as Record<string, Json>)
      said.properties = Object.fromEntries(members.map(([name, member]) => [name, describe(member, [...path, name])]))
    }
    return said
  }
  function describe(member: Json, path: readonly string[]): Json {
    const key = isSaid(member) ? undefined : keyOf(path, operationId, words)
    return key === undefined ? say(member, path) : { ...say(member, path), description: words[key] }
  }
  return say(schema, [at])
}
