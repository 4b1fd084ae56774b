// The allow-list: every field of a messages request that this house understands, what it must look like, and whether it becomes prompt.
// Here too, the fields that are never let through, each with its reason. docs/reference/messages.md says the same in words.
import { type TSchema, Type as t } from "@sinclair/typebox"
import { GATEWAY_LIMITS } from "../../limits.ts"
import {
  bad,
  documented,
  flag,
  isObject,
  list,
  members,
  object,
  objectOf,
  oneOf,
  text,
  wholeWithin,
  within,
  words,
} from "../checks.ts"
import { counted, type FieldCheck, field, readMembers, told } from "../reading.ts"
import { cacheControl, content, systemContent } from "./blocks.ts"
import { toolChoice, tools } from "./tools.ts"

const tokens = wholeWithin(1, Number.MAX_SAFE_INTEGER)
const model = field(t.String({ minLength: 1, maxLength: GATEWAY_LIMITS.modelCharsMax }), (value, at) => {
  if (typeof value !== "string" || value === "" || value.length > GATEWAY_LIMITS.modelCharsMax) {
    throw bad(at, `\`${at}\` must be the name of a model. GET /v1/models lists them.`)
  }
})

/** Written by us into what is sent, whatever the caller wrote: what they set is what is held. */
const OURS: Readonly<Record<string, FieldCheck>> = {
  model: told("A name from GET /v1/models", model),
  stream: flag,
  max_tokens: told("The most output tokens, thinking included.", tokens),
}

const ROLES = ["user", "assistant", "system"]
const MESSAGE: Readonly<Record<string, FieldCheck>> = {
  role: field(words(...ROLES), (value, at) => {
    if (!ROLES.includes(value as string)) throw bad(at, `\`${at}\` must be one of ${ROLES.join(", ")}.`)
  }),
  content,
}
const SYSTEM: Readonly<Record<string, FieldCheck>> = { ...MESSAGE, content: systemContent }

const MESSAGE_SCHEMAS: TSchema[] = [
  objectOf({ ...MESSAGE, role: oneOf("user", "assistant") }, ["role", "content"]),
  objectOf({ ...SYSTEM, role: oneOf("system") }, ["role", "content"]),
]
const messages = field(t.Array(t.Union(MESSAGE_SCHEMAS), { minItems: 1 }), (value, at, reading) => {
  if (!Array.isArray(value) || value.length === 0) throw bad(at, `\`${at}\` must be a list with one or more messages.`)
  // Role, separators and what frames the whole.
  reading.size.text(Array(value.length).fill(""))
  for (const [index, message] of value.entries()) {
    const here = `${at}[${index}]`
    if (!isObject(message)) throw bad(here, `\`${here}\` must be an object.`)
    MESSAGE.role!(message.role, `${here}.role`, reading)
    if (message.content === undefined || message.content === null) {
      throw bad(`${here}.content`, `\`${here}.content\` must be text or a list of blocks.`)
    }
    readMembers(message.role === "system" ? SYSTEM : MESSAGE, message, here, at, reading)
  }
})

const stops = documented(t.Array(t.String()), (value, at) => {
  if (!Array.isArray(value) || value.some((one) => typeof one !== "string")) {
    throw bad(at, `\`${at}\` must be a list of texts.`)
  }
})

const DISPLAY = oneOf("summarized", "omitted")
const THINKING: Readonly<Record<string, Readonly<Record<string, FieldCheck>>>> = {
  enabled: { type: field(t.Literal("enabled"), () => {}), budget_tokens: tokens, display: DISPLAY },
  adaptive: { type: field(t.Literal("adaptive"), () => {}), display: DISPLAY },
  disabled: { type: field(t.Literal("disabled"), () => {}) },
  between_tools: { type: field(t.Literal("between_tools"), () => {}) },
}
const THINKING_SCHEMA: TSchema[] = Object.entries(THINKING).map(([type, known]) =>
  objectOf(known, type === "enabled" ? ["type", "budget_tokens"] : ["type"]),
)
const thinking = field(t.Union(THINKING_SCHEMA), (value, at, reading) => {
  if (!isObject(value)) throw bad(at, `\`${at}\` must be an object with a \`type\`.`)
  oneOf(...Object.keys(THINKING))(value.type, `${at}.type`)
  if (value.type === "enabled") tokens(value.budget_tokens, `${at}.budget_tokens`)
  readMembers(THINKING[value.type as string]!, value, at, at, reading)
})

