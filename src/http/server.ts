// The listener: one Bun.serve with its limits, and a graceful stop.
import type { Server } from "bun"
import { LIMITS, within } from "../app/index.ts"
import { createHandler, type HandlerDeps } from "./handler.ts"
import { relieveSockets } from "./sockets.ts"

export interface ServerDeps extends HandlerDeps {
  host: string
  port: number
}

export interface HttpServer {
  readonly port: number
  readonly url: string
  /** Every route of every site, such as `GET /apps/:id`, sorted; tests walk them. */
  readonly routes: readonly string[]
  /** Refuses new connections and waits for what is being answered. @returns whether all of it ended within `ms` */
  drain(ms: number): Promise<boolean>
  /** Cuts what is still open. */
  stop(): Promise<void>
}

export function startServer(deps: ServerDeps): HttpServer {
  const handle = createHandler(deps)
  const server = Bun.serve({
    hostname: deps.host,
    port: deps.port,
    // Two copies on one port would answer in turn without an error (DESIGN §11).
    reusePort: false,
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
  let ended: Promise<true> | null = null
  const relief = relieveSockets({ server, log: deps.log })
  return {
    port: server.port!,
    routes: deps.sites.flatMap((site) => site.routes.map(({ method, path }) => `${method} ${path}`)).sort(),
    url: `http://${deps.host.includes(":") ? `[${deps.host}]` : deps.host}:${server.port}`,
    async drain(ms) {
      ended ??= server.stop(false).then(() => true)
      return (await within(ended, ms)) ?? false
    },
    async stop() {
      relief.stop()
      await server.stop(true)
    },
  }
}
