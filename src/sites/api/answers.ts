// What models answer on each wire, for the document: the members that callers rely on. Providers send more, which passes as it came.
import { type TSchema, Type as t } from "@sinclair/typebox"

const OPEN = { additionalProperties: true }
const maybe = (schema: TSchema) => t.Union([schema, t.Null()])
const tokens = (description: string, example: number) => t.Integer({ minimum: 0, description, examples: [example] })
const more = t.Optional
const words = (...known: string[]) =>
  t.Unsafe<string>({ type: "string", examples: known.slice(0, 1), description: known.join(", ") })

const HELLO = "Hello, and welcome aboard today."
export const MODEL = t.String({ description: "The model that answered", examples: ["gpt-5-mini"] })
export const CREATED = t.Integer({ description: "Seconds since 1970, UTC", examples: [1_795_600_000] })

export const ChatAnswer = t.Object(
  {
    id: more(t.String({ examples: ["chatcmpl-01K9ZT4M2Q8V6X3B7N5RJDHWCE"] })),
    object: more(t.Literal("chat.completion")),
    created: more(CREATED),
    model: more(MODEL),
    choices: t.Array(
      t.Object(
        {
          index: more(t.Integer({ examples: [0] })),
          message: more(
            t.Object(
              {
                role: more(t.Literal("assistant")),
                content: more(maybe(t.String({ examples: [HELLO] }))),
                tool_calls: more(
                  t.Array(t.Object({}, OPEN), { description: "Functions that the model wants called", examples: [[]] }),
                ),
              },
              OPEN,
            ),
          ),
          finish_reason: more(maybe(words("stop", "length", "tool_calls", "content_filter"))),
        },
        OPEN,
      ),
    ),
    usage: more(
      t.Object(
        {
          prompt_tokens: tokens("Of the question", 14),
          completion_tokens: tokens("Of the answer, thinking included", 8),
          total_tokens: tokens("Both", 22),
        },
        OPEN,
      ),
    ),
  },
  { ...OPEN, description: "OpenAI's chat completion" },
)

