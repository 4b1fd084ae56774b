// Namespaces group a caller's own tools (OpenAI's `namespace`). Other wires have no such word: there the group stands in the name, and the
// answer's calls are told by both again.
import { isObject, type Json } from "../checks.ts"

const JOIN = "__"

export const joined = (namespace: unknown, name: unknown): string =>
  typeof namespace === "string" ? `${namespace}${JOIN}${String(name)}` : String(name)

/** A tool and where it stands. */
export interface Placed {
  tool: Json
  param: string
}

/** The tools one by one; what a group says of itself is said with its first tool. */
export function flattened(tools: readonly unknown[]): Placed[] {
  return tools.flatMap((one, index): Placed[] => {
    const tool = isObject(one) ? one : {}
    const param = `tools[${index}]`
    if (tool.type !== "namespace") return [{ tool, param }]
    return insideOf(tool).map((inside, at) => {
      const words = [at === 0 ? tool.description : null, inside.description].filter((text) => typeof text === "string")
      const description = words.length > 0 ? words.join("\n\n") : null
      return { tool: { ...inside, name: joined(tool.name, inside.name), description }, param: `${param}.tools[${at}]` }
    })
  })
}

const insideOf = ({ tools }: Json): Json[] => (Array.isArray(tools) ? tools.filter(isObject) : [])

export type Names = ReadonlyMap<string, { name: string; namespace: string }>

/** Joined names → both. */
export function namesIn(tools: readonly unknown[]): Names {
  const names = new Map<string, { name: string; namespace: string }>()
  for (const tool of tools) {
    if (!isObject(tool) || tool.type !== "namespace") continue
    const namespace = String(tool.name)
    for (const { name } of insideOf(tool)) names.set(joined(namespace, name), { name: String(name), namespace })
  }
  return names
}
