// Keeps the replica: the right to write it, Litestream beside us, and what is known of it. Nothing here ever stops the service, but for one
// thing: another server that took over.
import { type Config, type Ids, LIMITS, type Log, type ReplicaConfig, within } from "../app/index.ts"
import type { Store } from "../store/index.ts"
import { outOfBounds } from "./backlog.ts"
import type { Litestream } from "./binary.ts"
import { type Companion, endLeftover, forgetMeta, isForgotten, metaFolderOf, startCompanion } from "./companion.ts"
import { RemoteError, ReplicaError, wordsOf } from "./error.ts"
import { Fence } from "./fence.ts"
import { type Facts, type Health, judge } from "./health.ts"
import type { Lease } from "./lease.ts"
import { Loops } from "./loops.ts"
import type { Whole } from "./marker.ts"
import { deleteOld } from "./old-epochs.ts"
import { Asking } from "./probe.ts"
import { Progress } from "./progress.ts"
import type { Remote } from "./remote.ts"
import type { Restored } from "./restore.ts"
import { claimWithData, type Data, today } from "./rules.ts"
import { sendRest } from "./send-rest.ts"
import { identify, lastCommitOf, setEpoch, touch } from "./store.ts"
import { Told } from "./told.ts"

const TRY_EVERY_MS = 2_000
const ASK_AGAIN_MS = 100
const NUDGE_MS = 3_000

/** "late" = it was waited for as long as is set, and is not known to have it yet. */
export type Held = "held" | "late" | "off"

export interface KeeperDeps {
  config: Config
  replica: ReplicaConfig
  litestream: Litestream
  remote: Remote
  lease: Lease
  log: Log
  restored: Restored | null
  /** Another server has taken over: whatever is written from here on is lost. */
  onReplaced(error: ReplicaError): void
  /** Nobody may be answered any more, for now: another server may have taken over. */
  onShut(): void
}

export class Keeper {
  private store!: Store
  private data!: Data
  private beside: Companion | null = null
  private readonly asking = new Asking(() => this.ask())
  private readonly progress = new Progress()
  private readonly loops = new Loops((error) => this.failed(error))
  private claimed = false
  /** What Litestream had is given up: the next claim begins a folder anew. */
  private anew = false
  private givenUp = false
  private tryAtMs = 0
  private tryEveryMs = TRY_EVERY_MS
  private beatAtMs = 0
  private stopping = false
  private readonly fence: Fence

  constructor(private readonly deps: KeeperDeps) {
    this.fence = new Fence({ ...deps, isClaimed: () => this.claimed, why: () => this.progress.cause })
  }

  get restored(): Restored | null {
    return this.deps.restored
  }

  /** @throws ReplicaError when this data must not be served; a replica that is away is no reason */
  async start(store: Store, ids: Ids): Promise<void> {
    this.store = store
    this.data = await identify(store, ids)
    await endLeftover(this.deps)
    await this.tryClaim()
    const { lease, replica } = this.deps
    const { leaseMs, fence } = replica
    this.loops.every(Math.min(LIMITS.replicaLookMs, leaseMs / 6), () => this.keepRight())
    if (fence) this.loops.every(leaseMs / 20, () => this.fence.look())
    this.loops.every(LIMITS.replicaSweepMs, () => deleteOld(this.deps, lease.held))
    this.loops.every(LIMITS.replicaLookMs, () => this.keepInBounds())
    this.loops.every(LIMITS.replicaLookMs, () => this.keepKnown())
    const told = new Told(this.deps.log)
    this.loops.every(LIMITS.replicaLookMs, async () => told.look(this.health()))
  }

  /** Whether the replica has everything that is committed by now, waiting for it as long as is set. Never rejects. */
  async holds(waitMs = this.deps.replica.waitMs): Promise<Held> {
    const endMs = performance.now() + waitMs
    while (!this.stopping && this.claimed) {
      const isHeld = await within(this.asking.isWell(), Math.max(0, endMs - performance.now()))
      if (isHeld) return "held"
      // Litestream may be starting, or a store be busy for a moment.
      if (isHeld === undefined || performance.now() + ASK_AGAIN_MS > endMs) break
      await Bun.sleep(ASK_AGAIN_MS)
    }
    return "late"
  }

