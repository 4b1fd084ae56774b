// Tools that the caller runs itself, and groups whose tools run here. Tools that the provider defines or runs (search, fetch, code, bash,
// computers, memory) are refused by name.
import { Type as t } from "@sinclair/typebox"
import { bad, documented, flag, isObject, type Json, list, object, objectOf, oneOf, text, words } from "../checks.ts"
import { GROUP, isGroup, readGroup } from "../groups.ts"
import { counted, type FieldCheck, field, readMembers } from "../reading.ts"
import { cacheControl } from "./blocks.ts"

const never = documented(t.Literal(false), (value, at) => {
  if (value !== false)
    throw bad(at, `\`${at}\` must be false here: tools are searched by the provider, which is billed.`)
})
const direct = documented(t.Array(t.Literal("direct")), (value, at) => {
  if (!Array.isArray(value) || value.some((one) => one !== "direct"))
    throw bad(at, `\`${at}\` must be ["direct"] here.`)
})
const TOOL: Readonly<Record<string, FieldCheck>> = {
  type: oneOf("custom"),
  name: counted(text),
  description: counted(text),
  input_schema: counted(object),
  input_examples: counted(list),
  strict: flag,
  eager_input_streaming: flag,
  defer_loading: never,
  allowed_callers: direct,
  cache_control: cacheControl,
}
const SCHEMA = t.Array(t.Union([objectOf(TOOL, ["name", "input_schema"]), objectOf(GROUP, ["type", "group"])]), {
  description:
    "Tools that the caller runs, and groups of tools that run here. Tools that a provider defines or runs are not offered.",
})

export const tools = field(SCHEMA, (value, at, reading) => {
  if (!Array.isArray(value)) throw bad(at, `\`${at}\` must be a list.`)
  for (const [index, tool] of value.entries()) {
    const here = `${at}[${index}]`
    if (!isObject(tool)) throw bad(here, `\`${here}\` must be an object.`)
    if (isGroup(tool)) {
      readGroup(tool, here, reading)
      continue
    }
    refuseProviders(tool, here)
    for (const name of ["name", "input_schema"]) {
      if (tool[name] === undefined || tool[name] === null)
        throw bad(`${here}.${name}`, `\`${here}.${name}\` is missing.`)
    }
    readMembers(TOOL, tool, here, at, reading)
  }
})

function refuseProviders({ type }: Json, at: string): void {
  if (type === undefined || type === null || type === "custom") return
  const named =
    typeof type === "string" ? `\`${type.slice(0, 60)}\` is a tool that the provider defines or runs` : "No such tool"
  throw bad(`${at}.type`, `${named}; not offered here. \`${at}.type\` must be custom or mcp, or left out.`)
}

const CHOICES = ["auto", "any", "tool", "none"]
const CHOICE: Readonly<Record<string, FieldCheck>> = {
  type: oneOf(...CHOICES),
  name: counted(text),
  disable_parallel_tool_use: flag,
}
const ONE: Readonly<Record<string, FieldCheck>> = { ...CHOICE, type: field(t.Literal("tool"), () => {}) }
const OTHERS: Readonly<Record<string, FieldCheck>> = {
  type: field(words("auto", "any", "none"), () => {}),
  disable_parallel_tool_use: flag,
}

export const toolChoice = field(
  t.Union([objectOf(ONE, ["type", "name"]), objectOf(OTHERS, ["type"])]),
  (value, at, reading) => {
    if (!isObject(value)) throw bad(at, `\`${at}\` must be an object with a \`type\`.`)
    oneOf(...CHOICES)(value.type, `${at}.type`)
    const isOne = value.type === "tool"
    if (isOne && typeof value.name !== "string") throw bad(`${at}.name`, `\`${at}.name\` must name one of your tools.`)
    readMembers(isOne ? ONE : OTHERS, value, at, at, reading)
  },
)
