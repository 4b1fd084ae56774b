// Every field that the official SDKs can send, by their own types: the compiler asks for each new one, and each is passed on or refused by
// its name with a reason. None is unknown to this house.
import { describe, expect, test } from "bun:test"
import type { MessageCreateParamsBase as BetaParams } from "@anthropic-ai/sdk/resources/beta/messages/messages"
import type * as Claude from "@anthropic-ai/sdk/resources/messages/messages"
import type * as Chat from "openai/resources/chat/completions/completions"
import type { EmbeddingCreateParams } from "openai/resources/embeddings"
import type * as Responses from "openai/resources/responses/responses"
import type { Reasoning } from "openai/resources/shared"
import type { AppError } from "../../app/index.ts"
import { checkChat } from "./chat/request.ts"
import type { Extra } from "./dialect.ts"
import { checkEmbeddings } from "./embeddings/index.ts"
import { parseJson } from "./json.ts"
import { checkMessages } from "./messages/request.ts"
import { checkResponses } from "./responses/request.ts"

type Is = "passed" | "refused"
/** Each member with a value of its own type, and what becomes of it. */
type Members<Params> = { [Name in keyof Required<Params>]: [Is, NonNullable<Params[Name]>] }
/** Each kind of a union. */
type Kinds<Union extends { type?: string | null }> = Record<NonNullable<Union["type"]>, Is>

type Parsed = ReturnType<typeof parseJson>
type Check = (parsed: Parsed) => { extras: readonly Extra[] }

/** What is said of this body: `passed`, the place of its refusal, or that a member is unknown. */
function said(check: Check, body: object): string {
  try {
    const [unknown] = check(parseJson(JSON.stringify(body))).extras
    return unknown ? `unknown: ${unknown.param}` : "passed"
  } catch (error) {
    const { extra, message } = error as AppError
    return message.startsWith("Unrecognized") ? `unknown: ${extra.param}` : String(extra.param)
  }
}

/** @param within puts a member where it belongs. @param at its place, as errors name it */
function table(name: string, check: Check, members: object, within: (member: object) => object, at = ""): void {
  test(name, () => {
    for (const [member, [is, value]] of Object.entries(members) as [string, [Is, unknown]][]) {
      const heard = said(check, within({ [member]: value }))
      const isRefused =
        heard === `${at}${member}` || heard.startsWith(`${at}${member}.`) || heard.startsWith(`${at}${member}[`)
      expect([member, isRefused ? "refused" : heard]).toEqual([member, is])
    }
  })
}

/** @param at the place of the kind's `type` */
function kinds(name: string, check: Check, all: object, within: (type: string) => object, at: string): void {
  test(name, () => {
    for (const [type, is] of Object.entries(all)) {
      const heard = said(check, within(type))
      expect([type, heard === at ? "refused" : "passed"]).toEqual([type, is])
    }
  })
}

const schema = { type: "object", properties: {} }

