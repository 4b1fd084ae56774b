// The listener: one Bun.serve with its limits, and a graceful stop.
import type { Server } from "bun"
import { LIMITS, within } from "../app/index.ts"
import { createHandler, type Handler, type HandlerDeps } from "./handler.ts"
import { relieveSockets } from "./sockets.ts"

/** PEM texts. */
export interface TlsPair {
  cert: string
  key: string
}

export interface ServerDeps extends HandlerDeps {
  /** In place of the one that is made of the rest. */
  handle?: Handler
  host: string
  port: number
  /** Speak TLS with this; null = plain HTTP. */
  tls?: TlsPair | null
}

export interface HttpServer {
  readonly port: number
  readonly url: string
  /** Every route of every site, such as `GET /apps/:id`, sorted; tests walk them. */
  readonly routes: readonly string[]
  /** Refuses new connections and waits for what is being answered. @returns whether all of it ended within `ms` */
  drain(ms: number): Promise<boolean>
  /** Within two seconds new connections get this certificate; requests that run, streams too, go on with theirs. */
  useCertificate(tls: TlsPair): void
  /** Cuts what is still open. */
  stop(): Promise<void>
}

export function startServer(deps: ServerDeps): HttpServer {
  const handle = deps.handle ?? createHandler(deps)
  // A platform's server keeps its certificate for life: another one takes over, on the same port.
  const serve = (port: number, tls: TlsPair | null, isShared: boolean): Server<undefined> =>
    Bun.serve({
      hostname: deps.host,
      port,
      reusePort: isShared,
      ...(tls ? { tls: { cert: tls.cert, key: tls.key } } : {}),
      idleTimeout: LIMITS.idleSeconds,
      // The platform refuses with an empty 413 before any handler runs. We refuse ourselves: nothing is read that a handler
      // does not ask for, and body.ts counts what it asks for.
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      fetch: (request, live) => handle(request, live as Server<unknown>),
      error: (error) => {
        deps.log.error("request.crashed", { error })
        return new Response("Something failed on our side.", { status: 500 })
      },
    })
  const { tls = null } = deps
  let server = tls ? sharing(serve, deps.port, tls) : serve(deps.port, null, false)
  const port = server.port!
  /** Servers of earlier certificates, until their connections end. */
  const earlier = new Set<Server<undefined>>()
  const all = () => [server, ...earlier]
  const relief = relieveSockets({
    server: { closeIdleConnections: () => all().map((one) => one.closeIdleConnections()) },
    log: deps.log,
  })
  let ended: Promise<true> | null = null
  return {
    port,
    routes: deps.sites.flatMap((site) => site.routes.map(({ method, path }) => `${method} ${path}`)).sort(),
    url: `${tls ? "https" : "http"}://${deps.host.includes(":") ? `[${deps.host}]` : deps.host}:${port}`,
    useCertificate(next) {
      const before = server
      server = serve(port, next, true)
      earlier.add(before)
      // Both take connections for a moment: those that wait to be accepted by the earlier one are not lost with its socket.
      const timer = setTimeout(() => void before.stop(false).finally(() => earlier.delete(before)), TAKEOVER_MS)
      timer.unref?.()
    },
    async drain(ms) {
      ended ??= Promise.all(all().map((one) => one.stop(false))).then(() => true)
      return (await within(ended, ms)) ?? false
    },
    async stop() {
      relief.stop()
      await Promise.all(all().map((one) => one.stop(true)))
    },
  }
}

/** Long enough for a handshake over a slow line. */
const TAKEOVER_MS = 2_000

/**
 * Two copies on one port would answer in turn without an error (DESIGN §11), so the port is first taken for ourselves alone; then in
 * a way that lets our own next certificate share it.
 */
function sharing(
  serve: (port: number, tls: TlsPair | null, isShared: boolean) => Server<undefined>,
  port: number,
  tls: TlsPair,
): Server<undefined> {
  const alone = serve(port, tls, false)
  const taken = alone.port!
  void alone.stop(true)
  return serve(taken, tls, true)
}
