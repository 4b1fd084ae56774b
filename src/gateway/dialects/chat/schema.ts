// The body of a chat completion, for the OpenAPI document.
import { Type as t } from "@sinclair/typebox"

export const ChatRequest = t.Object(
  { model: t.String(), messages: t.Array(t.Object({}, { additionalProperties: true }), { minItems: 1 }) },
  { additionalProperties: true },
)
