// The caller's own tools as other wires know them. Namespaces group them (OpenAI's `namespace`): elsewhere the group stands in the name,
// and the answer's calls are told by both again. Some come later, as items of the conversation: given by the developer, or found by a
// search that the caller runs itself, which elsewhere is a function.
import { bad, isObject, type Json } from "../checks.ts"

const JOIN = "__"
/** What a search of the caller is called elsewhere. */
export const SEARCH = "tool_search"

export const joined = (namespace: unknown, name: unknown): string =>
  typeof namespace === "string" ? `${namespace}${JOIN}${String(name)}` : String(name)

/** A tool and where it stands. */
export interface Placed {
  tool: Json
  param: string
  /** The caller's own words for it, which no other tool has. */
  origin: string
}
interface Asked {
  plain: Json
  history: readonly unknown[]
}

/**
 * All of a request, each name once: those of its field, and those that came later, which may come again.
 * @throws AppError invalid_request where two would have one name: one of them would be gone
 */
export function toolsOf(request: Asked): Placed[] {
  const byName = new Map<unknown, Placed & { list: string }>()
  for (const [tools, list] of listsOf(request)) {
    for (const placed of flattened(tools, list)) {
      const { name } = placed.tool
      const first = byName.get(name)
      if (!first) byName.set(name, { ...placed, list })
      else if (first.origin !== placed.origin || first.list === list) throw sameName(placed, String(name))
    }
  }
  return [...byName.values()]
}

const sameName = ({ param }: Placed, name: string) =>
  bad(param, `\`${param}\` would be a second tool called ${name} for this model's provider. Give it another name.`)

/** The tools one by one; what a group says of itself is said with its first tool. */
export function flattened(tools: readonly Json[], at: string): Placed[] {
  return tools.flatMap((tool, index): Placed[] => {
    const param = `${at}[${index}]`
    if (tool.type === "tool_search")
      return [{ tool: { ...tool, type: "function", name: SEARCH }, param, origin: "tool_search:" }]
    // A group whose tools run here is asked for them elsewhere.
    if (tool.type === "mcp") return []
    if (tool.type !== "namespace") return [{ tool, param, origin: `:${String(tool.name)}` }]
    return listIn(tool.tools).map((inside, place) => {
      const words = [place === 0 ? tool.description : null, inside.description].filter(
        (text) => typeof text === "string",
      )
      const description = words.length > 0 ? words.join("\n\n") : null
      return {
        tool: { ...inside, name: joined(tool.name, inside.name), description },
        param: `${param}.tools[${place}]`,
        origin: `${String(tool.name)}:${String(inside.name)}`,
      }
    })
  })
}

const listIn = (tools: unknown): Json[] => (Array.isArray(tools) ? tools.filter(isObject) : [])

function listsOf({ plain, history }: Asked): [tools: Json[], param: string][] {
  const lists: [Json[], string][] = [[listIn(plain.tools), "tools"]]
  for (const item of listIn(history)) if (bringsTools(item)) lists.push([listIn(item.tools), "previous_response_id"])
  if (!Array.isArray(plain.input)) return lists
  for (const [index, item] of plain.input.entries()) {
    if (isObject(item) && bringsTools(item)) lists.push([listIn(item.tools), `input[${index}].tools`])
  }
  return lists
}

const bringsTools = ({ type }: Json): boolean => type === "additional_tools" || type === "tool_search_output"

/** A call's name in the answer, in the caller's words. */
export type Named = { name: string; namespace?: string; isSearch?: true }
export type Names = ReadonlyMap<string, Named>

/** Names of other wires → the caller's, where they differ. */
export function namesIn(request: Asked): Names {
  const names = new Map<string, Named>()
  for (const tool of listsOf(request).flatMap(([tools]) => tools)) {
    if (tool.type === "tool_search") names.set(SEARCH, { name: SEARCH, isSearch: true })
    if (tool.type !== "namespace") continue
    const namespace = String(tool.name)
    for (const { name } of listIn(tool.tools)) names.set(joined(namespace, name), { name: String(name), namespace })
  }
  return names
}