const format = members({ type: oneOf("json_schema"), schema: object })
const answerFormat = documented(objectOf({ type: oneOf("json_schema"), schema: object }, ["schema"]), (value, at) => {
  format(value, at)
  if (!isObject((value as { schema?: unknown }).schema))
    throw bad(`${at}.schema`, `\`${at}.schema\` must be an object.`)
})

/** Edits that leave something out of the prompt, and never cost more. Compaction, which does, is not among them. */
const EDITS = ["clear_tool_uses_20250919", "clear_thinking_20251015"]
const edits = documented(t.Array(t.Object({ type: words(...EDITS) }, { additionalProperties: true })), (value, at) => {
  list(value, at)
  for (const [index, edit] of (value as unknown[]).entries()) {
    const type = isObject(edit) ? edit.type : undefined
    if (!EDITS.includes(type as string))
      throw bad(`${at}[${index}].type`, `\`${at}[${index}].type\` must be ${EDITS.join(" or ")}.`)
  }
})

const PASSED: Readonly<Record<string, FieldCheck>> = {
  messages,
  system: systemContent,
  tools,
  tool_choice: toolChoice,
  // Thinking is output: the maximum covers it.
  thinking,
  output_config: counted(members({ effort: oneOf("low", "medium", "high", "xhigh", "max"), format: answerFormat })),
  output_format: told("The older name of `output_config.format`.", counted(answerFormat)),
  stop_sequences: stops,
  temperature: within(0, 1),
  top_p: within(0, 1),
  top_k: wholeWithin(0, Number.MAX_SAFE_INTEGER),
  cache_control: cacheControl,
  context_management: members({ edits }),
  // Words of the provider: they change neither prompt nor price.
  metadata: members({ user_id: text }),
  service_tier: oneOf("auto", "standard_only"),
  speed: told("Others have other prices.", oneOf("standard")),
  inference_geo: told("Others have other prices.", oneOf("global")),
}

export const FIELDS: ReadonlyMap<string, FieldCheck> = new Map(Object.entries({ ...OURS, ...PASSED }))
export const isOurs = (name: string): boolean => Object.hasOwn(OURS, name)

const because = (reason: string, ...names: string[]): [string, string][] =>
  names.map((name) => [name, `\`${name}\` is not offered here: ${reason}. Leave it out.`])

/** Never sent, whatever an operator allows: each would change what a call costs, or whose account pays or keeps it. */
export const REFUSED: ReadonlyMap<string, string> = new Map([
  ...because("tools that a provider runs are billed beside tokens", "mcp_servers", "container"),
  ...because("nothing is kept in the operator's account at the provider", "diagnostics", "thread", "user_profile_id"),
  ...because("it makes a call of another kind, which is not priced here", "compaction"),
  ...because("it would be billed to another account, or at another price", "billing_policy", "fallback_credit_token"),
  ...because("the answer must come from the model you named", "models", "route", "provider", "fallbacks", "preset"),
  ...because("services of a provider are billed beside tokens", "plugins", "web_search_options"),
  ...because(
    "the maximum is `max_tokens`",
    "max_tokens_to_sample",
    "max_output_tokens",
    "max_completion_tokens",
    "extra_body",
  ),
  ...because("this API makes one answer a call", "n"),
  ...because(
    "it names another account",
    "api_key",
    "api_base",
    "base_url",
    "organization",
    "extra_headers",
    "anthropic_beta",
    "workspace_id",
  ),
  ...because("it is a header, `anthropic-beta`", "betas"),
])

/** Clients that know every switch send it turned off; what is off is left out. */
export const isOff = (name: string, value: unknown): boolean =>
  REFUSED.has(name) &&
  (value === false || (Array.isArray(value) && value.length === 0) || (name === "n" && value === 1))
