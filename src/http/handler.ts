// Answers one request: refuses what no route should have to understand, runs the router, maps errors once, writes one line of
// log. What the log says of an address is its route; paths and queries may hold secrets.
import type { Server } from "bun"
import { type AnyElysia, Elysia } from "elysia"
import { AppError, ensure, type Ids, invariant, LIMITS, type Log } from "../app/index.ts"
import { astray } from "./astray.ts"
import { BodyBudget } from "./body-budget.ts"
import { contextOf, type RequestContext, setContext } from "./context.ts"
import { apiErrorResponse, type Dialect, dialectOf, toAppError } from "./dialects.ts"
import type { ClientAddress } from "./forwarded.ts"
import type { Origins } from "./origins.ts"
import type { Assets } from "./static.ts"
import { forSwap } from "./swap.ts"
import { Traffic } from "./traffic.ts"

export interface HandlerDeps {
  /** Routes of every site; they throw AppErrors. */
  sites: AnyElysia[]
  assets: Pick<Assets, "url" | "serve" | "compress">
  ids: Ids
  log: Log
  /** Default: the socket's peer. */
  clientAddress?: ClientAddress
  /** The public origin is https: tell browsers to stay there. */
  secure?: boolean
  /** Renders an error as a page. */
  errorPage: (error: AppError, request: Request, context: RequestContext) => Response
  /** WWW-Authenticate of a refused call of an API, by its path; null = none. */
  challenge?: (error: AppError, pathname: string) => string | null
  bodies?: BodyBudget
  /** Origins of the server's parts. Default: one serves all. */
  origins?: Pick<Origins, "misplaced" | "isPublished">
  /** What the host of published APIs serves, and all that it serves. */
  published?: (request: Request) => Promise<Response>
  /** Counts the answers. */
  traffic?: Traffic
  /** Why this request may not be answered now; asked before the work and again before its answer leaves. Probes and assets pass. */
  shut?: (request: Request) => AppError | null
}

export type Handler = (request: Request, server: Server<unknown> | null) => Promise<Response>
type Fail = (thrown: unknown, request: Request) => Response

/** Answers one request without a listener; what `startServer` and tests share. */
export function createHandler(deps: HandlerDeps): Handler {
  const { assets, log, secure = false, traffic = new Traffic(), shut, origins } = deps
  const fail = failing(deps)
  const route = roads(deps, fail)
  const begin = beginning(deps)

  return async (request, server) => {
    const context = begin(request, server)
    setContext(request, context)
    traffic.running++
    let response: Response
    try {
      response =
        malformed(request) ??
        (context.isPublished ? null : asset(request, assets)) ??
        origins?.misplaced(request, pathOf(request.url)) ??
        (await (shut ? guarded(shut, request, () => route(request, context)) : route(request, context)))
    } catch (error) {
      response = fail(error, request)
    } finally {
      context.seat?.release()
      traffic.running--
    }
    if (!context.isPublished) response = forSwap(request, pathOf(request.url), response)
    if (request.method === "HEAD") response = headOf(response)
    if (secure) response.headers.set("strict-transport-security", "max-age=31536000")
    if (context.answerHeaders) setAll(response, context.answerHeaders)
    if (!response.headers.has("x-request-id")) response.headers.set("x-request-id", context.requestId)
    const ms = performance.now() - context.startMs
    traffic.count(request.method, context.route, response.status, ms)
    log.info("request", {
      request: context.requestId,
      method: request.method,
      route: context.route ?? unroutedName(request.url),
      status: response.status,
      ms: Math.round(ms * 10) / 10,
      caller: context.caller ?? "none",
    })
    return response
  }
}

/** What is known of a request before anything is asked of it. */
function beginning({
  ids,
  origins,
  clientAddress = (peer) => peer,
  bodies = new BodyBudget(),
}: HandlerDeps): (request: Request, server: Server<unknown> | null) => RequestContext {
  return (request, server) => ({
    requestId: ids.next("req"),
    isPublished: origins?.isPublished(request) ?? false,
    method: request.method,
    startMs: performance.now(),
    caller: null,
    route: null,
    server,
    bodies,
    seat: null,
    answerHeaders: null,
    // Asking the kernel costs more than the rest of a small request; only sign-in pages want to know.
    get ip() {
      return clientAddress(server?.requestIP(request)?.address ?? "127.0.0.1", request.headers)
    },
  })
}

/** The router, but on the host of published APIs. */
function roads(
  { sites, published }: Pick<HandlerDeps, "sites" | "published">,
  fail: Fail,
): (request: Request, context: RequestContext) => Response | Promise<Response> {
  const routed = router(sites, fail)
  return (request, context) => {
    if (!published || !context.isPublished) return routed(asGet(request, context))
    context.route = "/m/*"
    return published(request)
  }
}

function setAll(response: Response, headers: Record<string, string>): void {
  for (const name in headers) response.headers.set(name, headers[name]!)
}

const PROBES: ReadonlySet<string> = new Set(["/livez", "/readyz", "/up", "/metrics"])

