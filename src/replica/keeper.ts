// Keeps the replica: the right to write it, Litestream beside us, and what is known of it. Nothing here ever stops the service, but for one
// thing: another server that took over.
import { rmSync } from "node:fs"
import { join } from "node:path"
import { type Config, type Ids, LIMITS, type Log, type ReplicaConfig, within } from "../app/index.ts"
import type { Store } from "../store/index.ts"
import { backlogBytes } from "./backlog.ts"
import type { Litestream } from "./binary.ts"
import { Child, endOrphan } from "./child.ts"
import { RemoteError, ReplicaError } from "./error.ts"
import { type Facts, type Health, judge } from "./health.ts"
import type { Lease } from "./lease.ts"
import { litestreamEnv, writeLitestreamConfig } from "./litestream-config.ts"
import { Asking, createProbe03, createProbe05, type Probe } from "./probe.ts"
import type { Restored } from "./restore.ts"
import { claimWithData, type Data, today } from "./rules.ts"
import { identify, lastCommitMs, lastCommitOf, setEpoch, touch } from "./store.ts"

/** "late" = it was waited for as long as is set, and is not known to have it yet. */
export type Held = "held" | "late" | "off"

export interface KeeperDeps {
  config: Config
  replica: ReplicaConfig
  litestream: Litestream
  lease: Lease
  log: Log
  restored: Restored | null
  /** Another server has taken over: whatever is written from here on is lost. */
  onReplaced(error: ReplicaError): void
}

export class Keeper {
  private store!: Store
  private data!: Data
  private child: Child | null = null
  private probe: Probe | null = null
  private readonly asking = new Asking(() => this.ask())
  private readonly timers: Timer[] = []
  private claimed = false
  /** The folder that was begun is known to be whole. */
  private confirmed = false
  /** What Litestream had is given up: the next claim begins a folder anew. */
  private anew = false
  private givenUp = false
  private heldMs = 0
  private behindSinceMs: number | null = null
  private cause: string | null = null
  private tryAtMs = 0
  private tryEveryMs = 2_000
  private beatAtMs = 0
  private silentSinceMs: number | null = null
  private stopping = false

  constructor(private readonly deps: KeeperDeps) {}

  get restored(): Restored | null {
    return this.deps.restored
  }

  /** @throws ReplicaError when this data must not be served; a replica that is away is no reason */
  async start(store: Store, ids: Ids): Promise<void> {
    this.store = store
    this.data = await identify(store, ids)
    await endOrphan(this.childOptions())
    await this.tryClaim()
    this.every(LIMITS.replicaLookMs, () => this.keepRight())
    this.every(LIMITS.replicaLookMs, () => this.keepInBounds())
    this.every(LIMITS.replicaLookMs, () => this.keepKnown())
  }

  /** Whether the replica has everything that is committed by now, waiting for it as long as is set. Never rejects. */
  async holds(waitMs = this.deps.replica.waitMs): Promise<Held> {
    if (this.stopping || !this.claimed) return "late"
    const answer = this.asking.after().then(
      () => "held" as const,
      () => "late" as const,
    )
    return (await within(answer, waitMs)) ?? "late"
  }

  health(): Health {
    return judge(this.facts())
  }

  /** After the database was closed: the rest is sent, then Litestream ends. Within `replicaStopMs`, and a little to say goodbye. */
  async stop(): Promise<void> {
    this.stopping = true
    for (const timer of this.timers) clearTimeout(timer)
    if (!this.child) return
    const endMs = performance.now() + LIMITS.replicaStopMs
    const isSent = await this.sendRest()
    await this.child.stop(Math.max(1_000, endMs - performance.now()))
    const { log, replica } = this.deps
    const lastMs = lastCommitOf(this.store.path)
    if (isSent) log.info("replica.stopped", { heldMs: lastMs })
    else log.error("replica.stop_behind", { url: replica.url, why: this.cause ?? "it was not done in time" })
    const whole = isSent ? { whole: { ...this.place(), heldMs: lastMs } } : {}
    await within(this.deps.lease.beat({ released: true, ...whole }), 2_000).catch(() => {})
  }

  private async sendRest(): Promise<boolean> {
    if (!this.confirmed || !this.probe) return false
    try {
      await this.probe.shipped(AbortSignal.timeout(LIMITS.replicaStopMs))
      return true
    } catch (error) {
      this.cause = wordsOf(error)
      return false
    }
  }