export const ResponseAnswer = t.Object(
  {
    id: more(t.String({ examples: ["resp_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] })),
    object: more(t.Literal("response")),
    created_at: more(CREATED),
    status: more(words("completed", "incomplete", "failed")),
    model: more(MODEL),
    output: t.Array(t.Object({ type: more(words("message", "reasoning", "function_call")) }, OPEN), {
      examples: [
        [
          {
            type: "message",
            id: "msg_01K9ZT4M2Q8V6X3B7N5RJDHWCE",
            role: "assistant",
            status: "completed",
            content: [{ type: "output_text", text: HELLO, annotations: [] }],
          },
        ],
      ],
    }),
    store: more(t.Boolean({ description: "Whether it was kept", examples: [false] })),
    usage: more(
      maybe(
        t.Object(
          {
            input_tokens: tokens("Of the question", 14),
            output_tokens: tokens("Of the answer, thinking included", 8),
            total_tokens: tokens("Both", 22),
          },
          OPEN,
        ),
      ),
    ),
  },
  { ...OPEN, description: "OpenAI's response" },
)

export const MessageAnswer = t.Object(
  {
    id: more(t.String({ examples: ["msg_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] })),
    type: more(t.Literal("message")),
    role: more(t.Literal("assistant")),
    model: more(MODEL),
    content: t.Array(t.Object({ type: more(words("text", "thinking", "tool_use")) }, OPEN), {
      examples: [[{ type: "text", text: HELLO }]],
    }),
    stop_reason: more(maybe(words("end_turn", "max_tokens", "stop_sequence", "tool_use", "refusal"))),
    usage: more(
      t.Object(
        { input_tokens: tokens("Of the question", 14), output_tokens: tokens("Of the answer, thinking included", 8) },
        OPEN,
      ),
    ),
  },
  { ...OPEN, description: "Anthropic's message" },
)

export const EmbeddingsAnswer = t.Object(
  {
    object: more(t.Literal("list")),
    data: t.Array(
      t.Object(
        {
          object: more(t.Literal("embedding")),
          index: more(t.Integer({ examples: [0] })),
          embedding: t.Union([
            t.Array(t.Number(), { examples: [[0.0132, -0.0271, 0.0094]] }),
            t.String({ description: "With `encoding_format: base64`: floats of four bytes, little-endian" }),
          ]),
        },
        OPEN,
      ),
    ),
    model: MODEL,
    usage: more(t.Object({ prompt_tokens: tokens("Of the texts", 6), total_tokens: tokens("The same", 6) }, OPEN)),
  },
  { ...OPEN, description: "OpenAI's embeddings" },
)

export const ImagesAnswer = t.Object(
  {
    created: more(CREATED),
    data: t.Array(
      t.Object(
        {
          b64_json: more(t.String({ description: "The picture, base64", examples: ["iVBORw0KGgo="] })),
          url: more(t.String({ description: "Where the provider keeps it for a while" })),
          revised_prompt: more(t.String({ description: "What the model made of the prompt" })),
        },
        OPEN,
      ),
    ),
    usage: more(
      t.Object(
        {
          input_tokens: tokens("Of the prompt", 12),
          output_tokens: tokens("Of the pictures", 1_056),
          total_tokens: tokens("Both", 1_068),
        },
        OPEN,
      ),
    ),
  },
  { ...OPEN, description: "OpenAI's pictures" },
)

export const ModerationsAnswer = t.Object(
  {
    id: more(t.String({ examples: ["modr-01K9ZT"] })),
    model: more(MODEL),
    results: t.Array(
      t.Object(
        {
          flagged: more(t.Boolean({ description: "Whether any category fits", examples: [false] })),
          categories: more(
            t.Object({}, { ...OPEN, description: "Whether each fits", examples: [{ violence: false }] }),
          ),
          category_scores: more(
            t.Object({}, { ...OPEN, description: "How surely each fits, 0 to 1", examples: [{ violence: 0.001 }] }),
          ),
        },
        OPEN,
      ),
    ),
  },
  { ...OPEN, description: "OpenAI's moderation" },
)

export const RerankAnswer = t.Object(
  {
    id: more(t.String({ examples: ["rerank-01K9ZT"] })),
    model: more(MODEL),
    results: t.Array(
      t.Object(
        {
          index: t.Integer({ description: "Which of the texts, from 0", examples: [0] }),
          relevance_score: t.Number({ description: "How well it answers, 0 to 1", examples: [0.98] }),
        },
        OPEN,
      ),
    ),
  },
  { ...OPEN, description: "The texts, best first" },
)

/** Streams as they read on the line; a comment at the end says what was charged. */
export const TranscriptAnswer = t.Object(
  {
    text: t.String({ examples: ["Welcome aboard."], description: "What was said" }),
    usage: more(t.Object({}, { ...OPEN, description: "Seconds or tokens, where the provider reports them" })),
  },
  { ...OPEN, description: "OpenAI's transcript" },
)

export const STREAMS = {
  chat: `data: {"id":"chatcmpl-01K9ZT","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"Hello"},"finish_reason":null}]}

data: {"id":"chatcmpl-01K9ZT","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

data: [DONE]
`,
  responses: `event: response.created
data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_01K9ZT","status":"in_progress"}}

event: response.output_text.delta
data: {"type":"response.output_text.delta","sequence_number":3,"output_index":0,"content_index":0,"delta":"Hello"}

event: response.completed
data: {"type":"response.completed","sequence_number":7,"response":{"id":"resp_01K9ZT","status":"completed"}}
`,
  images: `event: image_generation.partial_image
data: {"type":"image_generation.partial_image","partial_image_index":0,"b64_json":"iVBORw0KGgo="}

event: image_generation.completed
data: {"type":"image_generation.completed","b64_json":"iVBORw0KGgo=","usage":{"input_tokens":12,"output_tokens":1056,"total_tokens":1068}}
`,
  speech: `data: {"type":"speech.audio.delta","audio":"SUQzBAAAAAAA"}

data: {"type":"speech.audio.done","usage":{"input_tokens":4,"output_tokens":30,"total_tokens":34}}
`,
  transcriptions: `data: {"type":"transcript.text.delta","delta":"Welcome"}

data: {"type":"transcript.text.done","text":"Welcome aboard.","usage":{"type":"duration","seconds":2}}
`,
  messages: `event: message_start
data: {"type":"message_start","message":{"id":"msg_01K9ZT","type":"message","role":"assistant","content":[]}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}

event: message_stop
data: {"type":"message_stop"}
`,
} as const
