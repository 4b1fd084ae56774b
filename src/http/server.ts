// The listener: one Bun.serve with its limits, and a graceful stop.
import type { Server } from "bun"
import { LIMITS, within } from "../app/index.ts"
import { createHandler, type Handler, type HandlerDeps } from "./handler.ts"
import { listening } from "./listen.ts"
import { relieveSockets } from "./sockets.ts"
import { Takeover } from "./takeover.ts"

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
  /** How long a server of an earlier certificate is kept open for those in a handshake; for tests. */
  leftMs?: number
}

export interface HttpServer {
  readonly port: number
  readonly url: string
  /** Every route of every site, such as `GET /apps/:id`, sorted; tests walk them. */
  readonly routes: readonly string[]
  /** Refuses new connections and waits for what is being answered. @returns whether all of it ended within `ms` */
  drain(ms: number): Promise<boolean>
  /** New connections get this certificate (where the system cannot steer them, within two seconds); requests that run, streams too, go on with theirs. */
  useCertificate(tls: TlsPair): void
  /** Cuts what is still open. */
  stop(): Promise<void>
}

/** @throws ListenError */
export function startServer(deps: ServerDeps): HttpServer {
  const handle = deps.handle ?? createHandler(deps)
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
  const place = { host: deps.host, port: deps.port, portSetting: "--port", hostSetting: "--host" }
  const server = listening(place, () => (tls ? sharing(serve, deps.port, tls) : serve(deps.port, null, false)))
  const port = server.port!
  const takeover = new Takeover(server, deps.leftMs)
  const all = () => takeover.all()
  const relief = relieveSockets({
    server: { closeIdleConnections: () => all().map((one) => one.closeIdleConnections()) },
    log: deps.log,
  })
  let ended: Promise<true> | null = null
  return {
    port,
    routes: deps.sites.flatMap((site) => site.routes.map(({ method, path }) => `${method} ${path}`)).sort(),
    url: `${tls ? "https" : "http"}://${deps.host.includes(":") ? `[${deps.host}]` : deps.host}:${port}`,
    useCertificate: (next) => takeover.by(serve(port, next, true)),
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