/** @throws what `shut` says, before the work or after it: what was answered in between stays here */
async function guarded(
  shut: NonNullable<HandlerDeps["shut"]>,
  request: Request,
  work: () => Response | Promise<Response>,
): Promise<Response> {
  if (PROBES.has(pathOf(request.url))) return work()
  const before = shut(request)
  if (before) throw before
  const response = await work()
  const after = shut(request)
  if (!after) return response
  void response.body?.cancel().catch(() => {})
  throw after
}

function failing({ log, errorPage, challenge }: Pick<HandlerDeps, "log" | "errorPage" | "challenge">): Fail {
  return (thrown, request) => {
    const context = contextOf(request)
    const error = toAppError(thrown)
    const fields = {
      request: context.requestId,
      code: error.code,
      status: error.status,
      error: error.detail ?? error.message,
    }
    if (error.status >= 500) log.error("request.failed", fields)
    else log.debug("request.refused", fields)
    const dialect = context.isPublished ? "problem" : dialectFor(error, request)
    if (dialect === "html") return errorPage(error, request, context)
    const response = apiErrorResponse(error, dialect, context.requestId)
    const said = context.isPublished ? null : challenge?.(error, pathOf(request.url))
    if (said) response.headers.set("www-authenticate", said)
    return response
  }
}

function router(sites: AnyElysia[], fail: Fail): (request: Request) => Response | Promise<Response> {
  const app = new Elysia()
    .onError(({ error, code, request }) => {
      if (code === "NOT_FOUND") return fail(nothingHere(request), request)
      // What our reader refused comes wrapped.
      return fail(code === "PARSE" ? error.cause : error, request)
    })
    .onTransform(({ request, route }) => {
      contextOf(request).route = route
    })
  for (const site of sites) {
    site.routes.forEach(refuseOpenParser)
    app.use(site)
  }
  return app.fetch as (request: Request) => Response | Promise<Response>
}

/** The router's own parsers read without limit, budget or deadline: a route says `parse: "none"`, or names one of ours. */
function refuseOpenParser({
  method,
  path,
  hooks,
}: {
  method: string
  path: string
  hooks?: { parse?: unknown }
}): void {
  const parse = ([hooks?.parse].flat() as { fn?: unknown }[])[0]?.fn
  const isOurs = parse === "none" || typeof parse === "function"
  invariant(["GET", "HEAD", "OPTIONS"].includes(method) || isOurs, `${method} ${path} lets the router read its body`)
}

function nothingHere(request: Request): AppError {
  const stray = astray(request, pathOf(request.url))
  return new AppError("not_found", stray?.hint ?? "There is nothing here. Check the address for a typing mistake.")
}

/** What the path speaks; a call beside its path is answered as the client reads it. */
function dialectFor({ code }: AppError, request: Request): Dialect {
  const path = pathOf(request.url)
  return dialectOf((code === "not_found" && astray(request, path)?.meant) || path)
}

/**
 * What no route should have to expect: a Host that makes no address, escapes that decode to nothing, endless addresses.
 * @throws AppError invalid_request
 */
function malformed(request: Request): Response | null {
  const { url } = request
  ensure(url.length <= LIMITS.urlBytesMax, "invalid_request", "That address is too long.")
  // No page can be made for an address without a host; the words alone must do.
  if (!URL.canParse(url)) return new Response("The Host header of this request is not valid.\n", { status: 400 })
  const path = pathOf(url)
  ensure(!path.includes("%") || decodes(path), "invalid_request", "That address is not spelled right: a % must be %25.")
  return null
}

function decodes(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes("\0")
  } catch {
    return false
  }
}

function asset(request: Request, assets: Pick<Assets, "serve">): Response | null {
  if (request.method !== "GET" && request.method !== "HEAD") return null
  const path = pathOf(request.url)
  if (!path.startsWith("/assets/")) return null
  contextOf(request).route = "/assets/*"
  return assets.serve(request, path)
}

/** HEAD is GET without the body (RFC 9110 §9.3.2). The router would read the whole body to tell its length. */
function asGet(request: Request, context: RequestContext): Request {
  if (request.method !== "HEAD") return request
  const get = new Request(request.url, { method: "GET", headers: request.headers })
  setContext(get, context)
  return get
}

/** A stream of events has no end to wait for, and a download is work for nobody. */
function headOf(response: Response): Response {
  const { headers } = response
  const isStream = headers.get("content-type")?.startsWith("text/event-stream") || headers.has("content-disposition")
  if (!isStream || !response.body) return response
  void response.body.cancel().catch(() => {})
  return new Response(null, { status: response.status, headers })
}

/** Of an address without a route only a short first word is told: a mistyped link may still hold its token. */
const unroutedName = (url: string): string =>
  `${/^\/[a-z0-9._-]{0,24}(?=\/|$)/i.exec(pathOf(url))?.[0] ?? "/…"} (no route)`

/** The path as it was sent; also of an address that cannot be parsed. */
function pathOf(url: string): string {
  const scheme = url.indexOf("//")
  const start = scheme < 0 ? 0 : url.indexOf("/", scheme + 2)
  const query = url.indexOf("?", start)
  return start < 0 ? "/" : url.slice(start, query < 0 ? undefined : query)
}
