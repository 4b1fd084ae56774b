// Tools that the caller runs itself, and groups whose tools run here. Tools that a provider runs (search, code, files) are billed beside
// tokens and are refused.
import { Type as t } from "@sinclair/typebox"
import { bad, isObject, type Json, object, objectOf, words } from "../checks.ts"
import { GROUP, isGroup, readGroup } from "../groups.ts"
import { counted, type FieldCheck, field, readMembers } from "../reading.ts"
import { cacheControl } from "./messages.ts"

const TOOLS: Record<string, Record<string, FieldCheck>> = {
  function: { function: counted(object) },
  custom: { custom: counted(object) },
}
const tool = (type: string, known: Record<string, FieldCheck>): Record<string, FieldCheck> => ({
  type: field(t.Literal(type), () => {}),
  cache_control: cacheControl,
  ...known,
})
const OWN = Object.entries(TOOLS).map(([type, known]) => objectOf(tool(type, known), ["type"]))
const SCHEMA = t.Array(t.Union([...OWN, objectOf(GROUP, ["type", "group"])]), {
  description:
    "Tools that the caller runs, and groups of tools that run here. Tools that a provider runs are not offered.",
})

export const tools = field(SCHEMA, (value, at, reading) => {
  if (!Array.isArray(value)) throw bad(at, `\`${at}\` must be a list.`)
  for (const [index, one] of value.entries()) {
    const here = `${at}[${index}]`
    if (!isObject(one)) throw bad(here, `\`${here}\` must be an object.`)
    if (isGroup(one)) readGroup(one, here, reading)
    else readMembers(membersOf(one, here), one, here, at, reading)
  }
})

function membersOf({ type }: Json, at: string): Record<string, FieldCheck> {
  if (typeof type === "string" && Object.hasOwn(TOOLS, type)) return tool(type, TOOLS[type]!)
  throw bad(
    `${at}.type`,
    `\`${at}.type\` must be function, custom or mcp. Tools that a provider runs are not offered here.`,
  )
}

/** `auto`, `none`, `required`, `any`, or one of the caller's own tools. */
const CHOICES = ["function", "custom", "allowed_tools"]
const CHOICE = t.Union([t.String(), t.Object({ type: words(...CHOICES) }, { additionalProperties: true })])

export const toolChoice = field(CHOICE, (value, at, { size }) => {
  const isNamed = isObject(value) && typeof value.type === "string" && CHOICES.includes(value.type)
  if (typeof value !== "string" && !isNamed) throw bad(at, `\`${at}\` must be a word, or name a function of yours.`)
  size.text(value)
})
