// Tools that the caller runs itself. Tools that a provider runs (search, code, files, shells, MCP) are billed beside tokens and are
// refused by name.
import { type TSchema, Type as t } from "@sinclair/typebox"
import { bad, flag, isObject, type Json, object, objectOf, text, words } from "../checks.ts"
import { counted, type FieldCheck, field, readMembers } from "../reading.ts"

const literal = (type: string): FieldCheck => field(t.Literal(type), () => {})
const TOOLS: Readonly<Record<string, Record<string, FieldCheck>>> = {
  function: {
    type: literal("function"),
    name: counted(text),
    description: counted(text),
    parameters: counted(object),
    strict: flag,
  },
  custom: { type: literal("custom"), name: counted(text), description: counted(text), format: counted(object) },
}
const SCHEMA = t.Array(t.Union(Object.values(TOOLS).map((known) => objectOf(known, ["type", "name"]))), {
  description: "Tools that the caller runs. Tools that a provider runs are not offered.",
})

export const tools = field(SCHEMA, (value, at, reading) => {
  if (!Array.isArray(value)) throw bad(at, `\`${at}\` must be a list.`)
  for (const [index, tool] of value.entries()) {
    const here = `${at}[${index}]`
    if (!isObject(tool)) throw bad(here, `\`${here}\` must be an object.`)
    const known = knownOf(tool, here)
    if (typeof tool.name !== "string") throw bad(`${here}.name`, `\`${here}.name\` must be text.`)
    readMembers(known, tool, here, at, reading)
  }
})

function knownOf({ type }: Json, at: string): Record<string, FieldCheck> {
  if (typeof type === "string" && Object.hasOwn(TOOLS, type)) return TOOLS[type]!
  const named = typeof type === "string" ? `\`${type.slice(0, 60)}\` is a tool that the provider runs` : "No such tool"
  throw bad(`${at}.type`, `${named}; not offered here. \`${at}.type\` must be function or custom.`)
}

const one = (type: string): TSchema => objectOf({ type: literal(type), name: text }, ["type", "name"])
const MODES = ["auto", "none", "required"]
const CHOICE = t.Union([
  t.Unsafe<string>({ type: "string", enum: MODES }),
  one("function"),
  one("custom"),
  t.Object(
    {
      type: t.Literal("allowed_tools"),
      mode: t.Optional(t.Union([words("auto", "required"), t.Null()])),
      tools: t.Array(t.Object({ type: words("function", "custom") }, { additionalProperties: true })),
    },
    { additionalProperties: false },
  ),
])

/** `auto`, `none`, `required`, one of the caller's own tools, or some of them. */
export const toolChoice = field(CHOICE, (value, at, { size }) => {
  if (typeof value === "string") {
    if (!MODES.includes(value)) throw bad(at, `\`${at}\` must be auto, none, required, or name a tool of yours.`)
  } else if (!isObject(value)) throw bad(at, `\`${at}\` must be a word, or name a tool of yours.`)
  else if (value.type === "allowed_tools") allowed(value, at)
  else if ((value.type !== "function" && value.type !== "custom") || typeof value.name !== "string") {
    throw bad(at, `\`${at}\` must name one of your functions or custom tools.`)
  } else refuseOthers(value, ["type", "name"], at)
  size.text(value)
})

function refuseOthers(value: Json, known: readonly string[], at: string): void {
  const other = Object.keys(value).find((name) => !known.includes(name))
  if (other) throw bad(`${at}.${other.slice(0, 200)}`, `\`${at}.${other.slice(0, 200)}\` is not known. Leave it out.`)
}

function allowed(choice: Json, at: string): void {
  const { mode, tools: list } = choice
  if (mode !== undefined && mode !== null && mode !== "auto" && mode !== "required") {
    throw bad(`${at}.mode`, `\`${at}.mode\` must be auto or required.`)
  }
  const isOwn = (tool: unknown) => isObject(tool) && (tool.type === "function" || tool.type === "custom")
  if (!Array.isArray(list) || !list.every(isOwn)) throw bad(`${at}.tools`, `\`${at}.tools\` must list tools of yours.`)
  refuseOthers(choice, ["type", "mode", "tools"], at)
}
