// The allow-list: every field of a responses request that this house understands, what it must look like, and whether it becomes
// prompt. Here too, the fields that are never let through, each with its reason. docs/reference/responses.md says the same in words.
import { Type as t } from "@sinclair/typebox"
import { GATEWAY_LIMITS } from "../../limits.ts"
import {
  bad,
  documented,
  flag,
  isObject,
  members,
  object,
  objectOf,
  oneOf,
  text,
  wholeWithin,
  within,
} from "../checks.ts"
import { counted, type FieldCheck, field, told } from "../reading.ts"
import { TIER_WORDS } from "../service-tier.ts"
import { input } from "./input.ts"
import { toolChoice, tools } from "./tools.ts"

const tokens = wholeWithin(1, Number.MAX_SAFE_INTEGER)
const model = field(t.String({ minLength: 1, maxLength: GATEWAY_LIMITS.modelCharsMax }), (value, at) => {
  if (typeof value !== "string" || value === "" || value.length > GATEWAY_LIMITS.modelCharsMax) {
    throw bad(at, `\`${at}\` must be the name of a model. GET /v1/models lists them.`)
  }
})

/** Written by us into what is sent, whatever the caller wrote. */
const OURS: Readonly<Record<string, FieldCheck>> = {
  model: told("A name from GET /v1/models", model),
  stream: flag,
  max_output_tokens: told("The most output tokens, thinking included.", tokens),
  store: told("True keeps the answer here, for people who allow it. Left out, nothing is kept.", flag),
  client_metadata: told("Of Codex, about itself. Not sent on.", object),
  previous_response_id: told("An answer that was kept; its conversation goes on.", text),
}

const INCLUDES = ["reasoning.encrypted_content", "message.output_text.logprobs"]
const include = field(t.Array(oneOf(...INCLUDES).schema), (value, at) => {
  if (!Array.isArray(value)) throw bad(at, `\`${at}\` must be a list.`)
  const other = value.findIndex((one) => !INCLUDES.includes(one as string))
  if (other >= 0) throw bad(`${at}[${other}]`, `\`${at}[${other}]\` must be ${INCLUDES.join(" or ")}.`)
})

const FORMATS = {
  text: objectOf({ type: oneOf("text") }, ["type"]),
  json_object: objectOf({ type: oneOf("json_object") }, ["type"]),
  json_schema: objectOf(
    {
      type: oneOf("json_schema"),
      name: { schema: t.String({ minLength: 1 }) },
      description: text,
      schema: object,
      strict: flag,
    },
    ["type", "name", "schema"],
  ),
}
const schemaFormat = members({
  type: oneOf("json_schema"),
  name: text,
  description: text,
  schema: object,
  strict: flag,
})
const plainFormat = members({ type: oneOf("text", "json_object") })
const format = documented(t.Union(Object.values(FORMATS)), (value, at) => {
  if (!isObject(value)) throw bad(at, `\`${at}\` must be an object.`)
  if (value.type !== "json_schema") {
    plainFormat(value, at)
    if (typeof value.type !== "string")
      throw bad(`${at}.type`, `\`${at}.type\` must be text, json_object or json_schema.`)
    return
  }
  schemaFormat(value, at)
  for (const name of ["name", "schema"] as const) {
    if (!value[name]) throw bad(`${at}.${name}`, `\`${at}.${name}\` is missing.`)
  }
})

const PASSED: Readonly<Record<string, FieldCheck>> = {
  input,
  instructions: counted(text),
  tools,
  tool_choice: toolChoice,
  parallel_tool_calls: flag,
  text: counted(members({ format, verbosity: oneOf("low", "medium", "high") })),
  // Thinking is output: the maximum covers it. A `mode` above the standard one makes more than it shows.
  reasoning: members({
    effort: text,
    summary: oneOf("auto", "concise", "detailed"),
    generate_summary: oneOf("auto", "concise", "detailed"),
    context: oneOf("auto", "current_turn", "all_turns"),
    mode: oneOf("standard"),
  }),
  include,
  temperature: within(0, 2),
  top_p: within(0, 1),
  top_logprobs: wholeWithin(0, 20),
  metadata: object,
  user: text,
  safety_identifier: text,
  prompt_cache_key: text,
  prompt_cache_retention: oneOf("in_memory", "in-memory", "24h"),
  prompt_cache_options: members({ mode: oneOf("implicit", "explicit"), ttl: oneOf("30m") }),
  service_tier: oneOf(...TIER_WORDS),
  stream_options: members({ include_obfuscation: flag }),
  truncation: told("What is too long is refused, never cut.", oneOf("disabled")),
}

export const FIELDS: ReadonlyMap<string, FieldCheck> = new Map(Object.entries({ ...OURS, ...PASSED }))
export const isOurs = (name: string): boolean => Object.hasOwn(OURS, name)

const because = (reason: string, ...names: string[]): [string, string][] =>
  names.map((name) => [name, `\`${name}\` is not offered here: ${reason}. Leave it out.`])

/** Never sent, whatever an operator allows: each would change what a call costs, or whose account keeps it. */
export const REFUSED: ReadonlyMap<string, string> = new Map([
  ...because("answers are made at once", "background"),
  ...because("nothing is kept in the operator's account at the provider", "conversation", "prompt"),
  ...because("tools that a provider runs are not offered", "max_tool_calls", "image"),
  ...because("it makes calls that are billed beside the answer", "moderation", "context_management", "access_programs"),
  ...because("the answer must come from the model you named", "models", "route", "provider", "fallbacks", "preset"),
  ...because(
    "services of a provider are billed beside tokens",
    "plugins",
    "web_search_options",
    "mcp_servers",
    "container",
  ),
  ...because("the maximum is `max_output_tokens`", "max_tokens", "max_completion_tokens", "extra_body", "n"),
  ...because("it names another account", "api_key", "api_base", "base_url", "organization", "extra_headers"),
])

/** Clients that know every switch send it turned off; what is off is left out. */
export const isOff = (name: string, value: unknown): boolean =>
  REFUSED.has(name) &&
  (value === false || (Array.isArray(value) && value.length === 0) || (name === "n" && value === 1))