describe("chat completions", () => {
  const plain = { model: "m", messages: [{ role: "user", content: "hi" }] }
  const members: Members<Chat.ChatCompletionCreateParamsBase> = {
    model: ["passed", "m"],
    messages: ["passed", [{ role: "user", content: "hi" }]],
    audio: ["passed", { voice: "alloy", format: "wav" }],
    frequency_penalty: ["passed", 0.5],
    function_call: ["passed", "auto"],
    functions: ["passed", [{ name: "f" }]],
    logit_bias: ["passed", { "1": 1 }],
    logprobs: ["passed", true],
    max_completion_tokens: ["passed", 10],
    max_tokens: ["passed", 10],
    metadata: ["passed", { a: "b" }],
    modalities: ["passed", ["text"]],
    moderation: ["refused", { model: "omni-moderation-latest" }],
    n: ["passed", 1],
    parallel_tool_calls: ["passed", false],
    prediction: ["refused", { type: "content", content: "x" }],
    presence_penalty: ["passed", 0.5],
    prompt_cache_key: ["passed", "k"],
    prompt_cache_options: ["passed", { mode: "explicit", ttl: "30m" }],
    prompt_cache_retention: ["passed", "24h"],
    reasoning_effort: ["passed", "low"],
    response_format: ["passed", { type: "json_object" }],
    safety_identifier: ["passed", "s"],
    seed: ["passed", 1],
    service_tier: ["passed", "auto"],
    stop: ["passed", ["x"]],
    store: ["refused", true],
    stream: ["passed", false],
    stream_options: ["passed", { include_usage: true, include_obfuscation: false }],
    temperature: ["passed", 1],
    tool_choice: ["passed", "auto"],
    tools: ["passed", [{ type: "function", function: { name: "f" } }]],
    top_logprobs: ["passed", 1],
    top_p: ["passed", 0.5],
    user: ["passed", "u"],
    verbosity: ["passed", "low"],
    web_search_options: ["refused", {}],
  }
  table("fields", checkChat, members, (member) => ({ ...plain, ...member }))

  const assistant: Members<Chat.ChatCompletionAssistantMessageParam> = {
    role: ["passed", "assistant"],
    audio: ["passed", { id: "audio_1" }],
    content: ["passed", [{ type: "refusal", refusal: "no" }]],
    function_call: ["passed", { name: "f", arguments: "{}" }],
    name: ["passed", "a"],
    refusal: ["passed", "no"],
    tool_calls: ["passed", [{ id: "1", type: "custom", custom: { name: "f", input: "" } }]],
  }
  const message = (member: object) => ({ ...plain, messages: [{ role: "assistant", ...member }] })
  table("members of an answer", checkChat, assistant, message, "messages[0].")

  const parts: Kinds<Chat.ChatCompletionContentPart> = {
    text: "passed",
    image_url: "passed",
    input_audio: "passed",
    file: "passed",
  }
  const content = (part: object) => ({ ...plain, messages: [{ role: "user", content: [part] }] })
  kinds("parts", checkChat, parts, (type) => content({ type }), "messages[0].content[0].type")
  const text: Members<Chat.ChatCompletionContentPartText> = {
    type: ["passed", "text"],
    text: ["passed", "hi"],
    prompt_cache_breakpoint: ["passed", { mode: "explicit" }],
  }
  table("members of a text", checkChat, text, (member) => content({ type: "text", text: "hi", ...member }))
  const tools: Kinds<Chat.ChatCompletionTool> = { function: "passed", custom: "passed" }
  kinds("tools", checkChat, tools, (type) => ({ ...plain, tools: [{ type }] }), "tools[0].type")
})

