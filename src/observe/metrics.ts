// Who may read the metrics: whoever brings the token, or whoever reaches the private listener. To everybody else there is no such page.
import { AppError, type Config, constantTimeEqual, ensure } from "../app/index.ts"
import { bearerToken, listening } from "../http/index.ts"
import type { Metric } from "../part/index.ts"
import { createExposition } from "./exposition.ts"

type Settings = Pick<Config, "metricsToken" | "metricsListen">

export interface Metrics {
  /** GET /metrics. @throws AppError not_found, token_missing, token_invalid */
  answer(request: Request): Promise<Response>
  /** Opens the private listener, where one is set. @throws ListenError */
  listen(): { readonly port: number } | null
  stop(): Promise<void>
}

const NO_STORE = { "cache-control": "no-store" }

export const hasMetrics = ({ metricsToken, metricsListen }: Settings): boolean =>
  metricsToken !== null || metricsListen !== null

export function createMetrics(config: Settings, metrics: readonly Metric[]): Metrics {
  const exposition = hasMetrics(config) ? createExposition(metrics) : null
  const told = async (): Promise<Response> =>
    new Response(await exposition!.text(), { headers: { ...NO_STORE, "content-type": exposition!.contentType } })
  let server: Bun.Server<undefined> | null = null
  return {
    async answer(request) {
      const { metricsToken } = config
      ensure(metricsToken !== null, "not_found", "There is nothing here. Check the address for a typing mistake.")
      if (!constantTimeEqual(bearerToken(request), metricsToken))
        throw new AppError("token_invalid", "This is not the token of PURSER_METRICS_TOKEN.")
      return told()
    },
    listen() {
      if (config.metricsListen === null) return null
      const { host: hostname, port } = config.metricsListen
      const setting = "--metrics-listen"
      const options = {
        hostname,
        port,
        fetch: (request: Request) =>
          new URL(request.url).pathname === "/metrics" ? told() : new Response("Not found.\n", { status: 404 }),
      }
      const place = { host: hostname, port, portSetting: setting, hostSetting: setting }
      server = listening(place, () => Bun.serve(options))
      return { port: server.port! }
    },
    async stop() {
      await server?.stop(true)
    },
  }
}
