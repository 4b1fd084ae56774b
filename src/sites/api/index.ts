// Routes of /v1: each names what it answers, calls one handler, and stands in /openapi.json by that. Unknown paths are 404 in
// the same dialect and never proxied (research §3.6).
import { Type as t } from "@sinclair/typebox"
import { Elysia } from "elysia"
import { AppError } from "../../app/index.ts"
import {
  DeletedResponse,
  FinishedRequest,
  type Gateway,
  KeptResponse,
  Me,
  Model,
  ModelList,
  preflight,
  ResponseInput,
  v1Error,
} from "../../gateway/index.ts"
import { astray, contextOf, dialectOf } from "../../http/index.ts"
import type { ApiForm } from "../base/index.ts"
import { createAccountTools } from "./account-tools.ts"
import { type AppRoutesDeps, appRoutes } from "./app/index.ts"
import { chat, countTokens, embeddings, messages, read, responses } from "./describe.ts"
import { imageEdits, images, moderations, rerank, speech, transcriptions, translations } from "./describe-media.ts"
import * as videos from "./describe-videos.ts"
import { type ManageDeps, manageRoutes, manageSite } from "./manage/index.ts"
import { type McpRoutes, mcpRoutes, type ProductTools } from "./mcp.ts"
import { apiDocument } from "./openapi.ts"

export { type KeyReportDeps, keyReportSite } from "./key-report.ts"
export type { ManageDeps } from "./manage/index.ts"
export { API_PAGES } from "./pages.ts"
export { paymentEventsSite } from "./payment-events.ts"
export { productSite } from "./products.ts"

/** Bodies are read by the handlers themselves, once and within their limits. */
const RAW = { parse: "none" } as const
const UNDOCUMENTED = { detail: { hide: true } } as const

const KEPT = { errors: ["not_found"], tag: "AI", path: ["response"] } as const
const INPUT = {
  operationId: "listResponseInput",
  summary: "List the input of a kept response",
  answer: ResponseInput,
  errors: ["invalid_request", "not_found"],
  query: {
    limit: t.Integer({ minimum: 1, maximum: 100, default: 20, description: "At most so many" }),
    order: t.Union([t.Literal("desc"), t.Literal("asc")], { default: "desc", description: "Newest or oldest first" }),
    after: t.String({ description: "The `last_id` of the page before" }),
  },
} as const
const MODEL = {
  operationId: "getModel",
  summary: "Read a model",
  answer: Model,
  errors: ["model_not_found"],
  path: ["model"],
} as const
const CALL = {
  operationId: "getRequest",
  summary: "Read a finished request",
  answer: FinishedRequest,
  errors: ["not_found"],
  path: ["request"],
} as const

/**
 * @param origin without a trailing slash
 * @param forms what programs may send under /api/v1
 * @param manage what the management API stands on; without it there is none
 * @returns its routes, and the document of all that programs may send
 */
export function apiSite(
  gateway: Gateway,
  origin: string,
  forms: readonly ApiForm[],
  manage: (ManageDeps & { mcp: McpRoutes; marketplace: { tools: ProductTools }; app: AppRoutesDeps }) | null = null,
) {
  const managed = manage ? manageRoutes(manage) : []
  const account = manage && createAccountTools(manage.mcp, manage, managed)
  const more = account && mcpRoutes(manage.mcp, manage.marketplace.tools, account).use(appRoutes(manage.app))
  const v1 = more ? v1Routes(gateway).use(more) : v1Routes(gateway)
  const { read: document, route } = apiDocument(v1, { forms, routes: managed, origin })
  const site = new Elysia().use(v1).use(route)
  return { routes: manage ? site.use(manageSite(manage, managed)) : site, document }
}

function videoRoutes({ videos: verbs }: Gateway) {
  return (
    new Elysia()
      .post("/v1/videos", ({ request }) => verbs.create(request), { ...RAW, ...videos.create })
      // The name that xAI has for it.
      .post("/v1/videos/generations", ({ request }) => verbs.create(request), { ...RAW, ...UNDOCUMENTED })
      .get("/v1/videos", ({ request }) => verbs.list(request), videos.list)
      .get("/v1/videos/:video", ({ request, params }) => verbs.one(request, params.video), videos.one)
      .get("/v1/videos/:video/content", ({ request, params }) => verbs.content(request, params.video), videos.content)
      .delete("/v1/videos/:video", ({ request, params }) => verbs.remove(request, params.video), {
        ...RAW,
        ...videos.remove,
      })
      .post("/v1/videos/:video/remix", ({ request, params }) => verbs.remix(request, params.video), {
        ...RAW,
        ...videos.remix,
      })
  )
}

