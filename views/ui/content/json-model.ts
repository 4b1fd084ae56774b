// What the JSON viewer shows: the shape of a document within bounds. Pure; numbers keep their digits as they were written.

export type JsonNode =
  | { kind: "object"; children: readonly JsonChild[]; size: number }
  | { kind: "array"; children: readonly JsonChild[]; size: number }
  | { kind: "string"; text: string; chars: number }
  | { kind: "number" | "word"; text: string }
  /** Deeper, or later, than what is shown. */
  | { kind: "more"; size: number }

export interface JsonChild {
  key: string
  node: JsonNode
}

/** UTF-16 units of a document that is taken apart; a longer one is text. */
export const JSON_CHARS_MAX = 200_000
/** Nodes of a document, children of one node, levels, UTF-16 units of one text. */
const NODES_MAX = 2_000
const CHILDREN_MAX = 100
const DEPTH_MAX = 20
const TEXT_MAX = 400

/** @returns null when it is not JSON, or too long to take apart */
export function jsonModel(source: string): JsonNode | null {
  if (source.length > JSON_CHARS_MAX || isDeep(source)) return null
  try {
    const value: unknown = JSON.parse(source, (_, one, context?: { source?: string }) =>
      typeof one === "number" ? new Digits(context?.source ?? String(one)) : one,
    )
    return nodeOf(value, 0, { left: NODES_MAX })
  } catch {
    return null
  }
}

/** A number as it was written: 12345678901234567890.10 has no equal among the numbers of JavaScript. */
class Digits {
  constructor(readonly text: string) {}
}

/** A parser that calls itself for each level ends at some thousand. */
function isDeep(source: string): boolean {
  let depth = 0
  for (const [bracket] of source.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/g)) {
    if (bracket === "[" || bracket === "{") depth += 1
    else if (bracket === "]" || bracket === "}") depth -= 1
    if (depth > 500) return true
  }
  return false
}

function nodeOf(value: unknown, depth: number, budget: { left: number }): JsonNode {
  budget.left -= 1
  if (value instanceof Digits) return { kind: "number", text: value.text }
  if (typeof value === "string") return { kind: "string", text: value.slice(0, TEXT_MAX), chars: value.length }
  if (typeof value !== "object" || value === null) return { kind: "word", text: String(value) }
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.slice(0, CHILDREN_MAX).map((item, index) => [String(index), item])
    : Object.entries(value)
  const size = Array.isArray(value) ? value.length : entries.length
  if (depth >= DEPTH_MAX) return { kind: "more", size }
  const children: JsonChild[] = []
  for (const [key, item] of entries.slice(0, CHILDREN_MAX)) {
    if (budget.left <= 0) break
    children.push({ key, node: nodeOf(item, depth + 1, budget) })
  }
  return { kind: Array.isArray(value) ? "array" : "object", children, size }
}
