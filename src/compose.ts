// The only wiring place, and its door: builds base, domains and sites in order and merges what the parts contribute. It names no job,
// mail or page. Nothing but the CLI and tests imports it.
import { AppError, type Clock, type Config, type Log } from "./app/index.ts"
import type { ProveCopy } from "./backup/index.ts"
import type { ConnectionGiven } from "./billing/index.ts"
import { type Base, openBase } from "./compose/base.ts"
import { createDomains, type Domains } from "./compose/domains.ts"
import { DECLARED, type House, PARTS } from "./compose/parts.ts"
import { createSites, type Sites } from "./compose/sites.ts"
import { becomeFirst } from "./compose/standby/first.ts"
import { Standby, type StandbyDeps } from "./compose/standby/index.ts"
import { stop } from "./compose/stop.ts"
import type { UpstreamFetch } from "./gateway/index.ts"
import {
  createHandler,
  type Handler,
  type HandlerDeps,
  type HttpServer,
  type Proving,
  type Redirect,
  type SafeFetch,
  type SafeForward,
  type SafeStream,
  type Sse,
  startRedirect,
  startServer,
} from "./http/index.ts"

import type { Hasher } from "./identity/index.ts"
import { type Client, CONSOLE_KEY, type SigningPairs } from "./oauth/index.ts"
import { fixIssuer } from "./store/index.ts"
import { fixCanary } from "./vault/index.ts"

export { DECLARED } from "./compose/parts.ts"
export { type Promoted, promotedOf } from "./compose/standby/first.ts"
export type { Standby } from "./compose/standby/index.ts"

import { createMetrics } from "./observe/index.ts"
import { type Check, type Deliver, type DeliverBy, type Merged, merged, type NotReady, PutOff } from "./part/index.ts"
import type { Replica, Word } from "./replica/index.ts"

export interface App extends Base, Domains {
  sse: Sse
  /** What the parts contribute while they run. */
  contributed: Merged
  /** Resolves what a dead process left, then listens. Where it cannot, all is closed again. @throws ListenError */
  listen(): Promise<HttpServer>
  /** Answers requests of somebody else's listener; nothing runs by itself then. @param shut why one may not be answered */
  handler(shut: HandlerDeps["shut"]): Handler
  /** Red for the load balancer, lets calls end, commits what is owed, closes. */
  stop(): Promise<void>
}

export interface Overrides {
  clock?: Clock
  log?: Log
  /** Pause between two words of the sandbox model; the demo shows streaming with it. */
  sandboxWordMs?: number
  /** Asks AI providers. Default: the platform's fetch. */
  upstreamFetch?: UpstreamFetch
  /** Reads published price lists. Default: the public internet alone. */
  safeFetch?: SafeFetch
  /** Reaches servers of published APIs. Default: the public internet, and what the settings open. */
  safeForward?: SafeForward
  /** TXT records of the world; default: the machine's. */
  dns?: Proving
  /** Asks issuers that people come from. Default: as the settings allow. */
  issuerFetch?: SafeFetch
  /** Asks people's tool servers. Default: as the settings allow. */
  toolStream?: SafeStream
  /** ms that a tool may take. Default: a minute. */
  toolCallMs?: number
  /** ms that a receiver of webhooks may take. Default: 15 seconds. */
  webhookMs?: number
  /** Tries the backup. Default: a process of its own. */
  proveCopy?: ProveCopy
  /** A processor of payments in this very process, in place of the configured one. */
  stripe?: ConnectionGiven
  /** Hashes passwords. Default: as slowly as is safe. */
  hasher?: Hasher
  /** What the first signing keys are made of. Default: pairs that nobody had before. */
  firstPairs?: () => Promise<SigningPairs>
  /** Another server took over this one's replica. Default: the process ends. */
  onReplaced?: (error: Error) => void
  /** Nobody may be answered any more, for now. Default: calls are cut. */
  onShut?: () => void
  /** In place of the one of the settings: taken over already, or none. */
  replica?: Replica
  /** What every page says above its own subject. */
  notice?: () => string | undefined
  /** Which lines of truth are told. Default: all. */
  checks?: (checks: Check[]) => Check[]
}

