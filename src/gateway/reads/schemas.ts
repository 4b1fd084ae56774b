// What the reads of /v1 answer: one schema types the code, stands in the OpenAPI document, and is held against real answers by
// tests. Fields are only ever added (SPEC §2, API versions).
import { type Static, type TLiteral, type TSchema, Type as t } from "@sinclair/typebox"

const oneOf = <Name extends string>(...names: Name[]) => t.Union(names.map((name): TLiteral<Name> => t.Literal(name)))
const orNull = <Schema extends TSchema>(schema: Schema) => t.Union([schema, t.Null()])

/** An amount of money: exact in nano-dollars, readable in credits; strings, since neither fits a float. */
export const Amount = t.Object(
  {
    nano: t.String({ pattern: "^-?\\d+$", description: "Nano-dollars (1 credit = 1,000,000)" }),
    credits: t.String({ pattern: "^-?\\d+(\\.\\d{1,6})?$", description: "The same amount in credits" }),
  },
  { description: "An amount of money", examples: [{ nano: "1900000", credits: "1.9" }] },
)

/** OpenAI's own object; what a response holds is its dialect's business. */
export const KeptResponse = t.Object(
  { id: t.String(), object: t.Literal("response"), store: t.Boolean() },
  { additionalProperties: true, description: "A response that was kept: `store: true`, and its person allows it" },
)
export const DeletedResponse = t.Object({ id: t.String(), object: t.Literal("response"), deleted: t.Literal(true) })
export const ResponseInput = t.Object(
  {
    object: t.Literal("list"),
    data: t.Array(t.Object({ id: t.String() }, { additionalProperties: true })),
    first_id: orNull(t.String()),
    last_id: orNull(t.String()),
    has_more: t.Boolean(),
  },
  { description: "What was sent with a kept response, without what it went on from; newest first" },
)

export const Model = t.Object(
  {
    id: t.String({ description: "What a request names as `model`" }),
    object: t.Literal("model"),
    created: t.Integer({ description: "Always 0: providers rarely say" }),
    owned_by: t.String({ description: "The provider account that answers; `house` where the operator sells it" }),
    context_window: orNull(t.Integer({ description: "Tokens of prompt and answer together" })),
    max_output_tokens: orNull(t.Integer()),
    resolves_to: orNull(t.String({ description: "Of a capability: what it comes to for you now" })),
    input_modalities: t.Array(t.String(), { description: "`text`, `image`, `audio`, as its name says" }),
    output_modalities: t.Array(t.String(), {
      description: "`text`, `embedding`, `image`, `audio`, `video` or `score`; the sandbox does them all",
    }),
    capabilities: t.Array(t.String(), { description: "What it can do, as its name and its window say" }),
    pricing: t.Object({
      unit: t.Literal("credits per million tokens"),
      input: t.String({ description: "What you pay for a million tokens of prompt, first price tier" }),
      output: t.String({ description: "What you pay for a million tokens of answer, first price tier" }),
      tokens: t.Optional(
        t.Record(t.String(), t.String(), {
          description:
            "What you pay for a million tokens of other kinds, where they cost other than these: `cached_input`, `cache_write`, `cache_write_1h`, `image_input`, `image_output`, `audio_input`, `audio_output`, `cached_audio_input`, `reasoning`",
        }),
      ),
      each: t.Optional(
        t.Record(t.String(), t.String(), {
          description:
            "What you pay for one of what is counted one by one: `image`, or `image 1024x1024/hd`; `second`, `character`, `search`; `input_image` and `web_search` of a prompt",
        }),
      ),
      request: t.Optional(t.String({ description: "What you pay for every call, beside what it uses" })),
      minimum: t.Optional(t.String({ description: "What a call costs at least" })),
    }),
  },
  { description: "A model that you can call, and what you pay for it" },
)

export const ModelList = t.Object(
  { object: t.Literal("list"), data: t.Array(Model) },
  { description: "Every model that you can call through this app or with this key, with what you pay" },
)

const Limit = t.Object({
  daily: Amount,
  used: Amount,
  remaining: Amount,
  resets_at: t.String({ format: "date-time", description: "The next UTC midnight" }),
})

