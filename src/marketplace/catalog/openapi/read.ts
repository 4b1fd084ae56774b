// A document's text as a value, bounded before anybody walks it: size, nesting, aliases of YAML that unfold without end, references to elsewhere.
import { CATALOG_LIMITS } from "../limits.ts"
import { OPENAPI_LIMITS as L } from "./limits.ts"

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Why a document is refused, in words for its publisher. */
export class DocumentProblem extends Error {}

const refuse = (words: string): never => {
  throw new DocumentProblem(words)
}

/** @throws DocumentProblem */
export function readDocument(text: string): JsonObject {
  if (Buffer.byteLength(text) > CATALOG_LIMITS.documentBytesMax)
    refuse("This document is larger than 5 MB. Split it into several products, or leave out what callers do not need.")
  const trimmed = text.replace(/^\uFEFF/, "").trimStart()
  if (trimmed === "") refuse("There is nothing in this document.")
  if (trimmed.startsWith("<"))
    refuse("This is a page of HTML or XML. Give the address of the document itself, JSON or YAML.")
  const value = trimmed.startsWith("{") ? parseEither(trimmed) : parseYaml(trimmed)
  if (!isObject(value)) return refuse("This is no OpenAPI document: it begins with no object.")
  const elsewhere = new Set<string>()
  walk(value, elsewhere)
  refuseVersion(value)
  if (elsewhere.size > 0) {
    const some = [...elsewhere].slice(0, 3).map((ref) => ref.slice(0, 80))
    refuse(
      `This document refers to others (${some.join(", ")}${elsewhere.size > 3 ? ", …" : ""}), which are not fetched. Bundle it into one file first.`,
    )
  }
  return value
}

/** What begins like JSON may be YAML in one line; of what is neither, the words of JSON are the ones that help. */
function parseEither(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    try {
      return Bun.YAML.parse(text)
    } catch {
      return refuse(`This is no valid JSON: ${wordsOf(error)}.`)
    }
  }
}

function parseYaml(text: string): unknown {
  try {
    return Bun.YAML.parse(text)
  } catch (error) {
    return refuse(`This is no valid YAML: ${wordsOf(error)}.`)
  }
}

const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").slice(0, 120).replace(/\.$/, "")

function refuseVersion(document: JsonObject): void {
  const { openapi, swagger, asyncapi, info } = document
  if (swagger !== undefined)
    refuse(
      `This is Swagger ${String(swagger).slice(0, 10)}. OpenAPI 3.0 and 3.1 are understood: convert it first, for instance with swagger2openapi or the menu Edit, Convert to OpenAPI 3 of editor.swagger.io.`,
    )
  if (asyncapi !== undefined) refuse("This is an AsyncAPI document. OpenAPI 3.0 and 3.1 are understood.")
  if (isObject(info) && info._postman_id !== undefined)
    refuse("This is a Postman collection. Export the API as OpenAPI 3.0 or 3.1 first.")
  if (openapi === undefined) refuse("This is no OpenAPI document: it has no field “openapi”.")
  // A YAML document may write 3.1 as a number.
  if (!/^3\.[01](\.\d+)?(-.+)?$/.test(String(openapi)))
    refuse(`This is OpenAPI ${String(openapi).slice(0, 12)}. 3.0 and 3.1 are understood.`)
}

/** Where anything may stand, and is not ours to read. */
const OPAQUE = new Set(["example", "examples", "default", "enum", "const"])

/** Counts, measures, and finds references to elsewhere; without recursion, so that depth costs no stack. */
function walk(root: JsonObject, elsewhere: Set<string>): void {
  const stack: { value: object; depth: number; opaque: boolean }[] = [{ value: root, depth: 0, opaque: false }]
  let nodes = 0
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { value, depth, opaque } = top
    if (++nodes > L.nodesMax) refuse("This document is too large: it has more than 500,000 parts.")
    if (depth > L.depthMax) refuse("This document is nested too deeply, or an alias of YAML stands within itself.")
    for (const [key, child] of Object.entries(value)) {
      if (key === "$ref" && typeof child === "string" && !child.startsWith("#") && !opaque) elsewhere.add(child)
      if (typeof child !== "object" || child === null) continue
      const isOpaque = opaque || (OPAQUE.has(key) && !isNamed(top.value, root, depth)) || key.startsWith("x-")
      stack.push({ value: child, depth: depth + 1, opaque: isOpaque })
    }
  }
}

/** `components.examples` is a list of names, where references count. */
const isNamed = (value: object, root: JsonObject, depth: number): boolean => depth === 1 && value === root.components
