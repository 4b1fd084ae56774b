// What every member of the API's document means: the words of its operation's kind, put where the schema has none.
import { ACCOUNT, MANAGEMENT } from "./account.ts"
import { CHAT, EMBEDDINGS, IMAGES, JUDGING, MESSAGES, MODELS, RESPONSES, SOUND } from "./models.ts"
import { type Json, type Words, worded } from "./worded.ts"

const OF_DIALECTS: readonly [path: RegExp, words: Words][] = [
  [/^\/v1\/chat\//, { ...MODELS, ...CHAT }],
  [/^\/v1\/responses/, { ...MODELS, ...RESPONSES }],
  [/^\/v1\/messages/, { ...MODELS, ...MESSAGES }],
  [/^\/v1\/embeddings/, { ...MODELS, ...EMBEDDINGS }],
  [/^\/v1\/audio/, { ...MODELS, ...SOUND }],
  [/^\/v1\/images/, { ...MODELS, ...IMAGES }],
  [/^\/v1\/(moderations|rerank)/, { ...MODELS, ...JUDGING }],
  [/^\/v1\//, ACCOUNT],
  [/^\//, MANAGEMENT],
]
export const wordsOf = (path: string): Words => OF_DIALECTS.find(([pattern]) => pattern.test(path))![1]

type Media = { schema?: Json }
type Parameter = { name: string; description?: string; schema?: Json }
export interface Said {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, { content?: Record<string, Media> }>
}

/** An operation with words for each member of its body, of its parameters and of its answers; refusals have theirs. */
export function inWords<Operation extends Said>(path: string, operation: Operation): Operation {
  const say = (schema: Json, at: string): Json => worded(schema, at, operation.operationId, wordsOf(path))
  const content = (all: Record<string, Media> | undefined, at: string) =>
    Object.fromEntries(
      Object.entries(all ?? {}).map(([type, one]) => [
        type,
        one.schema ? { ...one, schema: say(one.schema, at) } : one,
      ]),
    )
  const { requestBody, parameters, responses } = operation
  return {
    ...operation,
    ...(requestBody ? { requestBody: { ...requestBody, content: content(requestBody.content, "body") } } : {}),
    ...(parameters ? { parameters: parameters.map((one) => parameterIn(one, say)) } : {}),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, one]) => [
        status,
        status.startsWith("2") && one.content ? { ...one, content: content(one.content, status) } : one,
      ]),
    ),
  }
}

/** Its words stand beside its schema. */
function parameterIn(one: Parameter, say: (schema: Json, at: string) => Json): Parameter {
  if (one.description !== undefined) return one
  const { properties } = say({ properties: { [one.name]: one.schema ?? {} } }, "query")
  const { description } = (properties as Record<string, Json>)[one.name]!
  return typeof description === "string" ? { ...one, description } : one
}