export const Me = t.Object(
  {
    object: t.Literal("user"),
    id: t.String({ description: "The same as `sub` of the ID token" }),
    name: t.Optional(orNull(t.String({ description: "With the scope `profile`, or for an API key `manage`" }))),
    email: t.Optional(t.String({ description: "With the scope `email`, or for an API key `manage`" })),
    email_verified: t.Optional(t.Boolean({ description: "With the scope `email`" })),
    mode: oneOf("live", "test"),
    balance: Amount,
    held: Amount,
    scopes: t.Array(t.String()),
    limits: t.Record(t.String(), Limit, {
      description: "What this app may still spend today, by scope; empty for an API key",
    }),
    sponsored: t.Optional(
      t.Object(
        { first: Amount, remaining: Amount },
        {
          description:
            "The app pays the first credits of each person: how many, and what is left of them. Absent where it pays none",
        },
      ),
    ),
  },
  { description: "Who is calling, their balance, and what this app may still spend today" },
)

const End = {
  status: t.Integer({ description: "The HTTP status of the answer" }),
  error: orNull(t.String({ description: "The error code, when there was one" })),
  ended: oneOf("done", "refused", "failed", "client_gone", "timeout", "cut", "recovered"),
}
const Cost = {
  usage: t.Object({
    prompt_tokens: t.Integer(),
    completion_tokens: t.Integer(),
    total_tokens: t.Integer(),
    prompt_tokens_details: t.Object({ cached_tokens: t.Integer(), image_tokens: t.Integer() }),
    completion_tokens_details: t.Object({ reasoning_tokens: t.Integer(), image_tokens: t.Integer() }),
    counted: t.Record(t.String(), t.Number(), {
      description:
        "What was counted one by one, by the names that `each` of the model's `pricing` has for it: `image 1024x1024/hd`, `second`, `search`",
      examples: [{ "image 1024x1024/hd": 2 }],
    }),
    source: oneOf("reported", "estimated", "none"),
  }),
  charge: Amount,
  collected: Amount,
  from_cache: orNull(
    t.Object(
      { percent: t.Number({ description: "Per cent, such as 10" }), of: Amount },
      { description: "The answer came from the cache: which part was charged of what the first one cost" },
    ),
  ),
  transaction: orNull(t.String({ description: "The transaction in the books" })),
  paid_by: t.Union([t.Literal("you"), t.Literal("team"), t.Literal("app")], {
    description:
      "Whose credits paid: the person's, those of the team that they chose for the app or key, or the app's pool",
  }),
  provider_paid_by: t.Union([t.Literal("platform"), t.Literal("you"), t.Literal("nobody")], {
    description:
      "Who paid the provider: this service, for credits; you, by a key of your own there; nobody, where the cache answered",
  }),
}

export const FinishedRequest = t.Object(
  {
    object: t.Literal("request"),
    id: t.String({ description: "The `x-request-id` of the call" }),
    created: t.Integer({ description: "Seconds since 1970, UTC" }),
    model: t.String(),
    stream: t.Boolean(),
    ...End,
    attempts: t.Integer({
      description: "Provider accounts that were asked; above 1 when one failed and another answered",
    }),
    latency_ms: orNull(t.Integer()),
    first_token_ms: orNull(t.Integer()),
    ...Cost,
    total: t.Object(Amount.properties, {
      description: "What the call and all its parts came to",
      examples: [{ nano: "1900000", credits: "1.9" }],
    }),
    parts: t.Array(
      t.Object({
        id: t.String({ description: "Names the part; this very address tells of it alone, too" }),
        kind: oneOf("model", "tool"),
        model: t.String({ description: "The model, or `mcp:group/tool`" }),
        ...End,
        ...Cost,
      }),
      {
        description:
          "Of a call whose tools ran here: each time its model was asked, and each tool, in order. The first is the call itself; else empty",
      },
    ),
  },
  { description: "Final usage and charge of a call of this person through this app or key" },
)

export type ModelJson = Static<typeof Model>
export type ModelListJson = Static<typeof ModelList>
export type MeJson = Static<typeof Me>
export type FinishedRequestJson = Static<typeof FinishedRequest>