describe("responses", () => {
  const plain = { model: "m", input: "hi" }
  const members: Members<Responses.ResponseCreateParamsBase> = {
    access_programs: ["refused", {} as never],
    background: ["refused", true],
    context_management: ["refused", [{ type: "compaction" }]],
    conversation: ["refused", "conv_1"],
    image: ["refused", {} as never],
    include: ["passed", ["reasoning.encrypted_content"]],
    input: ["passed", "hi"],
    instructions: ["passed", "Be short."],
    max_output_tokens: ["passed", 10],
    max_tool_calls: ["refused", 1],
    metadata: ["passed", { a: "b" }],
    model: ["passed", "m"],
    moderation: ["refused", { model: "omni-moderation-latest" }],
    parallel_tool_calls: ["passed", false],
    // Its person decides (keeping.ts).
    previous_response_id: ["passed", "resp_1"],
    prompt: ["refused", { id: "p" }],
    prompt_cache_key: ["passed", "k"],
    prompt_cache_options: ["passed", { mode: "implicit" }],
    prompt_cache_retention: ["passed", "24h"],
    reasoning: ["passed", { effort: "low" }],
    safety_identifier: ["passed", "s"],
    service_tier: ["passed", "auto"],
    store: ["passed", true],
    stream: ["passed", false],
    stream_options: ["passed", { include_obfuscation: false }],
    temperature: ["passed", 1],
    text: ["passed", { format: { type: "text" }, verbosity: "low" }],
    tool_choice: ["passed", "auto"],
    tools: ["passed", [{ type: "function", name: "f", parameters: schema, strict: null }]],
    top_logprobs: ["passed", 1],
    top_p: ["passed", 0.5],
    truncation: ["passed", "disabled"],
    user: ["passed", "u"],
  }
  table("fields", checkResponses, members, (member) => ({ ...plain, ...member }))

  const includes: Record<Responses.ResponseIncludable, Is> = {
    "file_search_call.results": "refused",
    "web_search_call.results": "refused",
    "web_search_call.action.sources": "refused",
    "message.input_image.image_url": "refused",
    "computer_call_output.output.image_url": "refused",
    "code_interpreter_call.outputs": "refused",
    "reasoning.encrypted_content": "passed",
    "message.output_text.logprobs": "passed",
  }
  kinds("what answers include", checkResponses, includes, (type) => ({ ...plain, include: [type] }), "include[0]")

  const reasoning: Members<Reasoning> = {
    context: ["passed", "auto"],
    effort: ["passed", "low"],
    generate_summary: ["passed", "auto"],
    mode: ["passed", "standard" as never],
    summary: ["passed", "auto"],
  }
  table("members of reasoning", checkResponses, reasoning, (member) => ({ ...plain, reasoning: member }), "reasoning.")

  const items: Kinds<Responses.ResponseInputItem> = {
    message: "passed",
    reasoning: "passed",
    function_call: "passed",
    function_call_output: "passed",
    custom_tool_call: "passed",
    custom_tool_call_output: "passed",
    // Known by its id for a while; put in its place before this check (keeping.ts).
    item_reference: "refused",
    file_search_call: "refused",
    computer_call: "refused",
    computer_call_output: "refused",
    web_search_call: "refused",
    tool_search_call: "passed",
    tool_search_output: "passed",
    additional_tools: "passed",
    configuration_update: "refused",
    compaction: "refused",
    image_generation_call: "refused",
    code_interpreter_call: "refused",
    local_shell_call: "refused",
    local_shell_call_output: "refused",
    shell_call: "refused",
    shell_call_output: "refused",
    apply_patch_call: "refused",
    apply_patch_call_output: "refused",
    mcp_list_tools: "refused",
    mcp_approval_request: "refused",
    mcp_approval_response: "refused",
    mcp_call: "passed",
    compaction_trigger: "refused",
    program: "refused",
    program_output: "refused",
  }
  kinds("items", checkResponses, items, (type) => ({ ...plain, input: [{ type }] }), "input[0].type")

  const call: Members<Responses.ResponseFunctionToolCall> = {
    type: ["passed", "function_call"],
    arguments: ["passed", "{}"],
    call_id: ["passed", "c"],
    name: ["passed", "f"],
    id: ["passed", "fc_1"],
    async: ["passed", false],
    caller: ["passed", { type: "direct" }],
    namespace: ["passed", "n"],
    status: ["passed", "completed"],
  }
  const asked = { type: "function_call", arguments: "{}", call_id: "c", name: "f" }
  table("members of a call", checkResponses, call, (member) => ({ ...plain, input: [{ ...asked, ...member }] }))
  const output: Members<Responses.ResponseInputItem.FunctionCallOutput> = {
    type: ["passed", "function_call_output"],
    call_id: ["passed", "c"],
    output: ["passed", "x"],
    id: ["passed", "fo_1"],
    caller: ["passed", { type: "direct" }],
    name: ["passed", "f"],
    namespace: ["passed", "n"],
    status: ["passed", "completed"],
  }
  const result = { type: "function_call_output", call_id: "c", output: "x" }
  table("members of a result", checkResponses, output, (member) => ({ ...plain, input: [{ ...result, ...member }] }))

  const tools: Kinds<Responses.Tool> = {
    function: "passed",
    custom: "passed",
    namespace: "passed",
    file_search: "refused",
    computer: "refused",
    computer_use_preview: "refused",
    web_search: "refused",
    web_search_2025_08_26: "refused",
    web_search_preview: "refused",
    web_search_preview_2025_03_11: "refused",
    mcp: "passed",
    code_interpreter: "refused",
    programmatic_tool_calling: "refused",
    image_generation: "refused",
    local_shell: "refused",
    shell: "refused",
    // Unless the caller runs it (found-tools.test.ts).
    tool_search: "refused",
    apply_patch: "refused",
  }
  kinds("tools", checkResponses, tools, (type) => ({ ...plain, tools: [{ type }] }), "tools[0].type")
  const fn: Members<Responses.FunctionTool> = {
    type: ["passed", "function"],
    name: ["passed", "f"],
    parameters: ["passed", schema],
    strict: ["passed", true],
    allowed_callers: ["passed", ["direct"]],
    async: ["passed", true],
    defer_loading: ["refused", true],
    description: ["passed", "d"],
    output_schema: ["passed", schema],
  }
  const tool = (member: object) => ({ ...plain, tools: [{ type: "function", name: "f", ...member }] })
  table("members of a function", checkResponses, fn, tool, "tools[0].")
})