  note = async (name: string): Promise<void> => void (await this.deps.remote.put(name, `${name}\n`, null))
  notes = (prefix: string): Promise<string[]> => Array.fromAsync(this.deps.remote.list(prefix), ({ name }) => name)

  health(): Health {
    return judge(this.facts())
  }

  get mayAnswer(): boolean {
    return this.fence.isOpen
  }

  /**
   * After the database was closed: the rest is sent, or the first whole copy where that is on its way, then Litestream ends. Within
   * `replicaStopMs` or `replicaFirstStopMs`, and a little to say goodbye.
   */
  async stop(): Promise<void> {
    this.stopping = true
    this.loops.stop()
    if (!this.beside) return
    const isFirst = !this.progress.confirmed && this.progress.silentMs === 0
    const endMs = performance.now() + (isFirst ? LIMITS.replicaFirstStopMs : LIMITS.replicaStopMs)
    const { probe } = this.beside
    const { lease, log, replica } = this.deps
    const failed = (why: string) => this.progress.failed(why)
    const isSent = this.claimed && (await sendRest({ probe, lease, leaseMs: replica.leaseMs, endMs, failed }))
    await this.beside.child.stop(Math.max(1_000, endMs - performance.now()))
    const lastMs = lastCommitOf(this.store.path)
    if (isSent) log.info("replica.stopped", { heldMs: lastMs })
    else log.error("replica.stop_behind", { url: replica.url, why: this.progress.cause ?? "it was not done in time" })
    const change = { released: true, sent: isSent, ...(isSent ? this.whole(lastMs) : {}) }
    await within(lease.beat(change), 2_000).catch(() => {})
  }

  private failed(error: unknown): void {
    if (error instanceof ReplicaError) void this.beReplaced(error)
    else if (!this.stopping) this.deps.log.error("replica.look_failed", { error })
  }

  private async beReplaced(error: ReplicaError): Promise<void> {
    this.claimed = false
    await this.beside?.child.kill()
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
    const { confirmed, heldMs } = this.progress
    try {
      const found = await lease.beat(confirmed ? this.whole(heldMs) : {})
      this.progress.spoke()
      if (found === "held") return
      log.error("replica.gone", { url: replica.url, why: "its mark is no longer there; a whole copy is sent anew" })
      await this.letGo()
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error
      this.progress.refused(error.message)
    }
  }

  private async tryClaim(): Promise<void> {
    try {
      await this.claim()
      this.tryEveryMs = TRY_EVERY_MS
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error
      this.progress.refused(error.message)
      if (this.tryEveryMs === TRY_EVERY_MS) this.deps.log.error("replica.unreachable", { why: error.message })
      this.tryAtMs = performance.now() + this.tryEveryMs
      this.tryEveryMs = Math.min(this.tryEveryMs * 2, LIMITS.replicaRestartMsMax)
    }
  }

  private async claim(): Promise<void> {
    const { lease, replica, litestream, log } = this.deps
    const known = { url: replica.url, instanceId: replica.instanceId, newOn: replica.newOn, today: today() }
    const seen = await lease.look()
    const { marker } = seen
    const claim = claimWithData(known, this.data, marker, lease.local(), {
      boot: lease.boot,
      format: litestream.family,
    })
    const isForeign = lease.isForeign(seen)
    if (claim.watch || isForeign) await lease.watch(seen)
    const anew = this.anew || isForgotten(this.deps, claim.epoch, [marker?.whole?.epoch, this.data.epoch])
    const goesOn = claim.kind === "continue" && !anew
    const epoch = claim.kind === "continue" && anew ? claim.epoch + 1 : claim.epoch
    const { contested } = await lease.take(seen, { instance: this.data.instance, epoch })
    if (contested) await Bun.sleep(lease.patienceMs(marker))
    await setEpoch(this.store, epoch)
    this.data = { ...this.data, epoch }
    // What it knows of another folder would only confuse it.
    if (!goesOn) forgetMeta(this.deps)
    this.progress.begin(goesOn && marker?.whole?.epoch === epoch)
    this.anew = false
    this.givenUp = false
    this.claimed = true
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
    this.store.leaveLog(true)
    this.beside = await startCompanion(this.deps, this.store.path, epoch)
    await touch(this.store)
  }

