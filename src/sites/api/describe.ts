// How a route of /v1 is described: its answer, what it refuses, its words in the reference.
import { type TSchema, Type as t } from "@sinclair/typebox"
import { ERRORS, type ErrorCode } from "../../app/index.ts"
import {
  ChatRequest,
  CountTokensRequest,
  EmbeddingsRequest,
  MessagesRequest,
  oncePattern,
  ResponsesRequest,
} from "../../gateway/index.ts"
import {
  ALWAYS,
  OF_BODIES,
  OF_KEYS,
  OF_ONCE,
  OF_TOKENS,
  pathParameter,
  queryParameter,
  refusalsOf,
} from "../base/index.ts"
import { ChatAnswer, EmbeddingsAnswer, MessageAnswer, ResponseAnswer, STREAMS } from "./answers.ts"

type Envelope = "Error" | "AnthropicError"

const OF_CALLERS = [...ALWAYS, ...OF_KEYS, ...OF_TOKENS, "insufficient_scope", "rate_limit_exceeded"] as const
/** What stands between a question and its answer. */
const OF_MODELS = [
  ...OF_BODIES,
  ...OF_ONCE,
  "insufficient_credits",
  "credits_on_hold",
  "free_budget_spent",
  "app_daily_limit_exceeded",
  "spend_limit_exceeded",
  "plan_required",
  "model_not_found",
  "model_not_priced",
  "provider_rejected",
  "provider_error",
  "provider_overloaded",
  "provider_timeout",
  "own_key_refused",
  "own_key_limited",
] as const satisfies readonly ErrorCode[]
/** What stands between a call of something else and its answer. */
const OF_WORK = [
  ...OF_BODIES,
  ...OF_ONCE,
  "insufficient_credits",
  "credits_on_hold",
  "free_budget_spent",
  "app_daily_limit_exceeded",
  "spend_limit_exceeded",
] as const satisfies readonly ErrorCode[]
const SECURITY = [{ accessToken: [] }, { apiKeyHeader: [] }]

const json = (schema: TSchema, example?: unknown) => ({
  "application/json": { schema, ...(example === undefined ? {} : { example }) },
})
/** A body that has no example of its own. */
const of = (type: string | undefined, schema: TSchema) => (type ? { [type]: { schema, example: "…" } } : json(schema))
const form = (schema: TSchema, example: unknown) => ({ "multipart/form-data": { schema, example } })
const schemaOf = (envelope: Envelope) => ({ $ref: `#/components/schemas/${envelope}` }) as unknown as TSchema

/** Anthropic's SDKs know being busy by a status of its own. */
const BUSY = new Set<ErrorCode>(["overloaded", "provider_overloaded"])
const anthropicStatus = (code: ErrorCode): number => (BUSY.has(code) ? 529 : ERRORS[code].status)

const refusals = (more: readonly ErrorCode[], envelope: Envelope = "Error") =>
  refusalsOf(
    [...OF_CALLERS, ...more],
    json(schemaOf(envelope)),
    envelope === "AnthropicError" ? anthropicStatus : undefined,
  )

interface Reading<Answer> {
  operationId: string
  summary: string
  answer: Answer
  /** Beside those that every caller meets. */
  errors?: readonly ErrorCode[]
  tag?: "AI" | "Account"
  /** Names in its path. */
  path?: readonly string[]
  /** What its query may say; none of it must. */
  query?: Readonly<Record<string, TSchema>>
  /** What its answer is, where it is no JSON. */
  type?: string
}

/** A route that reads and is never charged. `operationId` is what generated clients call it. */
export const read = <Answer extends TSchema>({
  operationId,
  summary,
  answer,
  errors = [],
  tag = "Account",
  path = [],
  query = {},
  type,
}: Reading<Answer>) => ({
  detail: {
    operationId,
    summary,
    description: answer.description ?? summary,
    tags: [tag],
    security: SECURITY,
    parameters: [
      ...path.map(pathParameter),
      ...Object.entries(query).map(([name, schema]) => queryParameter(name, schema, false)),
    ],
    responses: { 200: { description: summary, content: of(type, answer) }, ...refusals(errors) },
  },
})

const header = (description: string) => ({ schema: { type: "string" as const }, description })

const RECEIPT = {
  "x-request-id": header("Names this call; `GET /v1/requests/{request}` shows what became of it"),
  "x-credits-charged": header("Credits that this call cost"),
  "x-credits-remaining": header("Credits left in the wallet"),
  "idempotent-replayed": header("`true` on the answer to a repeat"),
  RateLimit: header("What is left of the limits that count here; `RateLimit-Policy` says what they are"),
}
const HELD = { "x-credits-held": header("On streams: credits held until the end; a closing comment says the charge") }

const FROM_CACHE = {
  "x-credits-cache": header("`hit`, `miss` or `bypass`, where the cache was asked for"),
  age: header("Of a hit: seconds since its answer was made"),
}

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header" as const,
  required: false,
  schema: { type: "string" as const, minLength: 1, maxLength: 255, pattern: oncePattern },
  description: "Yours to choose. For 24 hours a repeat with it is the same call, and is charged once",
}

const CACHE = {
  name: "X-Credits-Cache",
  in: "header" as const,
  required: false,
  schema: { type: "string" as const, pattern: "^(on|off|[0-9]{1,6})$" },
  description: "How old, in seconds, an answer to this very question may be, and how long this one is kept for you",
}

