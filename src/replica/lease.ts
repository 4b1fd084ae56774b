// The right to write the replica: taken, kept alive, given back. It is lost when a newer turn exists, and then for ever.

import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { type Log, randomSecret } from "../app/index.ts"
import type { Family } from "./binary.ts"
import { RemoteError, ReplacedError, ReplicaError } from "./error.ts"
import { MARKER_NAME, type Marker, readMarker, type Whole } from "./marker.ts"
import type { Remote } from "./remote.ts"
import { isAlive, isOurs, type Local, replaced } from "./rules.ts"
import { makeTurn, type Pending, pendingAfter, refusesTwice, type Turn, turnAt, turnOf } from "./turns.ts"

export interface LeaseDeps {
  remote: Remote
  url: string
  dataDir: string
  format: Family
  leaseMs: number
  /** Says in the mark that this server answers nothing without a sign of life. */
  fence: boolean
  log: Log
}

/** What stands in the replica about who may write it. */
export interface Seen {
  marker: Marker | null
  pending: Pending
}

export interface Taken {
  /** The holder before gave a sign of life while it was taken: it may answer until its own time is over. */
  contested: boolean
}

/** Which start of this machine; elsewhere than on Linux every start of the process counts as one. */
export const bootId = (): string => {
  const path = "/proc/sys/kernel/random/boot_id"
  return existsSync(path) ? `${readFileSync(path, "utf8").trim()}@${hostname()}` : randomSecret(12)
}

/** By whichever clock says more: one stands still while a machine sleeps, the other is set by people. */
class Stopwatch {
  private monoMs = performance.now()
  private wallMs = Date.now()
  get ms(): number {
    return Math.max(performance.now() - this.monoMs, Date.now() - this.wallMs)
  }
}

/** Before the time that others wait for, for clocks do not run alike. */
const MARGIN = 0.9
const PUT_TRIES = 5

interface Change {
  whole?: Whole
  released?: boolean
  sent?: boolean
}

export class Lease {
  private mark: Marker | null = null
  /** The one that is under way. */
  private beats: Promise<unknown> = Promise.resolve()
  /** Since the last sign of life that is known to stand there was begun. */
  private alive: Stopwatch | null = null
  /** False: the store makes what is there already, so that two who begin in one moment are not told apart. */
  isConditional = true
  /** When the mark that was looked at last had been written, by the store's clock: the last sign of life of its holder. */
  aliveMs: number | null = null

  constructor(
    private readonly deps: LeaseDeps,
    readonly boot: string,
  ) {}

  /** As last written by us. */
  get held(): Marker | null {
    return this.mark
  }

  /** Whether nobody else can have taken over by now; only a lease that has been taken can be. */
  get isFresh(): boolean {
    return this.alive !== null && this.alive.ms < this.deps.leaseMs * MARGIN
  }

  /** @throws RemoteError, ReplicaError */
  async look(): Promise<Seen> {
    const marker = await this.readMark()
    const known = Math.max(turnOf(marker), this.local()?.turn ?? 0)
    const newest = await pendingAfter(this.deps.remote, known)
    // A turn of our own that no mark tells of is the newest there is, unless one follows.
    const pending = newest ?? (known > turnOf(marker) ? await turnAt(this.deps.remote, known) : null)
    return { marker, pending }
  }

  local(): Local | null {
    try {
      const { holder, before, epoch, format, url, turn } = JSON.parse(readFileSync(this.localPath(), "utf8"))
      return { holder, before, epoch, format, url, turn }
    } catch {
      return null
    }
  }

  /** A turn that somebody else made, who may be about to write the mark. */
  isForeign({ pending }: Seen): boolean {
    return pending !== null && pending.holder !== this.local()?.holder
  }

  /**
   * Waits as long as a living holder would keep silent at most; one sign of life is a refusal.
   * @throws ReplicaError when somebody lives, RemoteError
   */
  async watch(seen: Seen): Promise<void> {
    const { log, url } = this.deps
    const { marker, pending } = seen
    const ms = this.patienceMs(marker)
    log.warn("replica.watching", { url, host: hostOf(seen), ms, why: "its holder did not stop in order" })
    const endMs = performance.now() + ms
    while (performance.now() < endMs) {
      await Bun.sleep(Math.min(ms / 6, 5_000))
      const now = await this.look()
      const isStill =
        now.marker?.holder === marker?.holder &&
        now.marker?.beat === marker?.beat &&
        now.pending?.number === pending?.number
      if (isStill) continue
      if (now.marker?.released) throw new ReplacedError(replaced(url, now.marker))
      throw new ReplicaError(isAlive(url, hostOf(now)))
    }
  }

  /** How long a holder may be silent and still answer. */
  patienceMs(marker: Marker | null): number {
    return Math.max(this.deps.leaseMs, marker?.fencedAfterMs ?? 0)
  }

  /**
   * Makes the next turn, and stands in the mark from there on.
   * @param was what was decided upon; a turn that was made since is a refusal
   * @throws ReplicaError when somebody else was quicker, RemoteError
   */
  async take(was: Seen, now: { instance: string; epoch: number }): Promise<Taken> {
    const { remote, url, format, fence, leaseMs, log } = this.deps
    const holder = randomSecret(18)
    const number = Math.max(turnOf(was.marker), was.pending?.number ?? 0) + 1
    const turn: Turn = { number, holder, epoch: now.epoch, host: hostname() }
    const before = this.beforeOf(was.marker)
    // The data folder knows it first: a crash in between leaves a turn that is known here.
    this.remember({ holder, ...(before ? { before } : {}), epoch: now.epoch, format, url, turn: number })
    const alive = new Stopwatch()
    if (!(await makeTurn(remote, turn)) && (await turnAt(remote, number))?.holder !== holder)
      throw new ReplicaError(isAlive(url, hostOf(await this.look())))
    this.isConditional = await refusesTwice(remote, turn)
    if (!this.isConditional)
      log.warn("replica.unconditional", {
        url,
        why: "this store keeps no conditions (If-None-Match): do not promote two standbys in the same moment",
      })
    const mark: Marker = {
      purser: 1,
      ...now,
      format,
      holder,
      host: hostname(),
      boot: this.boot,
      released: false,
      beat: 1,
      whole: null,
      turn: number,
      ...(fence ? { fencedAfterMs: leaseMs } : {}),
    }
    const contested = await this.stand(mark, was.marker)
    this.alive = alive
    return { contested }
  }

