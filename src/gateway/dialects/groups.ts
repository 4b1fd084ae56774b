// A group of tools that a request names, the same in every dialect: `{"type": "mcp", "group": "travel"}`. Its tools run here, with their
// owner's credentials; members that OpenAI's own tool of this type has are taken where they say the same thing.
import { Type as t } from "@sinclair/typebox"
import { GATEWAY_LIMITS } from "../limits.ts"
import { bad, documented, isObject, type Json, oneOf, text } from "./checks.ts"
import { type FieldCheck, field, type Reading } from "./reading.ts"

const NAMES = { minItems: 1, maxItems: GATEWAY_LIMITS.offeredToolsMax }
const names = documented(t.Array(t.String(), NAMES), (value, at) => {
  const isList = Array.isArray(value) && value.length > 0 && value.length <= NAMES.maxItems
  if (!isList || value.some((one) => typeof one !== "string"))
    throw bad(at, `\`${at}\` must list names of tools, at most ${NAMES.maxItems}.`)
})
const named = documented(t.String({ minLength: 1, maxLength: GATEWAY_LIMITS.modelCharsMax }), (value, at) => {
  if (typeof value !== "string" || value === "" || value.length > GATEWAY_LIMITS.modelCharsMax)
    throw bad(at, `\`${at}\` must name a group. GET /v1/mcp/groups lists them.`)
})

export const GROUP: Readonly<Record<string, FieldCheck>> = {
  type: field(t.Literal("mcp", { description: "A group of tool servers: its tools run here" }), () => {}),
  group: field(named.schema, named),
  allowed_tools: field(names.schema, names),
  /** A label of the caller's own: answers name the group. */
  server_label: field(text.schema, text),
  /** Nobody can be asked in the middle of a call. */
  require_approval: field(oneOf("never").schema, oneOf("never")),
}

export const isGroup = (tool: unknown): tool is Json => isObject(tool) && tool.type === "mcp"

/** @throws AppError naming the member, also where tools do not run */
export function readGroup(tool: Json, at: string, { groups }: Reading): void {
  if (!groups) throw bad(`${at}.type`, `\`${at}.type\` cannot be mcp here: no tools run in this call.`)
  for (const [member, value] of Object.entries(tool)) {
    if (value === null) continue
    const check = Object.hasOwn(GROUP, member) ? GROUP[member] : undefined
    const param = `${at}.${member.slice(0, 200)}`
    if (!check) throw bad(param, `\`${param}\` is not known of a group of tools. Servers are added at /mcp.`)
    check(value, param, { size: undefined as never, extras: [] })
  }
  named(tool.group, `${at}.group`)
  if (groups.length >= GATEWAY_LIMITS.groupsPerCallMax)
    throw bad(at, `At most ${GATEWAY_LIMITS.groupsPerCallMax} groups of tools may be named.`)
  const only = (tool.allowed_tools as readonly string[] | null | undefined) ?? null
  groups.push({ group: tool.group as string, only, param: at })
}
