// POST /v1/responses, as OpenAI documents it. Stateless: what is not said in the request is not known.
import { readJsonText } from "../../../http/index.ts"
import { v1Error } from "../../envelope.ts"
import type { Dialect } from "../dialect.ts"
import { parseJson } from "../json.ts"
import { conversationOf } from "./conversation.ts"
import { ResponsesFramer, wholeResponse } from "./frame.ts"
import { checkResponses, fieldsOf, type ResponsesRequest } from "./request.ts"

export const responses: Dialect<ResponsesRequest> = {
  name: "responses",
  endpoint: "responses",
  scope: "llm",
  check: async (request, owner) => checkResponses(parseJson(await readJsonText(request, { owner }))),
  estimate: (request) => request,
  fields: fieldsOf,
  conversation: conversationOf,
  framer: (request, requestId) => new ResponsesFramer(request, requestId),
  whole: wholeResponse,
  error: v1Error,
}
