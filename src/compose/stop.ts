// A graceful stop, in order: readiness is red by now; streams end, or are cut and settled; what runs by itself ends; the database closes; the
// replica gets the last of it. Each step has its time.
import { LIMITS, within } from "../app/index.ts"
import type { HttpServer, Redirect } from "../http/index.ts"
import type { Metrics } from "../observe/index.ts"
import type { Merged } from "../part/index.ts"
import type { House } from "./parts.ts"

interface Running {
  house: House
  server: HttpServer | null
  redirect: Redirect | null
  metrics: Metrics
  contributed: Pick<Merged, "closed">
}

export async function stop({ house, server, redirect, metrics, contributed }: Running): Promise<void> {
  const {
    gateway,
    usage,
    keys,
    marketplace,
    jobs,
    outbox,
    reads,
    exports,
    proofs,
    copier,
    store,
    observe,
    tls,
    log,
    mcp,
    analytics,
  } = house
  await endCalls(house, server)
  await server?.stop()
  await redirect?.stop()
  tls.stop()
  gateway.close()
  await Promise.all([usage.stop(), keys.stop(), mcp.close(), marketplace.calls.stop(), analytics.stop()])
  const workers = [reads, exports, proofs, copier]
  await Promise.all([jobs.stop(), outbox.stop(), ...workers.map((one) => one.stop())])
  await observe.stop()
  await metrics.stop()
  await store.close()
  const last = contributed.closed().catch((error: unknown) => log.error("stop.last_failed", { error }))
  await within(last, LIMITS.stopLastMs)
}

/** Calls first, for they are owed an answer. At the deadline they are told, and what streams produced is charged. */
async function endCalls(
  { config, gateway, marketplace: { calls }, log }: House,
  server: HttpServer | null,
): Promise<void> {
  const deadline = performance.now() + config.drainMs
  const isDrained = server === null || (await server.drain(config.drainMs))
  const drained = async (ms: number) => (await gateway.drain(ms)) + (await calls.drain(ms))
  if (isDrained && (await drained(Math.max(0, deadline - performance.now()))) === 0) return
  log.warn("stop.calls_cut", { calls: gateway.callsInFlight + calls.running(), drainMs: config.drainMs })
  gateway.cutAll()
  calls.cutAll()
  const left = await drained(LIMITS.stopSettleMs)
  if (left > 0) log.error("stop.calls_left", { left })
  // What they are told leaves; whoever does not read it is cut off.
  await server?.drain(STOP_LAST_WORDS_MS)
}
const STOP_LAST_WORDS_MS = 500
