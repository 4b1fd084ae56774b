// POST /v1/responses, as OpenAI documents it. Stateless, unless a person lets apps keep answers and the app asks for it.
import { readJsonText } from "../../../http/index.ts"
import { v1Error } from "../../envelope.ts"
import type { Dialect } from "../dialect.ts"
import { parseJson } from "../json.ts"
import { conversationOf } from "./conversation.ts"
import { ResponsesFramer, wholeResponse } from "./frame.ts"
import { type KeepingDeps, withKept, withReferences } from "./keeping.ts"
import { checkResponses, fieldsOf, type ResponsesRequest } from "./request.ts"

export type { KeepingDeps } from "./keeping.ts"
export { RecentItems } from "./recent.ts"
export { loadRecent, saveRecent } from "./recent-file.ts"

export const createResponses = (keeping: KeepingDeps): Dialect<ResponsesRequest> => ({
  name: "responses",
  endpoint: "responses",
  scope: "llm",
  params: { prompt: "input", most: () => "max_output_tokens" },
  async check(request, owner, caller) {
    const parsed = withReferences(keeping, caller, parseJson(await readJsonText(request, { owner })))
    return withKept(keeping, caller, checkResponses(parsed))
  },
  estimate: (request) => request,
  fields: fieldsOf,
  conversation: conversationOf,
  framer: (request, requestId) => new ResponsesFramer(request, requestId),
  whole: wholeResponse,
  error: v1Error,
})
