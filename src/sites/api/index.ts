// Routes of /v1: parse nothing, call one handler. Unknown paths are 404 in the same dialect and never proxied (research §3.6).
import { Elysia } from "elysia"
import { AppError } from "../../app/index.ts"
import { type Gateway, preflight, v1Error } from "../../gateway/index.ts"
import { contextOf } from "../../http/index.ts"

export { API_PAGES } from "./pages.ts"

/** Bodies are read by the handlers themselves, once and within their limits. */
const RAW = { parse: "none" } as const

/** @param document says what programs may send under /api/v1 */
export function apiSite(gateway: Gateway, document: () => object) {
  return new Elysia()
    .get("/api/v1/openapi.json", () => Response.json(document(), { headers: { "cache-control": "no-cache" } }))
    .post("/v1/chat/completions", ({ request }) => gateway.chatCompletions(request), RAW)
    .get("/v1/models", ({ request }) => gateway.models(request))
    .get("/v1/models/*", ({ request, params }) => gateway.model(request, decoded(params["*"])))
    .get("/v1/me", ({ request }) => gateway.me(request))
    .get("/v1/requests/:request", ({ request, params }) => gateway.requestById(request, params.request))
    .options("/v1/*", () => preflight())
    .all("/v1", ({ request }) => unknown(request), RAW)
    .all("/v1/*", ({ request }) => unknown(request), RAW)
}

const METHODS: Record<string, string> = {
  "/v1/chat/completions": "POST",
  "/v1/models": "GET",
  "/v1/me": "GET",
}

function unknown(request: Request): Response {
  const path = new URL(request.url).pathname
  const allow = METHODS[path]
  const error = allow
    ? new AppError("method_not_allowed", `Use ${allow} here.`, { headers: { allow } })
    : new AppError(
        "not_found",
        `There is no ${request.method} ${path.slice(0, 200)}. See the API reference for what there is.`,
      )
  return v1Error(error, contextOf(request).requestId)
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}
