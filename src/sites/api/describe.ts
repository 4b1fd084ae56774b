// How a route of /v1 is described: its answer, the errors every caller must expect, its words in the reference.
import { type TSchema, Type as t } from "@sinclair/typebox"
import {
  ChatRequest,
  CountTokensRequest,
  EmbeddingsRequest,
  MessagesRequest,
  ResponsesRequest,
} from "../../gateway/index.ts"
import { AnthropicErrorEnvelope, ErrorEnvelope } from "../../http/index.ts"

const WORDS: Readonly<Record<number, string>> = {
  400: "The request is wrong; `param` names the field",
  401: "The access token or API key is missing, wrong, expired or revoked",
  402: "Not enough credits; `topup_url` is where to get some",
  403: "The token or key lacks the scope, the key is switched off or not for this address, its plan does not reach the model, or the person or the app is suspended",
  404: "There is no such thing, or it is not yours",
  409: "A call with this `Idempotency-Key` was made before, or is still running; `code` says which",
  413: "The body is too large",
  422: "The `Idempotency-Key` was used with another body",
  429: "A limit is reached, of the app's day or of requests; `code` says which",
  502: "The AI provider failed",
  503: "The AI provider or this server is busy; see `Retry-After`",
  504: "The AI provider took too long",
  529: "The AI provider or this server is busy; see `Retry-After`",
}
const EVERYWHERE = [401, 403, 429, 503]
const SECURITY = [{ accessToken: [] }, { apiKeyHeader: [] }]
const CHAT_ERRORS = [400, 402, 404, 409, 413, 422, 502, 504]

const statuses = (more: number[]): number[] => [...new Set([...EVERYWHERE, ...more])].toSorted((a, b) => a - b)
const json = (schema: TSchema) => ({ "application/json": { schema } })

/** A route that reads and is never charged. `operationId` is what generated clients call it. */
export const read = <Answer extends TSchema>(
  operationId: string,
  summary: string,
  answer: Answer,
  more: number[] = [],
  tag = "Account",
) => ({
  detail: {
    operationId,
    summary,
    description: answer.description ?? summary,
    tags: [tag],
    security: SECURITY,
    responses: { 200: { description: summary, content: json(answer) }, ...refusals(more) },
  },
})

const refusals = (more: number[], envelope: TSchema = ErrorEnvelope) =>
  Object.fromEntries(statuses(more).map((status) => [status, { description: WORDS[status]!, content: json(envelope) }]))

const header = (description: string) => ({ schema: { type: "string" as const }, description })

const RECEIPT = {
  "x-request-id": header("Names this call; `GET /v1/requests/{request}` shows what became of it"),
  "x-credits-charged": header("Credits that this call cost"),
  "x-credits-remaining": header("Credits left in the wallet"),
  "idempotent-replayed": header("`true` on the answer to a repeat"),
}
const HELD = { "x-credits-held": header("On streams: credits held until the end; a closing comment says the charge") }
const ANSWER = json(t.Object({}, { additionalProperties: true }))

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header" as const,
  required: false,
  schema: { type: "string" as const, minLength: 1, maxLength: 255 },
  description: "Yours to choose. For 24 hours a repeat with it is the same call, and is charged once",
}

interface Generation {
  operationId: string
  summary: string
  description: string
  request: TSchema
  /** Whether it streams. */
  streams: boolean
  /** How it tells errors; OpenAI's by default. */
  envelope?: TSchema
}

/** A route that a model answers: its dialect reads the body, and says here what it takes. */
const generation = ({ operationId, summary, description, request, streams, envelope }: Generation) => ({
  detail: {
    operationId,
    summary,
    description,
    tags: ["AI"],
    security: SECURITY,
    parameters: [IDEMPOTENCY_KEY],
    requestBody: { required: true, content: json(request) },
    responses: {
      200: {
        description: "The answer of the model, as the provider gave it",
        headers: streams ? { ...RECEIPT, ...HELD } : RECEIPT,
        content: streams ? { ...ANSWER, "text/event-stream": { schema: t.String() } } : ANSWER,
      },
      ...refusals(envelope ? [...CHAT_ERRORS, 529] : CHAT_ERRORS, envelope),
    },
  },
})

const HOLD = "Credits are held before the provider is asked and settled to what was used."

export const chat = generation({
  operationId: "createChatCompletion",
  summary: "Chat completion",
  description: `OpenAI's chat completions. ${HOLD} With \`stream: true\` the answer is a \`text/event-stream\` that ends in \`data: [DONE]\`.`,
  request: ChatRequest,
  streams: true,
})

export const embeddings = generation({
  operationId: "createEmbedding",
  summary: "Embeddings",
  description: `OpenAI's embeddings: texts as vectors. ${HOLD}`,
  request: EmbeddingsRequest,
  streams: false,
})

export const responses = generation({
  operationId: "createResponse",
  summary: "Response",
  description: `OpenAI's responses, for every model. ${HOLD} With \`stream: true\` the answer is a \`text/event-stream\` that ends in \`response.completed\`, \`response.incomplete\` or \`response.failed\`.`,
  request: ResponsesRequest,
  streams: true,
})

export const messages = generation({
  operationId: "createMessage",
  summary: "Message",
  description: `Anthropic's messages, for every model. ${HOLD} With \`stream: true\` the answer is a \`text/event-stream\` that ends in \`message_stop\`.`,
  request: MessagesRequest,
  streams: true,
  envelope: AnthropicErrorEnvelope,
})

const Count = t.Object({ input_tokens: t.Integer({ minimum: 0 }) })

export const countTokens = {
  detail: {
    operationId: "countMessageTokens",
    summary: "Tokens of a message",
    description: "How many tokens a question comes to, as Anthropic counts them; by estimate for other models. Free.",
    tags: ["AI"],
    security: SECURITY,
    requestBody: { required: true, content: json(CountTokensRequest) },
    responses: {
      200: { description: "The count", content: json(Count) },
      ...refusals([400, 404, 413, 529], AnthropicErrorEnvelope),
    },
  },
}