interface Generation {
  operationId: string
  summary: string
  description: string
  request: TSchema
  example: object
  answer: TSchema
  /** It is a form with files. */
  isForm?: true
  /** The same as JSON, where a form may also come so. */
  asJson?: { request: TSchema; example: object }
  /** What its answer is, where it is no JSON. */
  type?: string
  /** Its answers may come from the cache. */
  cached?: true
  /** How it streams, where it does. */
  stream?: string
  /** How it tells errors; OpenAI's by default. */
  envelope?: Envelope
  errors?: readonly ErrorCode[]
  /** Names in its path. */
  path?: readonly string[]
}

/** A route that a model answers: its dialect reads the body, and says here what it takes. */
export const generation = (said: Generation) => ({
  detail: {
    operationId: said.operationId,
    summary: said.summary,
    description: said.description,
    tags: ["AI"],
    security: SECURITY,
    parameters: [...(said.path ?? []).map(pathParameter), IDEMPOTENCY_KEY, ...(said.cached ? [CACHE] : [])],
    requestBody: {
      required: true,
      content: {
        // The first is what the reference shows.
        ...(said.asJson ? json(said.asJson.request, said.asJson.example) : {}),
        ...(said.isForm ? form(said.request, said.example) : json(said.request, said.example)),
      },
    },
    responses: {
      200: {
        description: "The answer of the model, as the provider gave it",
        headers: { ...RECEIPT, ...(said.stream ? HELD : {}), ...(said.cached ? FROM_CACHE : {}) },
        content: {
          ...(said.type ? { [said.type]: { schema: said.answer, example: "ID3…" } } : json(said.answer)),
          ...(said.stream ? { "text/event-stream": { schema: t.String(), example: said.stream } } : {}),
        },
      },
      ...refusals([...OF_MODELS, ...(said.errors ?? [])], said.envelope),
    },
  },
})

export const HOLD = "Credits are held before the provider is asked and settled to what was used."
const model = "gpt-5-mini"
const ASK = "Say hello in five words."
const MESSAGES = [{ role: "user", content: ASK }]

export const chat = generation({
  cached: true,
  operationId: "createChatCompletion",
  summary: "Create a chat completion",
  description: `OpenAI's chat completions. ${HOLD} With \`stream: true\` the answer is a \`text/event-stream\` that ends in \`data: [DONE]\`.`,
  request: ChatRequest,
  example: { model, messages: MESSAGES, max_completion_tokens: 200 },
  answer: ChatAnswer,
  stream: STREAMS.chat,
})

export const embeddings = generation({
  cached: true,
  operationId: "createEmbedding",
  summary: "Create embeddings",
  description: `OpenAI's embeddings: texts as vectors. ${HOLD}`,
  request: EmbeddingsRequest,
  example: { model: "text-embedding-3-small", input: "A ship's purser keeps its accounts." },
  answer: EmbeddingsAnswer,
})

export const responses = generation({
  operationId: "createResponse",
  summary: "Create a response",
  description: `OpenAI's responses, for every model. ${HOLD} With \`stream: true\` the answer is a \`text/event-stream\` that ends in \`response.completed\`, \`response.incomplete\` or \`response.failed\`.`,
  request: ResponsesRequest,
  example: { model, input: ASK, max_output_tokens: 200 },
  answer: ResponseAnswer,
  stream: STREAMS.responses,
  errors: ["not_found", "conflict"],
})

export const messages = generation({
  cached: true,
  operationId: "createMessage",
  summary: "Create a message",
  description: `Anthropic's messages, for every model. ${HOLD} With \`stream: true\` the answer is a \`text/event-stream\` that ends in \`message_stop\`.`,
  request: MessagesRequest,
  example: { model, max_tokens: 200, messages: MESSAGES },
  answer: MessageAnswer,
  stream: STREAMS.messages,
  envelope: "AnthropicError",
})

const Count = t.Object({ input_tokens: t.Integer({ minimum: 0, examples: [14] }) })

export const countTokens = {
  detail: {
    operationId: "countMessageTokens",
    summary: "Count the tokens of a message",
    description: "How many tokens a question comes to, as Anthropic counts them; by estimate for other models. Free.",
    tags: ["AI"],
    security: SECURITY,
    requestBody: { required: true, content: json(CountTokensRequest, { model, messages: MESSAGES }) },
    responses: {
      200: { description: "The count", content: json(Count) },
      ...refusals(
        [...OF_BODIES, "model_not_found", "model_not_priced", "plan_required", "provider_rejected"],
        "AnthropicError",
      ),
    },
  },
}

interface Charging extends Omit<Generation, "stream" | "envelope"> {
  /** What a 200 is, in words. */
  answers: string
  /** Names in its path. */
  path: readonly string[]
}

/** A route that is charged and that no model answers. */
export const charging = (said: Charging) => ({
  detail: {
    operationId: said.operationId,
    summary: said.summary,
    description: said.description,
    tags: ["AI"],
    security: SECURITY,
    parameters: [...said.path.map(pathParameter), IDEMPOTENCY_KEY],
    requestBody: { required: true, content: json(said.request, said.example) },
    responses: {
      200: { description: said.answers, headers: RECEIPT, content: json(said.answer) },
      ...refusals([...OF_WORK, ...(said.errors ?? [])]),
    },
  },
})