describe("messages", () => {
  const plain = { model: "m", max_tokens: 10, messages: [{ role: "user", content: "hi" }] }
  const check: Check = (parsed) => checkMessages(parsed, [])
  const members: Members<Claude.MessageCreateParamsBase & BetaParams> = {
    max_tokens: ["passed", 10],
    messages: ["passed", [{ role: "user", content: "hi" }]],
    model: ["passed", "m" as never],
    billing_policy: ["refused", {} as never],
    cache_control: ["passed", { type: "ephemeral" }],
    compaction: ["refused", {} as never],
    container: ["refused", "c" as never],
    context_management: ["passed", { edits: [{ type: "clear_thinking_20251015" }] }],
    diagnostics: ["refused", {} as never],
    fallback_credit_token: ["refused", "t"],
    fallbacks: ["refused", "default" as never],
    inference_geo: ["passed", "global"],
    mcp_servers: ["refused", [{ type: "url", name: "m", url: "https://example.com" }]],
    metadata: ["passed", { user_id: "u" }],
    output_config: ["passed", { effort: "low" }],
    output_format: ["passed", { type: "json_schema", schema }],
    service_tier: ["passed", "auto"],
    speed: ["passed", "standard" as never],
    stop_sequences: ["passed", ["x"]],
    stream: ["passed", false],
    system: ["passed", "Be short."],
    thinking: ["passed", { type: "disabled" }],
    thread: ["refused", {} as never],
    tool_choice: ["passed", { type: "auto" }],
    tools: ["passed", [{ name: "f", input_schema: { type: "object" } }]],
    betas: ["refused", ["effort-2025-11-24"]],
    user_profile_id: ["refused", "p"],
    workspace_id: ["refused", "w"],
  }
  table("fields", check, members, (member) => ({ ...plain, ...member }))

  const blocks: Kinds<Claude.ContentBlockParam> = {
    text: "passed",
    image: "passed",
    document: "passed",
    search_result: "passed",
    thinking: "passed",
    redacted_thinking: "passed",
    tool_use: "passed",
    tool_result: "passed",
    server_tool_use: "refused",
    web_search_tool_result: "refused",
    web_fetch_tool_result: "refused",
    code_execution_tool_result: "refused",
    bash_code_execution_tool_result: "refused",
    text_editor_code_execution_tool_result: "refused",
    tool_search_tool_result: "refused",
    container_upload: "refused",
  }
  const block = (content: object) => ({ ...plain, messages: [{ role: "user", content: [content] }] })
  kinds("blocks", check, blocks, (type) => block({ type }), "messages[0].content[0].type")

  const thinking: Kinds<Claude.ThinkingConfigParam> = {
    enabled: "passed",
    disabled: "passed",
    adaptive: "passed",
    between_tools: "passed",
  }
  kinds("thinking", check, thinking, (type) => ({ ...plain, thinking: { type } }), "thinking.type")

  const tool: Members<Claude.Tool> = {
    input_schema: ["passed", { type: "object" }],
    name: ["passed", "f"],
    allowed_callers: ["passed", ["direct"]],
    cache_control: ["passed", { type: "ephemeral", ttl: "1h" }],
    defer_loading: ["refused", true],
    description: ["passed", "d"],
    eager_input_streaming: ["passed", true],
    input_examples: ["passed", [{}]],
    strict: ["passed", true],
    type: ["passed", "custom"],
  }
  const named = (member: object) => ({ ...plain, tools: [{ name: "f", input_schema: schema, ...member }] })
  table("members of a tool", check, tool, named, "tools[0].")
})

describe("embeddings", () => {
  const plain = { model: "m", input: "hi" }
  const members: Members<EmbeddingCreateParams> = {
    model: ["passed", "m"],
    input: ["passed", ["hi"]],
    dimensions: ["passed", 3],
    encoding_format: ["passed", "base64"],
    user: ["passed", "u"],
  }
  table("fields", checkEmbeddings, members, (member) => ({ ...plain, ...member }))
})
