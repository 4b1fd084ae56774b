// The handlers of /v1: each answers one route, whatever is thrown.
import { speech } from "./dialects/audio/speech.ts"
import { transcriptions, translations } from "./dialects/audio/transcriptions.ts"
import { chat } from "./dialects/chat/index.ts"
import { embeddings } from "./dialects/embeddings/index.ts"
import { imageEdits } from "./dialects/images/edits.ts"
import { images } from "./dialects/images/index.ts"
import { messages } from "./dialects/messages/index.ts"
import { moderations } from "./dialects/moderations/index.ts"
import { rerank } from "./dialects/rerank/index.ts"
import { createResponses, type KeepingDeps } from "./dialects/responses/index.ts"
import { answerV1, v1Error, v1Json } from "./envelope.ts"
import { ownCalls } from "./own.ts"
import { createCounter } from "./reads/count-tokens.ts"
import * as reads from "./reads/index.ts"
import type { ReadDeps } from "./reads/models.ts"
import { answerCall, type CallDeps } from "./run/call.ts"
import type { V1Handlers } from "./v1.ts"
import type { Videos } from "./videos/types.ts"

export function v1Handlers(calls: CallDeps, deps: ReadDeps & Pick<KeepingDeps, "recent">, videos: Videos): V1Handlers {
  const responses = createResponses(deps)
  const read = (request: Request, run: (requestId: string) => Promise<unknown>) =>
    answerV1(
      deps.log,
      request,
      async (_, { requestId }) => v1Json(await run(requestId), requestId),
      (error, requestId) => v1Error(error, requestId, reads.isAnthropic(request) ? "anthropic" : "openai"),
    )
  return {
    own: ownCalls(calls, deps, videos),
    chatCompletions: (request) => answerCall(calls, chat, request),
    responses: (request) => answerCall(calls, responses, request),
    response: (request, id) => read(request, () => reads.response(deps, request, id)),
    responseInput: (request, id) => read(request, () => reads.responseInput(deps, request, id)),
    deleteResponse: (request, id) => read(request, (requestId) => reads.deleteResponse(deps, request, id, requestId)),
    messages: (request) => answerCall(calls, messages, request),
    countTokens: createCounter(calls),
    moderations: (request) => answerCall(calls, moderations, request),
    rerank: (request) => answerCall(calls, rerank, request),
    speech: (request) => answerCall(calls, speech, request),
    transcriptions: (request) => answerCall(calls, transcriptions, request),
    translations: (request) => answerCall(calls, translations, request),
    images: (request) => answerCall(calls, images, request),
    imageEdits: (request) => answerCall(calls, imageEdits, request),
    embeddings: (request) => answerCall(calls, embeddings, request),
    models: (request) => read(request, () => reads.models(deps, request)),
    model: (request, id) => read(request, () => reads.model(deps, request, id)),
    priceList: () => reads.priceList(deps),
    me: (request) => read(request, () => reads.me(deps, request)),
    requestById: (request, id) => read(request, () => reads.requestById(deps, request, id)),
  }
}
