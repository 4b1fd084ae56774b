// The only wiring place, and its door: builds base, domains and sites in order and merges what the parts contribute. It names no job,
// mail or page. Nothing but the CLI and tests imports it.
import type { Clock, Config, Log } from "./app/index.ts"
import type { ProveCopy } from "./backup/index.ts"
import type { StripeOptions } from "./billing/index.ts"
import { type Base, openBase } from "./compose/base.ts"
import { createDomains, type Domains } from "./compose/domains.ts"
import { DECLARED, type House, PARTS } from "./compose/parts.ts"
import { createSites } from "./compose/sites.ts"
import { stop } from "./compose/stop.ts"
import { type HttpServer, type Redirect, type SafeFetch, type Sse, startRedirect, startServer } from "./http/index.ts"
import type { Hasher } from "./identity/index.ts"
import type { Client, SigningPairs } from "./oauth/index.ts"
import { fixCanary } from "./vault/index.ts"

export { DECLARED } from "./compose/parts.ts"

import { createMetrics } from "./observe/index.ts"
import { type Merged, merged, type NotReady } from "./part/index.ts"

export interface App extends Base, Domains {
  sse: Sse
  /** What the parts contribute while they run. */
  contributed: Merged
  /** Resolves what a dead process left, then listens. Where it cannot, all is closed again. @throws ListenError */
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
  /** Tries the backup. Default: a process of its own. */
  proveCopy?: ProveCopy
  /** A processor of payments in this very process, in place of the configured one. */
  stripe?: StripeOptions
  /** Hashes passwords. Default: as slowly as is safe. */
  hasher?: Hasher
  /** What the first signing keys are made of. Default: pairs that nobody had before. */
  firstPairs?: () => Promise<SigningPairs>
  /** Another server took over this one's replica. Default: the process ends. */
  onReplaced?: (error: Error) => void
}

export async function compose(config: Config, overrides: Overrides = {}): Promise<App> {
  const base = await openBase(config, DECLARED, overrides)
  const domains = await createDomains(base, overrides)
  // Now the key has opened what this data holds: with another one the domains would not stand.
  await fixCanary(base.store, base.keyring)
  const house: House = { ...base, ...domains }
  const contributed = mergeParts(house)
  const metrics = createMetrics(config, contributed.metrics)
  let isStopping = false
  const { served, sse } = createSites(house, {
    consoleClient: await ensureConsoleClient(house),
    contributed,
    metrics,
    notReady: tellingChanges(base.log, () => [...(isStopping ? [STOPPING] : []), ...contributed.notReady()]),
  })
  let server: HttpServer | null = null
  let redirect: Redirect | null = null
  const end = async () => {
    if (isStopping) return
    isStopping = true
    // Pages that listen would keep the listener open for the whole drain.
    sse.close()
    await stop({ house, server, redirect, metrics, contributed })
  }
  const open = async () => {
    await contributed.recover()
    const { host, port } = config
    server = startServer({
      ...served,
      host,
      port,
      ids: base.ids,
      log: base.log,
      clientAddress: base.proxies.clientAddress,
      traffic: base.observe.traffic,
      tls: base.tls.current,
    })
    base.tls.onChange(server.useCertificate)
    redirect = config.httpListen && startRedirect(config.httpListen, config.baseUrl, base.tls.challenges)
    metrics.listen()
    base.outbox.start()
    base.jobs.start(contributed.jobs)
    return server
  }
  return {
    ...house,
    sse,
    contributed,
    async listen() {
      try {
        return await open()
      } catch (error) {
        // A listener that is left open keeps the process, and who asks it gets no answer that holds.
        await end()
        throw error
      }
    },
    stop: end,
  }
}

const STOPPING: NotReady = { name: "stopping", text: "The server was asked to stop and lets calls end." }

/** What is asked every few seconds is logged when it changes. */
function tellingChanges(log: Log, ask: () => NotReady[]): () => NotReady[] {
  let before = ""
  return () => {
    const now = ask()
    const names = now.map(({ name }) => name).join(" ")
    if (names !== before && now.length > 0) log.warn("ready.red", { reasons: now.map(({ text }) => text) })
    else if (names !== before) log.info("ready.green")
    before = names
    return now
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
