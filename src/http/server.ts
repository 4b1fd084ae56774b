// The listener: one Bun.serve, one router, request ids, one line of log per request, errors mapped once, graceful stop.
import type { Server } from "bun"
import { type AnyElysia, Elysia } from "elysia"
import { AppError, type Ids, LIMITS, type Log, within } from "../app/index.ts"
import { contextOf, type RequestContext, setContext } from "./context.ts"
import { apiErrorResponse, dialectOf, toAppError } from "./dialects.ts"
import type { ClientAddress } from "./forwarded.ts"
import type { Assets } from "./static.ts"

export interface ServerDeps {
  host: string
  port: number
  /** Routes of every site; they throw AppErrors. */
  sites: AnyElysia[]
  assets: Assets
  ids: Ids
  log: Log
  /** Default: the socket's peer. */
  clientAddress?: ClientAddress
  /** The public origin is https: tell browsers to stay there. */
  secure?: boolean
  /** Renders an error as a page. */
  errorPage: (error: AppError, request: Request, context: RequestContext) => Response
}

export interface HttpServer {
  readonly port: number
  readonly url: string
  /** Every route of every site, such as `GET /apps/:id`, sorted; tests walk them. */
  readonly routes: readonly string[]
  /** Refuses new connections, lets live streams end for at most `drainMs`, then cuts them. */
  stop(drainMs: number): Promise<void>
}

/** Answers one request without a listener; what `startServer` and tests share. */
export function createHandler(
  deps: Omit<ServerDeps, "host" | "port">,
): (request: Request, server: Server<unknown> | null) => Promise<Response> {
  const { sites, assets, ids, log, errorPage, clientAddress = (peer) => peer, secure = false } = deps
  const fail = (thrown: unknown, request: Request, context: RequestContext): Response => {
    const error = toAppError(thrown)
    const fields = {
      request: context.requestId,
      code: error.code,
      status: error.status,
      error: error.detail ?? error.message,
    }
    if (error.status >= 500) log.error("request.failed", fields)
    else log.debug("request.refused", fields)
    const dialect = dialectOf(new URL(request.url).pathname)
    return dialect === "html" ? errorPage(error, request, context) : apiErrorResponse(error, dialect, context.requestId)
  }
  const app = new Elysia().onError(({ error, code, request }) => {
    const context = contextOf(request)
    if (code === "NOT_FOUND")
      return fail(
        new AppError("not_found", "There is nothing here. Check the address for a typing mistake."),
        request,
        context,
      )
    return fail(error, request, context)
  })
  for (const site of sites) app.use(site)
  const route = app.fetch as (request: Request) => Response | Promise<Response>

  return async (request, server) => {
    const context: RequestContext = {
      requestId: ids.next("req"),
      startMs: performance.now(),
      server,
      // Asking the kernel costs more than the rest of a small request; only sign-in pages want to know.
      get ip() {
        return clientAddress(server?.requestIP(request)?.address ?? "127.0.0.1", request.headers)
      },
    }
    setContext(request, context)
    let response: Response
    try {
      response =
        (request.url.length > LIMITS.urlBytesMax ? tooLong(request, context, fail) : asset(request, assets)) ??
        (await route(request))
    } catch (error) {
      response = fail(error, request, context)
    }
    if (secure) response.headers.set("strict-transport-security", "max-age=31536000")
    if (!response.headers.has("x-request-id")) response.headers.set("x-request-id", context.requestId)
    log.info("request", {
      request: context.requestId,
      method: request.method,
      // The query may hold codes and tokens; it never reaches the log.
      path: pathOf(request.url),
      status: response.status,
      ms: Math.round((performance.now() - context.startMs) * 10) / 10,
    })
    return response
  }
}

export function startServer(deps: ServerDeps): HttpServer {
  const handle = createHandler(deps)
  const server = Bun.serve({
    hostname: deps.host,
    port: deps.port,
    // Two copies on one port would answer in turn without an error (DESIGN §11).
    reusePort: false,
    idleTimeout: 60,
    maxRequestBodySize: LIMITS.apiBodyBytesMax + 1_024,
    fetch: (request, live) => handle(request, live as Server<unknown>),
    error: (error) => {
      deps.log.error("request.crashed", { error })
      return new Response("Something failed on our side.", { status: 500 })
    },
  })
  return {
    port: server.port!,
    routes: deps.sites.flatMap((site) => site.routes.map(({ method, path }) => `${method} ${path}`)).sort(),
    url: `http://${deps.host.includes(":") ? `[${deps.host}]` : deps.host}:${server.port}`,
    async stop(drainMs) {
      await within(server.stop(false), drainMs)
      await server.stop(true)
    },
  }
}

type Fail = (thrown: unknown, request: Request, context: RequestContext) => Response

const tooLong = (request: Request, context: RequestContext, fail: Fail): Response =>
  fail(new AppError("invalid_request", "That address is too long."), request, context)

function asset(request: Request, assets: Assets): Response | null {
  if (request.method !== "GET" && request.method !== "HEAD") return null
  const path = pathOf(request.url)
  return path.startsWith("/assets/") ? assets.serve(request, path) : null
}

function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("//") + 2)
  const query = url.indexOf("?", start)
  return start < 0 ? "/" : url.slice(start, query < 0 ? undefined : query)
}