function v1Routes(gateway: Gateway) {
  return (
    new Elysia()
      .use(videoRoutes(gateway))
      .post("/v1/chat/completions", ({ request }) => gateway.chatCompletions(request), { ...RAW, ...chat })
      .post("/v1/responses", ({ request }) => gateway.responses(request), { ...RAW, ...responses })
      .post("/v1/messages", ({ request }) => gateway.messages(request), { ...RAW, ...messages })
      .post("/v1/messages/count_tokens", ({ request }) => gateway.countTokens(request), { ...RAW, ...countTokens })
      .post("/v1/embeddings", ({ request }) => gateway.embeddings(request), { ...RAW, ...embeddings })
      .post("/v1/moderations", ({ request }) => gateway.moderations(request), { ...RAW, ...moderations })
      .post("/v1/rerank", ({ request }) => gateway.rerank(request), { ...RAW, ...rerank })
      .post("/v1/images/generations", ({ request }) => gateway.images(request), { ...RAW, ...images })
      .post("/v1/images/edits", ({ request }) => gateway.imageEdits(request), { ...RAW, ...imageEdits })
      .post("/v1/audio/speech", ({ request }) => gateway.speech(request), { ...RAW, ...speech })
      .post("/v1/audio/transcriptions", ({ request }) => gateway.transcriptions(request), { ...RAW, ...transcriptions })
      .post("/v1/audio/translations", ({ request }) => gateway.translations(request), { ...RAW, ...translations })
      .get(
        "/v1/responses/:response",
        ({ request, params }) => gateway.response(request, params.response),
        read({ ...KEPT, operationId: "getResponse", summary: "Read a kept response", answer: KeptResponse }),
      )
      .delete("/v1/responses/:response", ({ request, params }) => gateway.deleteResponse(request, params.response), {
        ...RAW,
        ...read({ ...KEPT, operationId: "deleteResponse", summary: "Delete a kept response", answer: DeletedResponse }),
      })
      .get(
        "/v1/responses/:response/input_items",
        ({ request, params }) => gateway.responseInput(request, params.response),
        read({ ...KEPT, ...INPUT }),
      )
      .get(
        "/v1/models",
        ({ request }) => gateway.models(request),
        read({ operationId: "listModels", summary: "List models", answer: ModelList }),
      )
      .get("/v1/models/:model", ({ request, params }) => gateway.model(request, params.model), read(MODEL))
      // Names of models hold slashes; in the document they are one parameter.
      .get("/v1/models/*", ({ request, params }) => gateway.model(request, decoded(params["*"])), UNDOCUMENTED)
      .get(
        "/v1/me",
        ({ request }) => gateway.me(request),
        read({ operationId: "getMe", summary: "Read who calls", answer: Me }),
      )
      .get("/v1/requests/:request", ({ request, params }) => gateway.requestById(request, params.request), read(CALL))
      // The name that seeds 001 and 004 have for it.
      .post("/api/v1/chat/completions", ({ request }) => gateway.chatCompletions(request), { ...RAW, ...UNDOCUMENTED })
      .options("/api/v1/chat/completions", () => preflight(), UNDOCUMENTED)
      .options("/v1/*", () => preflight(), UNDOCUMENTED)
      .all("/v1", ({ request }) => unknown(request), { ...RAW, ...UNDOCUMENTED })
      .all("/v1/*", ({ request }) => unknown(request), { ...RAW, ...UNDOCUMENTED })
  )
}

const METHODS: Record<string, string> = {
  "/v1/chat/completions": "POST",
  "/v1/responses": "POST",
  "/v1/messages": "POST",
  "/v1/messages/count_tokens": "POST",
  "/v1/embeddings": "POST",
  "/v1/images/generations": "POST",
  "/v1/images/edits": "POST",
  "/v1/videos/generations": "POST",
  "/v1/audio/speech": "POST",
  "/v1/audio/transcriptions": "POST",
  "/v1/audio/translations": "POST",
  "/v1/moderations": "POST",
  "/v1/rerank": "POST",
  "/v1/models": "GET",
  "/v1/me": "GET",
  "/v1/mcp/groups": "GET",
  "/v1/app/users": "GET",
  "/v1/app/analytics/usage": "GET",
  "/v1/app/analytics/revenue": "GET",
}

function unknown(request: Request): Response {
  const path = new URL(request.url).pathname
  const allow = METHODS[path]
  const stray = astray(request, path)
  // Clients that prefer a socket (Codex) take this status for "by HTTP, at once", and others for a reason to try again.
  const wantsSocket = request.headers.get("upgrade")?.toLowerCase() === "websocket"
  const { requestId } = contextOf(request)
  if (wantsSocket && dialectOf(path) === "openai") {
    return v1Error(
      new AppError("no_websocket", "Answers come over HTTP here: POST, with `stream`."),
      requestId,
      "openai",
    )
  }
  const error = allow
    ? new AppError("method_not_allowed", `Use ${allow} here.`, { headers: { allow } })
    : new AppError(
        "not_found",
        `There is no ${request.method} ${path.slice(0, 200)}. ${stray?.hint ?? "See the API reference for what there is."}`,
      )
  return v1Error(error, requestId, dialectOf(stray?.meant ?? path) === "anthropic" ? "anthropic" : "openai")
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}
