// A whole document as what a product is made of. Pure: text in, drafts and notes out; the read Worker runs it, so that the loop stays free.
import { tidyName } from "../../../app/index.ts"
import type { Method } from "../../types.ts"
import { endpointProblems, METHODS, pathProblem, shapeOf } from "../endpoint-rules.ts"
import { CATALOG_LIMITS as C } from "../limits.ts"
import { upstreamOf } from "../rules.ts"
import type { EndpointDraft } from "../types.ts"
import { OPENAPI_LIMITS as L } from "./limits.ts"
import { endpointOf } from "./operation.ts"
import { DocumentProblem, isObject, type Json, type JsonObject, readDocument } from "./read.ts"
import { resolved } from "./refs.ts"
import type { SchemaSource } from "./schema.ts"

export interface Imported {
  title: string
  version: string
  description: string
  /** Of the first server that is one; null = the document names none. */
  upstreamUrl: string | null
  /** A header in which the API wants a key of its own; null = none is named. */
  keyHeader: string | null
  endpoints: EndpointDraft[]
  /** What was left out, and why. */
  notes: string[]
}

export type ImportResult = { document: Imported } | { problem: string }

/** @param fetchedFrom where it came from, for servers that are relative to it */
export function importDocument({ text, fetchedFrom }: { text: string; fetchedFrom?: string | null }): ImportResult {
  try {
    return { document: imported(readDocument(text), fetchedFrom ?? null) }
  } catch (error) {
    if (error instanceof DocumentProblem) return { problem: error.message }
    throw error
  }
}

function imported(root: JsonObject, fetchedFrom: string | null): Imported {
  const notes = new Set<string>()
  const source: SchemaSource = {
    root,
    is30: /^3\.0/.test(String(root.openapi)),
    budget: { nodes: L.schemaNodesMax },
    note: (words) => void (notes.size <= L.notesMax && notes.add(words.toWellFormed())),
  }
  const info = isObject(root.info) ? root.info : {}
  const endpoints = endpointsOf(source)
  if (endpoints.length === 0)
    throw new DocumentProblem(
      "This document has no endpoint that can be published: it has no paths, or none that fits.",
    )
  if (source.budget.nodes <= 0)
    source.note("The schemas of this document are very large; some bodies are shown without theirs.")
  const words = (value: Json | undefined, charsMax: number) =>
    typeof value === "string" ? value.slice(0, charsMax).toWellFormed() : ""
  const version = String(info.version ?? "").trim()
  return {
    title: tidyName(words(info.title, 300)).slice(0, C.titleChars).trim(),
    version: /^[\w.+ -]{1,40}$/.test(version) ? version : "1.0.0",
    description: words(info.description, C.overviewChars),
    upstreamUrl: serverOf(root, fetchedFrom),
    keyHeader: keyHeaderOf(root),
    endpoints,
    notes: notes.size > L.notesMax ? [...[...notes].slice(0, L.notesMax), "… and more."] : [...notes],
  }
}

function endpointsOf(source: SchemaSource): EndpointDraft[] {
  const byRoute = new Map<string, EndpointDraft>()
  const paths = isObject(source.root.paths) ? source.root.paths : {}
  for (const [path, entry] of Object.entries(paths)) {
    if (path.startsWith("x-")) continue
    const item = resolved(source.root, entry)
    const problem = pathProblem(path)
    if (!item) source.note(`${path.slice(0, 80)} leads to nothing.`)
    else if (problem) source.note(`${path.slice(0, 80)} is left out. ${problem}`)
    else for (const draft of operationsOf(source, path, item)) takeIn(source, byRoute, draft)
  }
  return [...byRoute.values()]
}

function operationsOf(source: SchemaSource, path: string, item: JsonObject): EndpointDraft[] {
  if (item.trace !== undefined) source.note(`TRACE ${path} is left out: the gateway does not pass it on.`)
  if (item.servers !== undefined)
    source.note(`${path}: it names servers of its own; all endpoints of a product go to one server.`)
  return METHODS.flatMap((method: Method) => {
    const operation = item[method.toLowerCase()]
    return isObject(operation) ? [endpointOf(source, { method, path, item, operation })] : []
  })
}

function takeIn(source: SchemaSource, byRoute: Map<string, EndpointDraft>, draft: EndpointDraft): void {
  const where = `${draft.method} ${draft.path}`
  const route = `${draft.method} ${shapeOf(draft.path)}`
  const problem = Object.values(endpointProblems(draft)).find((words) => words)
  if (byRoute.size >= C.endpointsMax)
    source.note(`A product has ${C.endpointsMax} endpoints at most; the first ones are kept.`)
  else if (byRoute.has(route)) source.note(`${where} is left out: ${byRoute.get(route)!.path} answers the same calls.`)
  else if (problem) source.note(`${where} is left out. ${problem}`)
  else byRoute.set(route, draft)
}

function serverOf(root: JsonObject, fetchedFrom: string | null): string | null {
  for (const entry of Array.isArray(root.servers) ? root.servers : []) {
    if (!isObject(entry) || typeof entry.url !== "string") continue
    const variables = isObject(entry.variables) ? entry.variables : {}
    const url = entry.url.replace(/\{([^{}]+)\}/g, (_, name: string) => {
      const variable = Object.hasOwn(variables, name) ? variables[name] : undefined
      return isObject(variable) && typeof variable.default === "string" ? variable.default : ""
    })
    const whole = URL.canParse(url)
      ? url
      : fetchedFrom && URL.canParse(url, fetchedFrom)
        ? new URL(url, fetchedFrom).href
        : ""
    const upstream = upstreamOf(whole)
    if ("url" in upstream) return upstream.url
  }
  return null
}

function keyHeaderOf(root: JsonObject): string | null {
  const components = isObject(root.components) ? root.components : {}
  const schemes = isObject(components.securitySchemes) ? Object.values(components.securitySchemes) : []
  for (const entry of schemes) {
    const scheme = resolved(root, entry)
    if (scheme?.type === "apiKey" && scheme.in === "header" && typeof scheme.name === "string")
      return scheme.name.slice(0, 100)
    if (scheme?.type === "http") return "Authorization"
  }
  return null
}
