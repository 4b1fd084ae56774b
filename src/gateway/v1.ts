// The routes of /v1, one handler each. They answer whatever is thrown.
import type { Nano } from "../app/index.ts"
import type { MadeUnit } from "../pricing/index.ts"
import type { OwnCalls } from "./own.ts"
import type { TokenName } from "./reads/prices.ts"

/** n$ a million tokens as a caller pays them, at the first tier. */
export interface ModelPriceLine {
  id: string
  /** The account that answers, or `house`. */
  provider: string
  contextWindow: number | null
  capabilities: readonly string[]
  inputNano: Nano
  outputNano: Nano
  /** What is paid one by one, of each unit the least and the most of its sizes and qualities; n$ as a caller pays them. */
  each: readonly { unit: MadeUnit; leastNano: Nano; mostNano: Nano }[]
  /** A million of each kind of token that costs other than prompts and answers do. */
  tokens: readonly { name: TokenName; eachNano: Nano }[]
  /** Beside what it uses, of every call. */
  requestNano: Nano
}

export interface V1Handlers {
  /** The same calls by a person themselves, from a page of the console. */
  own: OwnCalls
  chatCompletions(request: Request): Promise<Response>
  responses(request: Request): Promise<Response>
  messages(request: Request): Promise<Response>
  /** Never charged, and limited. */
  countTokens(request: Request): Promise<Response>
  /** A kept answer of this caller. */
  response(request: Request, id: string): Promise<Response>
  responseInput(request: Request, id: string): Promise<Response>
  deleteResponse(request: Request, id: string): Promise<Response>
  moderations(request: Request): Promise<Response>
  rerank(request: Request): Promise<Response>
  speech(request: Request): Promise<Response>
  transcriptions(request: Request): Promise<Response>
  translations(request: Request): Promise<Response>
  images(request: Request): Promise<Response>
  imageEdits(request: Request): Promise<Response>
  embeddings(request: Request): Promise<Response>
  models(request: Request): Promise<Response>
  model(request: Request, id: string): Promise<Response>
  /** Models that answer here with what a million tokens cost through an app, cheapest first. Costs some 10 µs a model. */
  priceList(): ModelPriceLine[]
  me(request: Request): Promise<Response>
  requestById(request: Request, id: string): Promise<Response>
}
