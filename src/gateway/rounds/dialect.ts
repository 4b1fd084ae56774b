// One round as the gateway's road sees it: a question in the caller's dialect that is always told as a conversation, and whose answer
// is heard before anything of it is told.
import type { AppError } from "../../app/index.ts"
import type { Demand, Dialect, Framer, Question } from "../dialects/dialect.ts"
import type { Conversation } from "../providers/index.ts"
import type { Heard } from "./heard.ts"

export interface RoundBody extends Demand {
  conversation: Conversation
}

/** @param outer frames what the caller is told; null where the answer is one document */
export const roundDialect = <Body extends Question>(
  dialect: Dialect<Body>,
  body: Body,
  heard: Heard,
  outer: Framer | null,
): Dialect<RoundBody> => ({
  name: dialect.name,
  endpoint: dialect.endpoint,
  scope: dialect.scope,
  isTranslated: true,
  params: { prompt: dialect.params.prompt, most: () => dialect.params.most(body) },
  check: () => Promise.reject(new Error("a round is made, not read")),
  estimate: (round) => round,
  fields: () => ({}),
  conversation: ({ conversation }) => conversation,
  framer: () => framerOf(heard, outer!),
  whole: (_, frame) => {
    heard.model = frame.model
    heard.shown = heard.take(frame.events)
    return "{}"
  },
  ...(dialect.headers ? { headers: (requestId: string) => dialect.headers!(requestId) } : {}),
  error: dialect.error,
})

function framerOf(heard: Heard, outer: Framer): Framer {
  const failed = (error: AppError): string => {
    heard.failure = error
    return ""
  }
  return {
    native: () => "",
    events(events, model) {
      heard.model = model
      const told = heard.take(events)
      return told.length === 0 ? "" : outer.events(told, model)
    },
    end: () => "",
    broken: failed,
    failed,
    keepAlive: () => outer.keepAlive(),
    comment: (text) => outer.comment(text),
  }
}