  /** Runs again after each end, never twice at once. */
  private every(ms: number, work: () => Promise<void>): void {
    const slot = this.timers.push(undefined as unknown as Timer) - 1
    const next = () => {
      if (this.stopping) return
      this.timers[slot] = setTimeout(async () => {
        try {
          await work()
        } catch (error) {
          if (error instanceof ReplicaError) return this.beReplaced(error)
          if (!this.stopping) this.deps.log.error("replica.look_failed", { error })
        }
        next()
      }, ms)
      this.timers[slot]!.unref?.()
    }
    next()
  }

  private async beReplaced(error: ReplicaError): Promise<void> {
    this.claimed = false
    await this.child?.kill({ back: false })
    if (!this.stopping) this.deps.onReplaced(error)
  }

  /** Takes the right to write, or says that we are alive. */
  private async keepRight(): Promise<void> {
    if (!this.claimed) {
      if (performance.now() >= this.tryAtMs) await this.tryClaim()
      return
    }
    if (performance.now() < this.beatAtMs) return
    const { lease, replica, log } = this.deps
    this.beatAtMs = performance.now() + replica.leaseMs / 3
    const whole = this.confirmed ? { whole: { ...this.place(), heldMs: this.heldMs } } : {}
    try {
      const found = await lease.beat(whole)
      this.silentSinceMs = null
      if (found === "held") return
      log.error("replica.gone", { url: replica.url, why: "its mark is no longer there; a whole copy is sent anew" })
      await this.letGo()
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error
      this.silentSinceMs ??= performance.now()
      this.cause = error.message
    }
  }

  private async tryClaim(): Promise<void> {
    try {
      await this.claim()
      this.tryEveryMs = 2_000
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error
      this.cause = error.message
      if (this.tryEveryMs === 2_000) this.deps.log.error("replica.unreachable", { why: error.message })
      this.tryAtMs = performance.now() + this.tryEveryMs
      this.tryEveryMs = Math.min(this.tryEveryMs * 2, LIMITS.replicaRestartMsMax)
    }
  }

  private async claim(): Promise<void> {
    const { lease, replica, litestream, log } = this.deps
    const known = { url: replica.url, instanceId: replica.instanceId, newOn: replica.newOn, today: today() }
    const marker = await lease.look()
    const claim = claimWithData(known, this.data, marker, lease.local(), {
      boot: lease.boot,
      format: litestream.family,
    })
    if (claim.watch && marker) await lease.watch(marker)
    const goesOn = claim.kind === "continue" && !this.anew
    const epoch = claim.kind === "continue" && this.anew ? claim.epoch + 1 : claim.epoch
    await lease.take(marker, { instance: this.data.instance, epoch })
    await setEpoch(this.store, epoch)
    this.data = { ...this.data, epoch }
    // What it knows of another folder would only confuse it.
    if (!goesOn) rmSync(this.metaFolder(), { recursive: true, force: true })
    this.confirmed = goesOn && marker?.whole?.epoch === epoch
    this.anew = false
    this.givenUp = false
    this.cause = null
    this.claimed = true
    this.silentSinceMs = null
    this.beatAtMs = performance.now() + replica.leaseMs / 3
    const { instance } = this.data
    log.info(goesOn ? "replica.continued" : "replica.begun", {
      url: replica.url,
      epoch,
      instance,
      version: litestream.version,
    })
    if (!goesOn && replica.instanceId === null)
      log.warn("replica.instance", {
        advice: `set PURSER_INSTANCE_ID=${instance}: an empty disk then never starts anything else`,
      })
    await this.startChild(epoch)
  }

  private async startChild(epoch: number): Promise<void> {
    const { config, replica, litestream } = this.deps
    const socketPath = join(config.dataDir, "litestream.sock")
    const metricsPort = litestream.family === "0.3" ? freePort() : 0
    const task = {
      family: litestream.family,
      databasePath: this.store.path,
      target: replica.target,
      epoch,
      socketPath,
      metricsPort,
    }
    writeLitestreamConfig(config.dataDir, "litestream.yml", task)
    this.probe = litestream.family === "0.5" ? createProbe05(socketPath, this.store.path) : createProbe03(metricsPort)
    this.store.leaveLog(true)
    this.child = new Child(this.childOptions())
    await this.child.start()
    await touch(this.store)
  }

