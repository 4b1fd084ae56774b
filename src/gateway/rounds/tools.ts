// What a model is offered of the groups that a request names: each tool under a name that every provider takes and nobody else has.
import { sha256Hex } from "../../app/index.ts"
import type { Caller } from "../caller.ts"
import { bad } from "../dialects/checks.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import type { ToolDefinition } from "../providers/index.ts"
import type { AskedGroup, OfferedTool, ToolPort } from "./types.ts"

/** By the name that the model calls. */
export type HostedTools = ReadonlyMap<string, OfferedTool>

/** @throws AppError not_found, and invalid_request naming the group where it has none of what is asked for */
export function toolsFor(
  port: ToolPort,
  caller: Caller,
  asked: readonly AskedGroup[],
  own: readonly ToolDefinition[],
): HostedTools {
  const found = asked.flatMap(({ group, only, param }) => {
    const offered = port.offered(caller, group)
    const missing = only?.find((name) => !offered.some((one) => one.name === name))
    if (missing !== undefined)
      throw bad(`${param}.allowed_tools`, `The group \`${group}\` has no tool \`${missing.slice(0, 100)}\`.`)
    return only ? offered.filter(({ name }) => only.includes(name)) : offered
  })
  if (found.length > GATEWAY_LIMITS.offeredToolsMax) {
    const words = `These groups have ${found.length} tools; a model is offered ${GATEWAY_LIMITS.offeredToolsMax} at most. Choose some by \`allowed_tools\`.`
    throw bad("tools", words)
  }
  return named(found, new Set(own.map(({ name }) => name)))
}

/** Between a group and its tool, where the tool's name alone is somebody else's: as between a server and its tool. */
const JOINT = "__"

function named(found: readonly OfferedTool[], taken: ReadonlySet<string>): HostedTools {
  const tools = new Map<string, OfferedTool>()
  const times = Map.groupBy(found, ({ name }) => plain(name))
  for (const tool of found) {
    const own = plain(tool.name)
    const isAlone = times.get(own)!.length === 1 && !taken.has(own)
    let name = isAlone ? own : plain(`${tool.group}${JOINT}${tool.name}`)
    if (taken.has(name) || tools.has(name)) name = hashed(name, `${tool.group}/${tool.name}`)
    tools.set(name, tool)
  }
  return tools
}

/** Letters, digits, `_` and `-`: what OpenAI, Anthropic and Google have in common. */
function plain(name: string): string {
  const clean = name.replaceAll(/[^a-zA-Z0-9_-]/g, "_")
  return clean.length > GATEWAY_LIMITS.toolNameCharsMax ? hashed(clean, name) : clean
}

const HASH_CHARS = 8
const hashed = (name: string, of: string): string =>
  `${name.slice(0, GATEWAY_LIMITS.toolNameCharsMax - HASH_CHARS - 1)}_${sha256Hex(of).slice(0, HASH_CHARS)}`

export const definitionsOf = (tools: HostedTools): ToolDefinition[] =>
  [...tools].map(([name, { description, schema }]) => ({
    type: "function",
    name,
    description,
    schema,
    strict: null,
    param: "tools",
  }))