export async function compose(config: Config, overrides: Overrides = {}): Promise<App> {
  let cut: () => unknown = () => {}
  const base = await openBase(config, DECLARED, { ...overrides, onShut: overrides.onShut ?? (() => cut()) })
  const domains = await createDomains(base, overrides)
  cut = () => [domains.gateway.cutAll(), base.jobs.cut()]
  // Now the key has opened what this data holds: with another one the domains would not stand.
  await fixCanary(base.store, base.keyring)
  const house: House = { ...base, ...domains }
  const contributed = withChecks(mergeParts(house), overrides.checks)
  const metrics = createMetrics(config, contributed.metrics)
  let isStopping = false
  const { served, sse } = createSites(house, {
    consoleClient: await ensureConsoleClient(house),
    contributed,
    metrics,
    notice: overrides.notice,
    notReady: tellingChanges(base.log, () => [...(isStopping ? [STOPPING] : []), ...contributed.notReady()]),
  })
  let server: HttpServer | null = null
  let redirect: Redirect | null = null
  const serving = servingOf(base, served)
  const end = async () => {
    if (isStopping) return
    isStopping = true
    // Pages that listen would keep the listener open for the whole drain.
    sse.close()
    domains.mcp.stopListening()
    await stop({ house, server, redirect, metrics, contributed })
  }
  const open = async () => {
    await contributed.recover()
    if (!base.jobs.isPaused) await contributed.catchUp()
    const { host, port } = config
    server = startServer({ ...serving, ...fenceOf(base), host, port, tls: base.tls.current })
    base.tls.onChange(server.useCertificate)
    redirect = config.httpListen && startRedirect(config.httpListen, Object.values(config.hosts), base.tls.challenges)
    metrics.listen()
    await fixIssuer(base.store, config.baseUrl)
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
    handler: (shut) => createHandler({ ...serving, ...(shut ? { shut } : {}) }),
    stop: end,
  }
}

const withChecks = (parts: Merged, told: Overrides["checks"]): Merged =>
  told ? { ...parts, checks: () => told(parts.checks()) } : parts

const servingOf = ({ ids, log, proxies, observe }: Base, served: Sites["served"]) => ({
  ...served,
  ids,
  log,
  clientAddress: proxies.clientAddress,
  traffic: observe.traffic,
})

/** Another server may be the one that answers by now. */
const fenceOf = ({ config, replica }: Base): Pick<HandlerDeps, "shut"> =>
  config.replica?.fence ? { shut: () => (replica.mayAnswer ? null : shutOut()) } : {}

const SHUT_RETRY_SECONDS = 5
const shutOut = (): AppError =>
  new AppError(
    "unavailable",
    "This server lost touch with its replica and answers nothing for now. Try again in a moment.",
    { retryAfterSeconds: SHUT_RETRY_SECONDS },
  )

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
  for (const { name, lifecycle, sessionEnded } of running) {
    if (lifecycle) house.lifecycle.add(name, lifecycle)
    if (sessionEnded) house.lifecycle.onSessionEnd(sessionEnded)
  }
  const contributed = merged(running)
  for (const [topic, deliver] of Object.entries(contributed.handlers))
    house.outbox.handle(topic, fenced(house, deliver))
  return contributed
}

const FENCED_RETRY_MS = 5_000
/** What leaves the house is an answer too: it waits until nobody else can be the one that gives it. */
function fenced({ config, replica, clock }: House, given: Deliver | DeliverBy): Deliver | DeliverBy {
  const deliver = typeof given === "function" ? given : given.deliver
  const waiting: Deliver = (delivery) => {
    if (!config.replica?.fence || replica.mayAnswer) return deliver(delivery)
    if (typeof given !== "function") return Promise.reject(new PutOff(clock.now() + FENCED_RETRY_MS))
    return Promise.reject(new Error("the replica cannot be reached; it is delivered when it can"))
  }
  return typeof given === "function" ? waiting : { ...given, deliver: waiting }
}

function ensureConsoleClient({ config, store, oauth }: House): Promise<Client> {
  // Settings stand beside sign-in, the rest of the console may stand elsewhere.
  const origins = new Set([config.hosts.auth, config.hosts.console])
  const callbacks = [...origins].map((origin) => `${origin}/console/callback`)
  const client = { key: CONSOLE_KEY, name: "Purser", redirectUris: callbacks }
  const ctx = { actor: "system:boot", requestId: "boot", reason: "the console's own client" }
  return store.write(ctx, (tx) => oauth.ensureFirstPartyIn(tx, client))
}

/** A standby of the server that writes the replica; see `compose/standby/`. */
export const createStandby = (deps: Omit<StandbyDeps, "compose">): Standby => new Standby({ ...deps, compose })

/** Takes over from it here. @throws ReplicaError, RemoteError; nothing was taken then */
export const takeOverHere = (config: Config, log: Log, word: Word) => becomeFirst({ config, log, compose }, word)
