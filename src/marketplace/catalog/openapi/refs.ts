// References within a document, followed a bounded number of steps.
import { OPENAPI_LIMITS as L } from "./limits.ts"
import { isObject, type Json, type JsonObject } from "./read.ts"

/** RFC 6901. */
export function at(root: JsonObject, ref: string): Json | undefined {
  if (ref === "#") return root
  if (!ref.startsWith("#/")) return undefined
  let value: Json | undefined = root
  for (const part of ref.slice(2).split("/")) {
    const key = decoded(part)
    if (Array.isArray(value)) value = value[Number(key)]
    else if (isObject(value) && Object.hasOwn(value, key)) value = value[key]
    else return undefined
  }
  return value
}

function decoded(part: string): string {
  const plain = part.includes("%") ? safelyDecoded(part) : part
  return plain.replaceAll("~1", "/").replaceAll("~0", "~")
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What a reference leads to, through others; null = to nothing, to no object, or in a circle. */
export function resolved(root: JsonObject, value: Json | undefined): JsonObject | null {
  let here = value
  for (let steps = 0; steps < L.refsMax; steps++) {
    if (!isObject(here)) return null
    if (typeof here.$ref !== "string") return here
    here = at(root, here.$ref)
  }
  return null
}
