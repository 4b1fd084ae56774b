// The handlers of /v1: each answers one route, whatever is thrown.
import { chat } from "./dialects/chat/index.ts"
import { embeddings } from "./dialects/embeddings/index.ts"
import { messages } from "./dialects/messages/index.ts"
import { createResponses } from "./dialects/responses/index.ts"
import { answerV1, v1Json } from "./envelope.ts"
import * as reads from "./reads/index.ts"
import type { ReadDeps } from "./reads/models.ts"
import { answerCall, type CallDeps } from "./run/call.ts"
import { createCounter } from "./run/count.ts"
import type { GatewayDeps, ModelPriceLine } from "./types.ts"

export interface V1Handlers {
  chatCompletions(request: Request): Promise<Response>
  responses(request: Request): Promise<Response>
  /** A kept answer of this caller. */
  response(request: Request, id: string): Promise<Response>
  responseInput(request: Request, id: string): Promise<Response>
  deleteResponse(request: Request, id: string): Promise<Response>
  messages(request: Request): Promise<Response>
  /** Never charged, and limited. */
  countTokens(request: Request): Promise<Response>
  embeddings(request: Request): Promise<Response>
  models(request: Request): Promise<Response>
  model(request: Request, id: string): Promise<Response>
  /** Models that answer here with what a million tokens cost through an app, cheapest first. Costs some 10 µs a model. */
  priceList(): ModelPriceLine[]
  me(request: Request): Promise<Response>
  requestById(request: Request, id: string): Promise<Response>
}

export function v1Handlers(calls: CallDeps, readDeps: ReadDeps & Pick<GatewayDeps, "kept">): V1Handlers {
  const responses = createResponses(readDeps)
  const read = (request: Request, run: (requestId: string) => Promise<unknown>) =>
    answerV1(readDeps.log, request, async (_, { requestId }) => v1Json(await run(requestId), requestId))
  return {
    chatCompletions: (request) => answerCall(calls, chat, request),
    responses: (request) => answerCall(calls, responses, request),
    response: (request, id) => read(request, () => reads.response(readDeps, request, id)),
    responseInput: (request, id) => read(request, () => reads.responseInput(readDeps, request, id)),
    deleteResponse: (request, id) =>
      read(request, (requestId) => reads.deleteResponse(readDeps, request, id, requestId)),
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
