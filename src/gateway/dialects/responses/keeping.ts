// Answers that are kept: what a request goes on from, and whether its own answer stays. For people who turned it on alone.
import { AppError } from "../../../app/index.ts"
import { type Exchange, KEPT_LIMITS, type Keeper, type Kept } from "../../../kept/index.ts"
import type { Caller } from "../../caller.ts"
import { bad, isObject, type Json } from "../checks.ts"
import type { Parsed } from "../json.ts"
import { withoutHosted } from "./hosted.ts"
import { input } from "./input.ts"
import type { RecentItems } from "./recent.ts"
import { itemsOf, type ResponsesRequest } from "./request.ts"
import { idOf } from "./said.ts"

export interface KeepingDeps {
  kept: Pick<Kept, "isOn" | "keep" | "recent" | "conversation">
  /** What was just said, which is not kept. */
  recent: RecentItems
  /** Origin without trailing slash. */
  baseUrl: string
}

export const keeperOf = ({ userId, clientId, mode }: Caller): Keeper => ({ userId, clientId, mode })

/** The request with what it goes on from. @throws AppError naming `store` or `previous_response_id` */
export function withKept(deps: KeepingDeps, caller: Caller, request: ResponsesRequest): ResponsesRequest {
  const { store, previous_response_id: given } = request.plain
  const previous = typeof given === "string" ? given : null
  const isUnsaid = store === undefined || store === null
  const remember = isUnsaid ? (items: readonly unknown[]) => deps.recent.remember(caller, items) : null
  if (store !== true && previous === null) return { ...request, remember }
  const param = store === true ? "store" : "previous_response_id"
  if (!deps.kept.isOn(caller.userId)) throw notOn(param, deps.baseUrl)
  const history = previous === null ? [] : historyOf(deps, caller, previous)
  // Counted as the rest of the prompt.
  const extras = [...request.extras]
  if (history.length > 0) input(history, "previous_response_id", { size: request.size, extras })
  return {
    ...request,
    extras,
    history,
    remember,
    keep: store === true ? keepFor(deps, caller, request, previous) : null,
  }
}

/**
 * Items that are named by their id, as SDKs do that take answers for kept: in their place stand the items of this caller's answers, as
 * far as they were said a moment ago, or are kept. The others stay, to be refused by name.
 */
export function withReferences(deps: KeepingDeps, caller: Caller, parsed: Parsed): Parsed {
  const items = isObject(parsed.plain) && Array.isArray(parsed.plain.input) ? (parsed.plain.input as unknown[]) : []
  const named = items.filter(isReference).map(({ id }) => id)
  if (named.length === 0) return parsed
  const known = new Map<unknown, Json>()
  for (const id of named) {
    const item = typeof id === "string" ? deps.recent.find(caller, id) : null
    if (item) known.set(id, item)
  }
  if (named.some((id) => !known.has(id)) && deps.kept.isOn(caller.userId)) keptItems(deps, caller, known)
  const resolved = (body: unknown): unknown => {
    const { input, ...rest } = body as Json
    const found = (input as unknown[]).map((item) => (isReference(item) ? (known.get(item.id) ?? item) : item))
    return { ...rest, input: found }
  }
  const plain = resolved(parsed.plain)
  return { plain, exact: parsed.exact === parsed.plain ? plain : resolved(parsed.exact) }
}

const isReference = (item: unknown): item is Json => isObject(item) && item.type === "item_reference"

function keptItems({ kept }: KeepingDeps, caller: Caller, known: Map<unknown, Json>): void {
  for (const { answer } of kept.recent(keeperOf(caller), KEPT_LIMITS.lookedThrough)) {
    for (const item of answer.output as Json[]) if (!known.has(item.id)) known.set(item.id, item)
  }
}

const notOn = (param: string, baseUrl: string): AppError =>
  bad(
    param,
    `\`${param}\` is for people who let apps keep answers; this one does not, at ${baseUrl}/settings. Send the conversation so far as \`input\`, and \`store: false\`.`,
  )

function historyOf({ kept }: KeepingDeps, caller: Caller, previous: string): unknown[] {
  const exchanges = kept.conversation(keeperOf(caller), previous)
  if (exchanges) return exchanges.flatMap(itemsIn)
  throw new AppError(
    "invalid_request",
    `The response \`${previous.slice(0, 100)}\`, or one that it went on from, is not kept. Send the conversation so far as \`input\`.`,
    { param: "previous_response_id", fields: { code: "previous_response_not_found" } },
  )
}

/** Items of an answer that a request may have; pictures that a model made are not sent again. */
const SENT_AGAIN = new Set(["message", "reasoning", "function_call", "custom_tool_call", "mcp_call"])

function itemsIn({ input: asked, answer }: Exchange): unknown[] {
  const output = Array.isArray(answer.output) ? (answer.output as unknown[]) : []
  const said = output.filter((item) => isObject(item) && SENT_AGAIN.has(String(item.type)))
  return [...asked, ...(withoutHosted(said) as unknown[])]
}

function keepFor(
  { kept }: KeepingDeps,
  caller: Caller,
  { plain }: ResponsesRequest,
  previous: string | null,
): NonNullable<ResponsesRequest["keep"]> {
  const items = itemsOf(plain.input)
  if (JSON.stringify(items).length > KEPT_LIMITS.answerCharsMax) {
    throw bad("store", "This `input` is too long to be kept. Send `store: false`, or less at a time.")
  }
  return async (requestId, answer) => {
    // Its write is queued behind the mark of what it costs, which the caller makes in this very turn (`run/unary.ts`).
    await null
    return await kept.keep(
      {
        actor: caller.actor,
        onBehalfOf: `user:${caller.userPublicId}`,
        requestId,
        reason: "keep an answer that was asked to be kept",
      },
      { ...keeperOf(caller), publicId: idOf("resp", requestId), previous, input: items, answer: answer as Json },
    )
  }
}