  /** Writes the mark of a turn that is ours, whatever stands there: an older one that is written over it is late. */
  private async stand(mark: Marker, was: Marker | null): Promise<boolean> {
    const { remote, url } = this.deps
    let contested = false
    for (let n = 0; n < PUT_TRIES; n++) {
      const found = await remote.get(MARKER_NAME)
      const current = found && readMarker(found.text, url)
      if (current?.holder === mark.holder) {
        await this.refuseNewer(mark)
        this.mark = current
        return contested
      }
      if (turnOf(current) > turnOf(mark)) throw new ReplacedError(replaced(url, current!))
      contested ||= current !== null && (current.holder !== was?.holder || current.beat !== was.beat)
      const next = { ...mark, whole: current?.whole ?? null }
      await remote.put(MARKER_NAME, text(next), found?.tag ?? null)
    }
    throw new RemoteError("the mark of the replica changes all the time")
  }

  /**
   * A sign of life. One after the other, each from the mark of the one before: one that was overtaken would write what it knew at its
   * beginning, and take back which folder is whole.
   * @throws ReplacedError, RemoteError; "gone" = somebody emptied the replica
   */
  beat(change: Change = {}): Promise<"held" | "gone"> {
    const written = this.beats.then(() => this.write(change))
    this.beats = written.catch(() => {})
    return written
  }

  private async write(change: Change): Promise<"held" | "gone"> {
    const { remote, url, log } = this.deps
    const { mark } = this
    if (!mark) throw new RemoteError("the replica is not held")
    for (let n = 0; n < PUT_TRIES; n++) {
      const alive = new Stopwatch()
      const [found] = await Promise.all([remote.get(MARKER_NAME), this.refuseNewer(mark)])
      if (!found) return "gone"
      const current = readMarker(found.text, url)
      if (turnOf(current) > turnOf(mark)) throw new ReplacedError(replaced(url, current))
      if (current.holder !== mark.holder) log.warn("replica.late_mark", { host: current.host, turn: turnOf(current) })
      const next = { ...mark, ...change, beat: Math.max(current.beat, mark.beat) + 1 }
      // What was not written does not count: whoever was in between is looked at.
      if (!(await remote.put(MARKER_NAME, text(next), found.tag))) continue
      this.mark = next
      this.alive = alive
      return "held"
    }
    throw new RemoteError("the mark of the replica changes all the time")
  }

  /**
   * To be asked after what counts was sent: whoever takes over makes a turn first and reads afterwards, so that what was sent before
   * this found none is read.
   * @throws ReplacedError, RemoteError
   */
  async confirm(): Promise<void> {
    if (!this.mark) throw new RemoteError("the replica is not held")
    const [found] = await Promise.all([this.deps.remote.get(MARKER_NAME), this.refuseNewer(this.mark)])
    if (!found) throw new RemoteError("the replica was emptied")
  }

  /**
   * What was taken could not be used: the mark is the one from before again, as if its holder had stopped in order, so that its data can be
   * served from once more.
   */
  async giveBack(before: Marker): Promise<void> {
    const { remote, url, log } = this.deps
    const { mark } = this
    const found = await remote.get(MARKER_NAME)
    const current = found && readMarker(found.text, url)
    if (!mark || !current || current.holder !== mark.holder) return
    const again = { ...before, turn: turnOf(mark), released: true, beat: current.beat + 1 }
    if (await remote.put(MARKER_NAME, text(again), found.tag))
      log.warn("replica.given_back", { url, host: before.host })
    this.mark = null
    this.alive = null
  }

  private async refuseNewer(mark: Marker): Promise<void> {
    const { remote, url } = this.deps
    const newer = await turnAt(remote, turnOf(mark) + 1)
    if (newer) throw new ReplacedError(replaced(url, newer))
    if (this.isConditional) return
    // Where both could make it, it belongs to whoever made it last.
    const own = await turnAt(remote, turnOf(mark))
    if (own && own.holder !== mark.holder) throw new ReplacedError(replaced(url, own))
  }

  private async readMark(): Promise<Marker | null> {
    const found = await this.deps.remote.get(MARKER_NAME)
    this.aliveMs = found?.atMs ?? null
    return found && readMarker(found.text, this.deps.url)
  }

  /** Ours that stands in the mark now: a take that is cut leaves it there. */
  private beforeOf(marker: Marker | null): string | undefined {
    const local = this.local()
    return marker && isOurs(marker, local) ? marker.holder : local?.before
  }

  private remember(local: Local): void {
    writeFileSync(this.localPath(), `${JSON.stringify(local)}\n`, { mode: 0o600 })
  }

  private localPath(): string {
    return join(this.deps.dataDir, "replica.json")
  }
}

const text = (mark: Marker): string => `${JSON.stringify(mark, null, 1)}\n`
const hostOf = ({ marker, pending }: Seen): string => pending?.host ?? marker?.host ?? "it left no name"
