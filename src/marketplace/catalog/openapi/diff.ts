// What a document changes of a product, and which of it breaks programs that call it. Pure.
import { shapeOf } from "../endpoint-rules.ts"
import type { Endpoint, EndpointDraft, ExampleDraft, ParameterDraft } from "../types.ts"

export interface Difference {
  /** `GET /weather/{city}` */
  route: string
  kind: "added" | "removed" | "changed"
  /** A sentence each; `breaking` = programs that call it today may fail. */
  changes: { words: string; breaking: boolean }[]
}

export interface Differences {
  added: number
  removed: number
  changed: number
  same: number
  breaking: number
  /** Breaking ones first, then in the order of the document. */
  list: Difference[]
}

const routeOf = ({ method, path }: Pick<EndpointDraft, "method" | "path">): string => `${method} ${shapeOf(path)}`

export function differences(present: readonly Endpoint[], next: readonly EndpointDraft[]): Differences {
  const before = new Map(present.map((one) => [routeOf(one), one]))
  const after = new Set(next.map(routeOf))
  const list: Difference[] = []
  for (const draft of next) {
    const one = before.get(routeOf(draft))
    const route = `${draft.method} ${draft.path}`
    if (!one) list.push({ route, kind: "added", changes: [{ words: "New endpoint.", breaking: false }] })
    else {
      const changes = changesOf(one, draft)
      if (changes.length > 0) list.push({ route, kind: "changed", changes })
    }
  }
  for (const one of present)
    if (!after.has(routeOf(one)))
      list.push({
        route: `${one.method} ${one.path}`,
        kind: "removed",
        changes: [{ words: "Is gone: calls are answered 404.", breaking: true }],
      })
  const isBreaking = ({ changes }: Difference) => changes.some(({ breaking }) => breaking)
  const count = (kind: Difference["kind"]) => list.filter((one) => one.kind === kind).length
  return {
    added: count("added"),
    removed: count("removed"),
    changed: count("changed"),
    same: next.length - count("added") - count("changed"),
    breaking: list.filter(isBreaking).length,
    list: [...list.filter(isBreaking), ...list.filter((one) => !isBreaking(one))],
  }
}

type Changes = Difference["changes"]

function changesOf(before: Endpoint, after: EndpointDraft): Changes {
  const changes: Changes = [
    ...parameterChanges(before.parameters, after.parameters ?? []),
    ...bodyChanges(before, after),
    ...answerChanges(before.examples, after.examples ?? []),
  ]
  const add = (words: string, breaking = false) => changes.push({ words, breaking })
  if (after.deprecated === true && !before.deprecated) add("Is deprecated now.")
  if (after.deprecated === false && before.deprecated) add("Is no longer deprecated.")
  if (before.path !== after.path) add(`Its path is written ${after.path} now.`)
  if (before.title !== after.title.trim() || (after.description ?? before.description) !== before.description)
    add("Its words change.")
  return changes
}

const keyOf = ({ place, name }: Pick<ParameterDraft, "place" | "name">): string =>
  `${place} ${place === "header" ? name.toLowerCase() : name}`
const named = ({ place, name }: Pick<ParameterDraft, "place" | "name">): string =>
  place === "body" ? `The field ${name} of the body` : `The ${place} parameter ${name}`

function parameterChanges(before: readonly ParameterDraft[], after: readonly ParameterDraft[]): Changes {
  const changes: Changes = []
  // Parameters of a path go by their place in it: their names are nobody's business but the reader's.
  const isNamed = ({ place }: Pick<ParameterDraft, "place">) => place !== "path"
  const old = new Map(before.filter(isNamed).map((one) => [keyOf(one), one]))
  const kept = new Set(after.filter(isNamed).map(keyOf))
  for (const one of after.filter(isNamed)) {
    const was = old.get(keyOf(one))
    if (!was)
      changes.push(
        one.required
          ? { words: `${named(one)} is new, and required.`, breaking: true }
          : { words: `${named(one)} is new.`, breaking: false },
      )
    else changes.push(...parameterChange(was, one))
  }
  for (const one of old.values())
    if (!kept.has(keyOf(one))) changes.push({ words: `${named(one)} is gone.`, breaking: true })
  return changes
}

function parameterChange(before: ParameterDraft, after: ParameterDraft): Changes {
  const changes: Changes = []
  const add = (words: string, breaking: boolean) => changes.push({ words: `${named(after)} ${words}`, breaking })
  if (after.required && !before.required) add("is required now.", true)
  if (!after.required && before.required) add("is no longer required.", false)
  const isWider = before.type === "integer" && after.type === "number"
  if (before.type !== after.type) add(`is of type ${after.type} now, not ${before.type}.`, !isWider)
  const [old, next] = [enumOf(before.schema), enumOf(after.schema)]
  if (!old && next) add(`allows ${listed(next)} alone now.`, true)
  if (old && next) {
    const lost = old.filter((value) => !next.includes(value))
    const won = next.filter((value) => !old.includes(value))
    if (lost.length > 0) add(`no longer allows ${listed(lost)}.`, true)
    if (won.length > 0) add(`allows ${listed(won)} too.`, false)
  }
  if (old && !next) add("allows other values too.", false)
  return changes
}

const listed = (values: readonly string[]): string =>
  values.slice(0, 5).join(", ") + (values.length > 5 ? `, and ${values.length - 5} more` : "")

function enumOf(schema: string | null | undefined): string[] | null {
  if (!schema) return null
  try {
    const { enum: values } = JSON.parse(schema) as { enum?: unknown }
    return Array.isArray(values)
      ? values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)))
      : null
  } catch {
    return null
  }
}

function bodyChanges(before: Endpoint, after: EndpointDraft): Changes {
  const [was, is] = [before.bodyType, after.bodyType ?? null]
  if (was !== null && is === null) return [{ words: "Takes no body any more.", breaking: true }]
  if (was === null && is !== null) return [{ words: `Takes a body of ${is} now.`, breaking: false }]
  return was === is ? [] : [{ words: `Its body is ${is} now, not ${was}.`, breaking: true }]
}

function answerChanges(before: readonly ExampleDraft[], after: readonly ExampleDraft[]): Changes {
  const [old, next] = [before, after].map((list) => [...new Set(list.map(({ status }) => status))]) as [
    number[],
    number[],
  ]
  const lost = old.filter((status) => status < 400 && !next.includes(status))
  const won = next.filter((status) => !old.includes(status))
  return [
    ...(lost.length > 0 ? [{ words: `Is no longer answered ${lost.join(", ")}.`, breaking: true }] : []),
    ...(won.length > 0 && old.length > 0 ? [{ words: `May be answered ${won.join(", ")}.`, breaking: false }] : []),
  ]
}