  private childOptions() {
    const { config, litestream, log } = this.deps
    const settings = join(config.dataDir, "litestream.yml")
    const command = [litestream.path, "replicate", "-no-expand-env", "-config", settings]
    return { command, env: litestreamEnv(config), dataDir: config.dataDir, log }
  }

  /** Ends Litestream and forgets what it had; the next claim begins anew. */
  private async letGo(): Promise<void> {
    this.claimed = false
    this.confirmed = false
    this.anew = true
    this.heldMs = 0
    this.tryAtMs = 0
    await this.child?.kill({ back: false })
    rmSync(this.metaFolder(), { recursive: true, force: true })
    this.store.leaveLog(false)
  }

  /** Neither the log nor what waits to be sent may fill the disk. */
  private async keepInBounds(): Promise<void> {
    if (!this.claimed || !this.child) return
    const { log, replica } = this.deps
    const pages = this.store.logPages()
    this.store.leaveLog(pages <= LIMITS.replicaLogPagesMax)
    if (pages > 2 * LIMITS.replicaLogPagesMax && this.child.isRunning) {
      log.error("replica.log_grows", { pages, why: "Litestream does not copy the log; it is started again" })
      await this.child.kill({ back: true })
    }
    if (this.lagMs() < LIMITS.replicaLagBadMs) return
    const bytes = await backlogBytes(this.metaFolder())
    if (bytes <= replica.backlogBytesMax) return
    log.error("replica.given_up", {
      bytes,
      why: "more waits to be sent than may; a whole copy is sent once the replica is back",
    })
    this.givenUp = true
    await this.letGo()
  }

  /** Keeps lag a known figure: whoever looks at the page must not have to ask for it. */
  private async keepKnown(): Promise<void> {
    if (!this.claimed) return
    if (lastCommitMs(this.store.read) > this.heldMs) await this.asking.after().catch(() => {})
  }

  private async ask(): Promise<void> {
    const { probe, child } = this
    if (!probe || !child || !this.claimed) throw new RemoteError(this.cause ?? "the replica is not held")
    const lastMs = lastCommitMs(this.store.read)
    const askedMs = performance.now()
    if (lastMs > this.heldMs) this.behindSinceMs ??= askedMs
    try {
      await probe.shipped(AbortSignal.timeout(LIMITS.replicaAskMs))
      if (!this.claimed || this.child !== child) throw new RemoteError("the replica was begun anew")
      if (!this.confirmed) await this.confirm(lastMs)
    } catch (error) {
      if (error instanceof ReplicaError) await this.beReplaced(error)
      // The store's own refusal, if we met it ourselves, is clearer than what Litestream makes of it.
      if (this.silentSinceMs === null) this.cause = child.complaint ?? wordsOf(error)
      throw error
    }
    this.heldMs = lastMs
    this.cause = null
    child.complaint = null
    this.behindSinceMs = !this.stopping && lastCommitMs(this.store.read) > lastMs ? askedMs : null
  }

  /** From here on the new folder is what a restore reads. */
  private async confirm(heldMs: number): Promise<void> {
    const { lease, log } = this.deps
    if ((await lease.beat({ whole: { ...this.place(), heldMs } })) === "gone")
      throw new RemoteError("the replica was emptied")
    this.confirmed = true
    log.info("replica.whole", this.place())
  }

  private place() {
    return { epoch: this.data.epoch, format: this.deps.litestream.family }
  }

  private lagMs(): number {
    return this.behindSinceMs === null ? 0 : performance.now() - this.behindSinceMs
  }

  private facts(): Facts {
    const { replica, litestream } = this.deps
    return {
      url: replica.url,
      litestream,
      claimed: this.claimed,
      confirmed: this.confirmed,
      givenUp: this.givenUp,
      running: this.child?.isRunning ?? false,
      cause: this.cause ?? this.child?.complaint ?? null,
      lagMs: this.lagMs(),
      silentMs: this.silentSinceMs === null ? 0 : performance.now() - this.silentSinceMs,
      leaseMs: replica.leaseMs,
    }
  }

  /** Litestream's own folder beside the database. */
  private metaFolder(): string {
    return join(this.deps.config.dataDir, ".purser.db-litestream")
  }
}

const wordsOf = (error: unknown): string => {
  const { name, message } = error as Error
  return name === "TimeoutError" ? "Litestream did not answer in time" : message
}

function freePort(): number {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() })
  const port = server.port!
  server.stop(true)
  return port
}