  /** Ends Litestream and forgets what it had; the next claim begins anew. */
  private async letGo(givenUp = false): Promise<void> {
    this.claimed = false
    this.anew = true
    this.progress.forget()
    // Nobody claims meanwhile: what Litestream keeps would be taken away under a new one.
    this.tryAtMs = Number.POSITIVE_INFINITY
    await this.beside?.child.kill()
    forgetMeta(this.deps)
    this.store.leaveLog(false)
    await this.store.emptyLog()
    this.givenUp = givenUp
    this.tryAtMs = 0
  }

  private async keepInBounds(): Promise<void> {
    if (!this.claimed || !this.beside) return
    const { log, replica } = this.deps
    const pages = this.store.logPages()
    this.store.leaveLog(pages <= LIMITS.replicaLogPagesMax)
    const { ageMs } = this.beside.child
    const { lagMs } = this.progress
    const over = await outOfBounds({ pages, ageMs, lagMs, folder: metaFolderOf(this.deps), replica })
    if (!over) return
    log.error(over.event, over.fields)
    await this.letGo(over.isGivenUp)
  }

  /** Keeps lag a known figure: whoever looks at the page must not have to ask for it. */
  private async keepKnown(): Promise<void> {
    if (!this.claimed || !this.progress.isBehind(this.store.read)) return
    const isHeld = await within(this.asking.isWell(), NUDGE_MS)
    // What a store refused, Litestream 0.3 sends again with the next change, and on a quiet server there is none.
    if (!isHeld && this.claimed && this.deps.litestream.family === "0.3") await touch(this.store)
  }

  private async ask(): Promise<void> {
    const { beside, progress } = this
    if (!beside || !this.claimed) throw new RemoteError(progress.cause ?? "the replica is not held")
    try {
      await progress.ask(this.store.read, beside.probe, async (lastMs) => {
        if (!this.claimed || this.beside !== beside) throw new RemoteError("the replica was begun anew")
        if (!progress.confirmed) await this.confirm(lastMs)
        // Last: whoever takes over after this reads all of it, and the mark that says where.
        await this.deps.lease.confirm()
      })
      beside.child.complaint = null
    } catch (error) {
      if (error instanceof ReplicaError) await this.beReplaced(error)
      if (!this.stopping) progress.failed(beside.child.complaint ?? wordsOf(error))
      throw error
    }
  }

  /** From here on the new folder is what a restore reads. */
  private async confirm(heldMs: number): Promise<void> {
    const { lease, log } = this.deps
    if ((await lease.beat(this.whole(heldMs))) === "gone") throw new RemoteError("the replica was emptied")
    this.progress.confirmed = true
    log.info("replica.whole", this.place())
  }

  private whole(heldMs: number): { whole: Whole } {
    const { lease, replica } = this.deps
    const servedMs = this.progress.served(lease.held?.whole, this.data.epoch, replica.leaseMs)
    return { whole: { ...this.place(), heldMs, servedMs } }
  }

  private place() {
    return { epoch: this.data.epoch, format: this.deps.litestream.family }
  }

  private facts(): Facts {
    const { replica, litestream } = this.deps
    const { claimed, givenUp, progress } = this
    const child = this.beside?.child
    const running = child?.isRunning ?? false
    return { ...progress.facts(child?.complaint ?? null), ...replica, litestream, claimed, givenUp, running }
  }
}
