// The handlers of /v1: each answers one route, whatever is thrown.
import { chat } from "./dialects/chat/index.ts"
import { embeddings } from "./dialects/embeddings/index.ts"
import { messages } from "./dialects/messages/index.ts"
import { responses } from "./dialects/responses/index.ts"
import { answerV1, v1Json } from "./envelope.ts"
import * as reads from "./reads/index.ts"
import type { ReadDeps } from "./reads/models.ts"
import { answerCall, type CallDeps } from "./run/call.ts"
import { createCounter } from "./run/count.ts"
import type { Gateway } from "./types.ts"

type Handlers = Pick<
  Gateway,
  | "chatCompletions"
  | "responses"
  | "messages"
  | "countTokens"
  | "embeddings"
  | "models"
  | "model"
  | "priceList"
  | "me"
  | "requestById"
>

export function v1Handlers(calls: CallDeps, readDeps: ReadDeps): Handlers {
  const read = (request: Request, run: (request: Request) => Promise<unknown>) =>
    answerV1(readDeps.log, request, async (_, context) => v1Json(await run(request), context.requestId))
  return {
    chatCompletions: (request) => answerCall(calls, chat, request),
    responses: (request) => answerCall(calls, responses, request),
    messages: (request) => answerCall(calls, messages, request),
    countTokens: createCounter(calls),
    embeddings: (request) => answerCall(calls, embeddings, request),
    models: (request) => read(request, () => reads.models(readDeps, request)),
    model: (request, id) => read(request, () => reads.model(readDeps, request, id)),
    priceList: () => reads.priceList(readDeps),
    me: (request) => read(request, () => reads.me(readDeps, request)),
    requestById: (request, id) => read(request, () => reads.requestById(readDeps, request, id)),
  }
}
