// Tools that the caller runs itself. Tools that a provider runs (search, code, files, MCP) are billed beside tokens and
// are refused.
import { bad, type Check, isObject, type Json } from "../checks.ts"
import { cacheControl } from "./messages.ts"
import { counted, type FieldCheck, readMembers } from "./reading.ts"

const described: Check = (value, at) => {
  if (!isObject(value)) throw bad(at, `\`${at}\` must be an object.`)
}
const TOOLS: Record<string, Record<string, FieldCheck>> = {
  function: { function: counted(described) },
  custom: { custom: counted(described) },
}
const type: FieldCheck = () => {}

export const tools: FieldCheck = (value, at, reading) => {
  if (!Array.isArray(value)) throw bad(at, `\`${at}\` must be a list.`)
  for (const [index, tool] of value.entries()) {
    const here = `${at}[${index}]`
    if (!isObject(tool)) throw bad(here, `\`${here}\` must be an object.`)
    readMembers({ type, cache_control: cacheControl, ...membersOf(tool, here) }, tool, here, at, reading)
  }
}

function membersOf(tool: Json, at: string): Record<string, FieldCheck> {
  const known = typeof tool.type === "string" && Object.hasOwn(TOOLS, tool.type) ? TOOLS[tool.type] : undefined
  if (known) return known
  throw bad(`${at}.type`, `\`${at}.type\` must be function or custom. Tools that a provider runs are not offered here.`)
}

/** `auto`, `none`, `required`, `any`, or one of the caller's own tools. */
export const toolChoice: FieldCheck = (value, at, { size }) => {
  const isNamed = isObject(value) && ["function", "custom", "allowed_tools"].includes(String(value.type))
  if (typeof value !== "string" && !isNamed) throw bad(at, `\`${at}\` must be a word, or name a function of yours.`)
  size.text(value)
}
