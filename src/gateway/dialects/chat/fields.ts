// The allow-list: every field of a chat request that this house understands, what it must look like, and whether it
// becomes prompt. Here too, the fields that are never let through, each with its reason. What stands in neither is
// unknown: refused, unless the operator allows it for an upstream. docs/reference/chat-completions.md says the same in
// words.
import { Type as t } from "@sinclair/typebox"
import { GATEWAY_LIMITS } from "../../limits.ts"
import {
  bad,
  documented,
  flag,
  isObject,
  list,
  members,
  number,
  numbers,
  object,
  oneOf,
  text,
  texts,
  whole,
  wholeWithin,
  within,
} from "../checks.ts"
import { counted, type FieldCheck, field, told } from "../reading.ts"
import { TIER_WORDS } from "../service-tier.ts"
import { messages } from "./messages.ts"
import { toolChoice, tools } from "./tools.ts"

const tokens = wholeWithin(1, Number.MAX_SAFE_INTEGER)
const scalar = documented(t.Union([t.String(), t.Number(), t.Boolean()]), (value, at) => {
  if (typeof value === "object") throw bad(at, `\`${at}\` must be text, a number, true or false.`)
})
const named = members({ id: scalar })
const scalarOrId = documented(t.Union([scalar.schema, named.schema]), (value, at) =>
  isObject(value) ? named(value, at) : scalar(value, at),
)
const model = field(t.String({ minLength: 1, maxLength: GATEWAY_LIMITS.modelCharsMax }), (value, at) => {
  if (typeof value !== "string" || value === "" || value.length > GATEWAY_LIMITS.modelCharsMax) {
    throw bad(at, `\`${at}\` must be the name of a model. GET /v1/models lists them.`)
  }
})
const MOST = "The most output tokens of one choice, thinking included. Given in both spellings, the smaller holds."

/** Written by us into what is sent, whatever the caller wrote: what they set is what is held. */
const OURS: Readonly<Record<string, FieldCheck>> = {
  model: told("A name from GET /v1/models", model),
  stream: flag,
  stream_options: members({ include_usage: flag, include_obfuscation: flag, continuous_usage_stats: flag }),
  max_tokens: told(MOST, tokens),
  max_completion_tokens: told(MOST, tokens),
  n: told("Choices; credits are held for all of them.", wholeWithin(1, GATEWAY_LIMITS.choicesMax)),
}

const PASSED: Readonly<Record<string, FieldCheck>> = {
  messages,
  tools,
  tool_choice: toolChoice,
  parallel_tool_calls: flag,
  functions: counted(list),
  function_call: counted(
    documented(t.Union([object.schema, text.schema]), (value, at) => (isObject(value) ? undefined : text(value, at))),
  ),
  response_format: counted(object),
  // Sound: its tokens are held at the price of sound.
  modalities: field(t.Array(oneOf("text", "audio").schema), (value, at, { size }) => {
    if (!Array.isArray(value) || value.some((one) => one !== "text" && one !== "audio")) {
      throw bad(at, `\`${at}\` must be a list of text and audio here.`)
    }
    if (value.includes("audio")) size.hasAudio = true
  }),
  audio: members({ voice: scalarOrId, format: text }),
  // Thinking is output: the maximum covers it. Budgets are compared with it in request.ts.
  reasoning_effort: text,
  reasoning: members({ effort: text, max_tokens: tokens, exclude: flag, enabled: flag, summary: text }),
  thinking: members({ type: text, budget_tokens: tokens }),
  thinking_budget: tokens,
  enable_thinking: flag,
  include_reasoning: flag,
  reasoning_format: text,
  verbosity: text,
  // How the next token is chosen.
  temperature: within(0, 2),
  top_p: within(0, 1),
  top_k: number,
  min_p: number,
  top_a: number,
  presence_penalty: number,
  frequency_penalty: number,
  repetition_penalty: number,
  logit_bias: numbers,
  seed: whole,
  random_seed: whole,
  stop: texts,
  // What comes back beside the text.
  logprobs: documented(t.Union([flag.schema, number.schema]), (value, at) =>
    typeof value === "number" ? number(value, at) : flag(value, at),
  ),
  top_logprobs: number,
  transforms: texts,
  usage: members({ include: flag }),
  // Words of the provider: they change neither prompt nor price.
  user: text,
  safety_identifier: text,
  prompt_cache_key: text,
  prompt_cache_retention: text,
  prompt_cache_options: members({ mode: oneOf("implicit", "explicit"), ttl: oneOf("30m") }),
  metadata: object,
  safe_prompt: flag,
  // Their values are put into the prompt by the model's template.
  chat_template_kwargs: counted(object),
  service_tier: oneOf(...TIER_WORDS),
  store: field(t.Literal(false, { description: "Answers are not kept at the provider." }), (value, at) => {
    if (value !== false) throw bad(at, `\`${at}\` must be false here: answers are not kept at the provider.`)
  }),
}

export const FIELDS: ReadonlyMap<string, FieldCheck> = new Map(Object.entries({ ...OURS, ...PASSED }))
export const isOurs = (name: string): boolean => Object.hasOwn(OURS, name)

const because = (reason: string, ...names: string[]): [string, string][] =>
  names.map((name) => [name, `\`${name}\` is not offered here: ${reason}. Leave it out.`])

/** Never sent, whatever an operator allows: each would change what a call costs, or whose account pays. */
export const REFUSED: ReadonlyMap<string, string> = new Map([
  ...because("the answer must come from the model you named", "models", "route", "provider", "fallbacks", "preset"),
  ...because(
    "searches and other services of a provider are billed beside tokens",
    "plugins",
    "web_search_options",
    "search_parameters",
    "web_search",
    "enable_search",
    "search_options",
    "mcp_servers",
    "container",
    "code_interpreter",
    "file_search",
  ),
  ...because("it makes more output than the answer shows", "best_of", "prediction", "use_beam_search", "num_beams"),
  ...because(
    "the maximum is `max_completion_tokens` or `max_tokens`",
    "max_output_tokens",
    "max_new_tokens",
    "max_gen_len",
    "num_predict",
    "n_predict",
    "options",
    "num_generations",
    "generation_config",
    "generationConfig",
    "extra_body",
  ),
  ...because("a template can multiply the prompt", "chat_template"),
  ...because("it names another account", "api_key", "api_base", "base_url", "organization", "extra_headers"),
  ...because("answers are made at once", "background", "callbacks", "webhook"),
  ...because("it makes calls that are billed beside the answer", "moderation"),
])

/**
 * What an operator may allow: a name of a field, or of one inside messages, their parts, or tools. @returns what is
 * wrong
 */
export function extraFieldProblem(name: string): string | null {
  if (!/^(messages\.content\.|messages\.|tools\.)?[a-z][\w-]{0,63}$/i.test(name)) {
    return `“${name.slice(0, 60)}” is no name of a field. Write names such as min_tokens or messages.weight.`
  }
  if (REFUSED.has(name)) return `“${name}” can change what a call costs, so it cannot be allowed.`
  return FIELDS.has(name) ? `“${name}” is accepted already. Leave it out.` : null
}
