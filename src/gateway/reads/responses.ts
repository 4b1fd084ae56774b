// Kept answers as /v1 tells them: the person's who calls, through this app; anybody else's are not there.
import { AppError } from "../../app/index.ts"
import type { Exchange, Kept } from "../../kept/index.ts"
import { authenticate, requireScope } from "../admit.ts"
import { isObject, type Json } from "../dialects/checks.ts"
import { keeperOf } from "../dialects/responses/keeping.ts"
import type { Caller } from "../types.ts"

type Deps = Parameters<typeof authenticate>[0] & Parameters<typeof requireScope>[2] & { kept: Pick<Kept, "one" | "remove"> }

async function callerOf(deps: Deps, request: Request): Promise<Caller> {
  const caller = await authenticate(deps, request)
  requireScope(caller, "llm", deps)
  return caller
}

const missing = (id: string): AppError =>
  new AppError(
    "not_found",
    `There is no response \`${id.slice(0, 100)}\`. Nothing is kept unless its person allows it.`,
    {
      param: "response_id",
    },
  )

async function kept(deps: Deps, request: Request, id: string): Promise<Exchange> {
  const found = deps.kept.one(keeperOf(await callerOf(deps, request)), id)
  if (!found) throw missing(id)
  return found
}

/** GET /v1/responses/:id */
export async function response(deps: Deps, request: Request, id: string): Promise<object> {
  if (new URL(request.url).searchParams.get("stream") === "true") {
    throw new AppError("invalid_request", "A kept response is answered whole. Leave out `stream`.", { param: "stream" })
  }
  return (await kept(deps, request, id)).answer
}

/** DELETE /v1/responses/:id */
export async function deleteResponse(deps: Deps, request: Request, id: string, requestId: string): Promise<object> {
  const caller = await callerOf(deps, request)
  const ctx = { actor: caller.actor, onBehalfOf: `user:${caller.userPublicId}`, requestId, reason: "delete a response" }
  await deps.kept.remove(ctx, keeperOf(caller), id).catch((error: unknown) => {
    throw error instanceof AppError && error.code === "not_found" ? missing(id) : error
  })
  return { id, object: "response", deleted: true }
}

const PAGE = 20
const PAGE_MAX = 100

/** GET /v1/responses/:id/input_items: what was sent with it, newest first as OpenAI does. */
export async function responseInput(deps: Deps, request: Request, id: string): Promise<object> {
  const { input } = await kept(deps, request, id)
  const { searchParams } = new URL(request.url)
  const limit = Number(searchParams.get("limit") ?? PAGE)
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX) {
    throw new AppError("invalid_request", `\`limit\` must be a whole number from 1 to ${PAGE_MAX}.`, { param: "limit" })
  }
  const named = input.map((item, index) => itemJson(item, `${id.replace(/^resp_/, "msg_")}_in_${index}`))
  const order = searchParams.get("order") ?? "desc"
  if (order !== "asc" && order !== "desc")
    throw new AppError("invalid_request", "`order` must be `asc` or `desc`.", { param: "order" })
  const ordered = order === "asc" ? named : named.toReversed()
  const after = searchParams.get("after")
  const start = after === null ? 0 : ordered.findIndex((item) => item.id === after) + 1
  const data = ordered.slice(start, start + limit)
  const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null }
  return { object: "list", data, ...ends, has_more: start + limit < ordered.length }
}

/** As OpenAI tells items: with a name, and text as a part. */
function itemJson(item: unknown, id: string): Json & { id: string } {
  const said: Json = isObject(item) ? item : {}
  const named = { ...said, id: typeof said.id === "string" ? said.id : id }
  if (typeof said.content !== "string") return named
  const type = said.role === "assistant" ? "output_text" : "input_text"
  return { status: "completed", ...named, type: "message", content: [{ type, text: said.content }] }
}
