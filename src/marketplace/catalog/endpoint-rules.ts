// What an endpoint may be: its method, its path as a template, its parameters and stored answers. Pure.
import type { FieldProblems } from "../../app/index.ts"
import type { Method, ParameterPlace } from "../types.ts"
import { CATALOG_LIMITS as L } from "./limits.ts"
import { addressProblems, within } from "./rules.ts"
import type { EndpointDraft, ExampleDraft, ParameterDraft } from "./types.ts"

export const METHODS: readonly Method[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
export const PLACES: readonly ParameterPlace[] = ["path", "query", "header", "body"]
export const TYPES = ["string", "integer", "number", "boolean", "array", "object"] as const

/** Names in a path's braces, in their order. */
export const namesIn = (path: string): string[] => [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name!)

/** Two paths of one shape answer the same calls. */
export const shapeOf = (path: string): string => path.replace(/\{[^{}]*\}/g, "{}")

/** RFC 6570 level 1 within path segments of RFC 3986, as it is matched and sent on. */
export function pathProblem(path: string): string | null {
  if (!path.startsWith("/") || path.length > L.pathChars)
    return "Enter a path that begins with a slash, such as /weather/{city}."
  const bare = shapeOf(path)
  if (/[{}]/.test(bare.replaceAll("{}", "")))
    return "A brace is not closed. Names in braces stand for parameters: /weather/{city}."
  if (!/^(\/([\w.~!$&'()*+,;=:@-]|\{\}|%[0-9a-f]{2})*)*$/i.test(bare))
    return "Use letters, digits and signs of paths. What follows a question mark are query parameters."
  if (/%(2f|5c|00|2e)/i.test(bare)) return "A slash or a dot cannot be written as a code."
  if (bare.slice(0, -1).includes("//") || bare.split("/").some((part) => part === "." || part === ".."))
    return "Leave out empty and dot parts."
  if (bare.includes("{}{}")) return "Two parameters stand side by side; nothing tells where one ends."
  const names = namesIn(path)
  const wrong = names.find((name) => !/^[\w.-]{1,80}$/.test(name))
  if (wrong !== undefined) return `“${wrong}” is no name of a parameter: use letters, digits, _ . and -.`
  return new Set(names).size === names.length ? null : "A name stands in the path twice."
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function schemaProblem(schema: string | null | undefined): string | null {
  if (!schema) return null
  if (schema.length > L.schemaChars) return `A schema may have ${L.schemaChars.toLocaleString("en-US")} characters.`
  if (!isJson(schema)) return "The schema is not JSON."
  const value: unknown = JSON.parse(schema)
  return typeof value === "boolean" || (typeof value === "object" && value !== null && !Array.isArray(value))
    ? null
    : "A schema is a JSON object."
}

const HEADER = /^[a-z0-9!#$%&'*+.^_|~-]+$/i

function parametersProblem(path: string, parameters: readonly ParameterDraft[]): string | null {
  if (parameters.length > L.parametersMax) return `An endpoint has ${L.parametersMax} parameters at most.`
  const inPath = new Set(namesIn(path))
  const seen = new Set<string>()
  for (const one of parameters) {
    const problem = parameterProblem(one, inPath)
    if (problem) return `${one.name || "A parameter"}: ${problem}`
    const key = `${one.place} ${one.place === "header" ? one.name.toLowerCase() : one.name}`
    if (seen.has(key)) return `${one.name} stands there twice.`
    seen.add(key)
  }
  const missing = [...inPath].find((name) => !seen.has(`path ${name}`))
  return missing === undefined ? null : `Describe the parameter {${missing}} of the path.`
}

function parameterProblem(one: ParameterDraft, inPath: ReadonlySet<string>): string | null {
  if (one.name === "" || one.name.length > L.nameChars || /[\p{Cc}\p{Cs}]/u.test(one.name)) return "give it a name."
  if (!PLACES.includes(one.place)) return "say where it stands."
  if (!(TYPES as readonly string[]).includes(one.type)) return `its type is one of ${TYPES.join(", ")}.`
  if (one.place === "path" && !inPath.has(one.name)) return "the path has no such name in braces."
  if (one.place === "path" && !one.required) return "what stands in the path is required."
  if (one.place === "header" && !HEADER.test(one.name)) return "that is no name of a header."
  if ((one.description ?? "").length > L.descriptionChars) return "its description is too long."
  if ((one.example ?? "").length > L.exampleChars) return "its example is too long."
  return schemaProblem(one.schema)
}

function examplesProblem(examples: readonly ExampleDraft[]): string | null {
  if (examples.length > L.examplesMax) return `An endpoint has ${L.examplesMax} stored answers at most.`
  const wrong = examples.find(
    ({ status, body = "", bodyType = "" }) =>
      within(status, 100, 599, "x") !== null || body.length > L.bodyChars || bodyType.length > 100,
  )
  return wrong === undefined ? null : `The answer ${wrong.status} has no valid status, or is too long.`
}

export const endpointProblems = (draft: EndpointDraft): FieldProblems => ({
  method: METHODS.includes(draft.method) ? null : "Choose a method.",
  path: pathProblem(draft.path),
  title:
    draft.title.trim() === "" || draft.title.length > L.changeTitleChars
      ? "Enter a title of up to 120 characters."
      : null,
  description: (draft.description ?? "").length > L.descriptionChars ? "Use at most 10,000 characters." : null,
  weight: within(draft.weight ?? 1, 0, L.weightMax, "Give 0 to 1,000,000 units."),
  priceNano: within(draft.priceNano ?? 0, 0, L.priceNanoMax, "Give at most $100."),
  bodySchema: schemaProblem(draft.bodySchema),
  bodyType:
    draft.bodyType && !/^[\w.+-]+\/[\w.+*-]+$/.test(draft.bodyType)
      ? "Enter a media type such as application/json."
      : null,
  ...addressProblems(draft),
  parameters: pathProblem(draft.path) ? null : parametersProblem(draft.path, draft.parameters ?? []),
  examples: examplesProblem(draft.examples ?? []),
})
