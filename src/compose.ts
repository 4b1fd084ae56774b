// The only wiring place, and its door: builds base, domains and sites in order and merges what the parts contribute. It names no job,
// mail or page. Nothing but the CLI and tests imports it.
import type { Clock, Config, Log } from "./app/index.ts"
import { type Base, openBase } from "./compose/base.ts"
import { createDomains, type Domains } from "./compose/domains.ts"
import { DECLARED, type House, PARTS } from "./compose/parts.ts"
import { createSites } from "./compose/sites.ts"
import { type HttpServer, type SafeFetch, type Sse, startServer } from "./http/index.ts"
import type { Client } from "./oauth/index.ts"
import { type Merged, merged } from "./part/index.ts"

export interface App extends Base, Domains {
  sse: Sse
  /** What the parts contribute while they run. */
  contributed: Merged
  /** Resolves what a dead process left, then listens. */
  listen(): Promise<HttpServer>
  /** Red for the load balancer, lets calls end, commits what is owed, closes. */
  stop(): Promise<void>
}

export interface Overrides {
  clock?: Clock
  log?: Log
  /** Pause between two words of the sandbox model; the demo shows streaming with it. */
  sandboxWordMs?: number
  /** Reads published price lists. Default: the public internet alone. */
  safeFetch?: SafeFetch
  /** Another server took over this one's replica. Default: the process ends. */
  onReplaced?: (error: Error) => void
}

export async function compose(config: Config, overrides: Overrides = {}): Promise<App> {
  const base = await openBase(config, DECLARED, overrides)
  const domains = await createDomains(base, overrides)
  const house: House = { ...base, ...domains }
  const contributed = mergeParts(house)
  let isStopping = false
  const { served, sse } = createSites(house, {
    consoleClient: await ensureConsoleClient(house),
    contributed,
    notReady: () => (isStopping ? "stopping" : null),
  })
  let server: HttpServer | null = null
  return {
    ...house,
    sse,
    contributed,
    async listen() {
      await contributed.recover()
      const { host, port } = config
      server = startServer({
        ...served,
        host,
        port,
        ids: base.ids,
        log: base.log,
        clientAddress: base.proxies.clientAddress,
      })
      base.outbox.start()
      base.jobs.start(contributed.jobs)
      return server
    },
    async stop() {
      if (isStopping) return
      isStopping = true
      // Pages that listen would keep the listener open for the whole drain.
      sse.close()
      await stop(house, server)
    },
  }
}

/** Hands each contribution to the one who works with it. */
function mergeParts(house: House): Merged {
  const running = PARTS.map((part) => ({ name: part.name, ...part.run?.(house) }))
  for (const { name, lifecycle } of running) if (lifecycle) house.lifecycle.add(name, lifecycle)
  const contributed = merged(running)
  for (const [topic, deliver] of Object.entries(contributed.handlers)) house.outbox.handle(topic, deliver)
  return contributed
}

function ensureConsoleClient({ config, store, oauth }: House): Promise<Client> {
  const client = { key: "console", name: "Purser", redirectUris: [`${config.baseUrl}/console/callback`] }
  const ctx = { actor: "system:boot", requestId: "boot", reason: "the console's own client" }
  return store.write(ctx, (tx) => oauth.ensureFirstPartyIn(tx, client))
}

/** Calls first, for they are owed an answer; then what runs by itself, with the reads it may wait for; the database, and what it still owes its replica, last. */
async function stop(house: House, server: HttpServer | null): Promise<void> {
  const { config, gateway, usage, keys, jobs, outbox, reads, exports, copier, store, replica, log } = house
  const deadline = performance.now() + config.drainMs
  await server?.stop(config.drainMs)
  const left = await gateway.drain(Math.max(1_000, deadline - performance.now()))
  if (left > 0) log.error("stop.calls_left", { left })
  gateway.close()
  await Promise.all([usage.stop(), keys.stop()])
  await Promise.all([jobs.stop(), outbox.stop(), reads.stop(), exports.stop(), copier.stop()])
  await store.close()
  await replica.stop()
}
