// Tools that the caller runs itself, and groups whose tools run here. Tools that a provider runs (search, code, files, shells) are billed
// beside tokens and are refused by name.
import { type TSchema, Type as t } from "@sinclair/typebox"
import { bad, documented, flag, isObject, type Json, object, objectOf, text, words } from "../checks.ts"
import { GROUP, isGroup, readGroup } from "../groups.ts"
import { counted, type FieldCheck, field, type Reading, readMembers } from "../reading.ts"

const literal = (type: string): FieldCheck => field(t.Literal(type), () => {})
/** Left out until a provider's search finds it, or called by a provider's programs: services of a provider. */
const never = documented(t.Literal(false), (value, at) => {
  if (value !== false) throw bad(at, `\`${at}\` must be false here: a provider's search of tools is not offered.`)
})
const callers = documented(t.Array(words("direct")), (value, at) => {
  if (!Array.isArray(value) || value.some((one) => one !== "direct")) throw bad(at, `\`${at}\` must be direct alone.`)
})
const COMMON = {
  name: counted(text),
  description: counted(text),
  async: flag,
  defer_loading: field(never.schema, never),
  allowed_callers: field(callers.schema, callers),
}
const TOOLS: Readonly<Record<string, Record<string, FieldCheck>>> = {
  function: {
    type: literal("function"),
    ...COMMON,
    parameters: counted(object),
    output_schema: counted(object),
    strict: flag,
  },
  custom: { type: literal("custom"), ...COMMON, format: counted(object) },
}
/** As a search found them, which the caller ran. */
const FOUND = Object.fromEntries(
  Object.entries(TOOLS).map(([type, known]) => [type, { ...known, defer_loading: flag }]),
) as typeof TOOLS
const schemaOf = (known: Record<string, FieldCheck>): TSchema => objectOf(known, ["type", "name"])
const INSIDE = Object.values(TOOLS).map(schemaOf)
const FOUND_INSIDE = Object.values(FOUND).map(schemaOf)
type Kinds = Readonly<Record<string, Readonly<Record<string, FieldCheck>>>>
/** A group of them. */
const groupOf = (inside: Kinds, schemas: TSchema[]): Readonly<Record<string, FieldCheck>> => ({
  type: literal("namespace"),
  name: counted(text),
  description: counted(text),
  tools: field(t.Array(t.Union(schemas)), (value, at, reading) => readTools(value, at, reading, inside)),
})
/** A search that the caller runs itself, and that of a provider is another one. */
const SEARCH: Readonly<Record<string, FieldCheck>> = {
  type: literal("tool_search"),
  execution: literal("client"),
  description: counted(text),
  parameters: counted(object),
}
const KINDS: Kinds = { ...TOOLS, namespace: groupOf(TOOLS, INSIDE), tool_search: SEARCH }
const LATER: Kinds = { ...FOUND, namespace: groupOf(FOUND, FOUND_INSIDE) }
const NAMESPACE = ["type", "name", "tools"]
const SCHEMA = t.Array(
  t.Union([
    ...INSIDE,
    objectOf(KINDS.namespace!, NAMESPACE),
    objectOf(SEARCH, ["type", "execution"]),
    objectOf(GROUP, ["type", "group"]),
  ]),
  {
    description:
      "Tools that the caller runs, and groups of tools that run here. Tools that a provider runs are not offered.",
  },
)

export const tools = field(SCHEMA, (value, at, reading) => readTools(value, at, reading, KINDS))
/** Tools that come as items of the conversation. */
export const laterTools = field(
  t.Array(t.Union([...FOUND_INSIDE, objectOf(LATER.namespace!, NAMESPACE)])),
  (value, at, reading) => readTools(value, at, reading, LATER),
)

function readTools(value: unknown, at: string, reading: Reading, kinds: Kinds): void {
  if (!Array.isArray(value)) throw bad(at, `\`${at}\` must be a list.`)
  for (const [index, tool] of value.entries()) {
    const here = `${at}[${index}]`
    if (!isObject(tool)) throw bad(here, `\`${here}\` must be an object.`)
    if (kinds === KINDS && isGroup(tool)) {
      readGroup(tool, here, reading)
      continue
    }
    const known = knownOf(tool, here, kinds)
    if (known.name && typeof tool.name !== "string") throw bad(`${here}.name`, `\`${here}.name\` must be text.`)
    if (tool.type === "namespace" && !Array.isArray(tool.tools))
      throw bad(`${here}.tools`, `\`${here}.tools\` is missing.`)
    readMembers(known, tool, here, "tools", reading)
  }
}

function knownOf({ type, execution }: Json, at: string, kinds: Kinds): Readonly<Record<string, FieldCheck>> {
  const isOwn = type !== "tool_search" || execution === "client"
  if (isOwn && typeof type === "string" && Object.hasOwn(kinds, type)) return kinds[type]!
  const named = typeof type === "string" ? `\`${type.slice(0, 60)}\` is a tool that the provider runs` : "No such tool"
  const words = `${named}; not offered here. \`${at}.type\` must be ${Object.keys(kinds).join(", ")}.`
  throw bad(`${at}.type`, SWITCHES.has(type) ? `${words} ${SWITCHES.get(type)}` : words)
}

/** How clients are told not to send what they send unasked. */
const SWITCHES: ReadonlyMap<unknown, string> = new Map([
  ["web_search", 'Turn it off in your client: Codex takes `web_search = "disabled"` in its config.toml.'],
])

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
