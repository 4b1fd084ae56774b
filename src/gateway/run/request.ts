// What one candidate is asked: the caller's own fields where it shares the wire, else the conversation they mean.
import type { Question } from "../dialects/dialect.ts"
import type { ModelRequest } from "../providers/index.ts"
import type { Quote } from "../types.ts"
import type { Asked } from "./unary.ts"

export function requestFor<Body extends Question>(
  { dialect, body, conversation }: Pick<Asked<Body>, "dialect" | "body" | "conversation">,
  { wire, model, upstream, outputTokensMax }: Pick<Quote, "wire" | "model" | "upstream" | "outputTokensMax">,
  stream: boolean,
): ModelRequest {
  return {
    model,
    stream,
    // Never more output than the hold covers.
    maxTokens: outputTokensMax / body.choices,
    maxTokensField: upstream.maxTokensField,
    question:
      wire.name === dialect.name && !dialect.isTranslated
        ? { fields: dialect.fields(body), conversation: null, ...(body.upload ? { files: body.upload.files } : {}) }
        : { fields: null, conversation: conversation() },
  }
}
