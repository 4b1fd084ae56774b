// The right to write the replica: taken, kept alive, given back. It is lost when another holder stands in the mark, and then for ever.

import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { type Log, randomSecret } from "../app/index.ts"
import type { Family } from "./binary.ts"
import { RemoteError, ReplicaError } from "./error.ts"
import { MARKER_NAME, type Marker, readMarker, type Whole } from "./marker.ts"
import type { Remote } from "./remote.ts"
import { isAlive, type Local, replaced } from "./rules.ts"

export interface LeaseDeps {
  remote: Remote
  url: string
  dataDir: string
  format: Family
  leaseMs: number
  log: Log
}

/** Which start of this machine; elsewhere than on Linux every start of the process counts as one. */
export const bootId = (): string => {
  const path = "/proc/sys/kernel/random/boot_id"
  return existsSync(path) ? `${readFileSync(path, "utf8").trim()}@${hostname()}` : randomSecret(12)
}

export class Lease {
  private mark: Marker | null = null
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

  /** @throws RemoteError, ReplicaError */
  async look(): Promise<Marker | null> {
    const found = await this.deps.remote.get(MARKER_NAME)
    this.aliveMs = found?.atMs ?? null
    return found && readMarker(found.text, this.deps.url)
  }

  local(): Local | null {
    try {
      const { holder, epoch, format, url } = JSON.parse(readFileSync(this.localPath(), "utf8"))
      return { holder, epoch, format, url }
    } catch {
      return null
    }
  }

  /**
   * Waits as long as a living holder would keep silent at most; one sign of life is a refusal.
   * @throws ReplicaError when somebody lives, RemoteError
   */
  async watch(marker: Marker): Promise<void> {
    const { leaseMs, log, url } = this.deps
    log.warn("replica.watching", { url, host: marker.host, ms: leaseMs, why: "its holder did not stop in order" })
    const endMs = performance.now() + leaseMs
    while (performance.now() < endMs) {
      await Bun.sleep(Math.min(leaseMs / 6, 5_000))
      const now = await this.look()
      if (now?.holder === marker.holder && now.beat === marker.beat) continue
      throw new ReplicaError(now?.released ? replaced(url, now) : isAlive(url, now ?? marker))
    }
  }

  /**
   * Stands in the mark from here on.
   * @param was what was decided upon; if it is no longer so, nothing is written
   */
  async take(was: Marker | null, now: { instance: string; epoch: number }): Promise<void> {
    const { remote, url, format } = this.deps
    const holder = randomSecret(18)
    const found = await remote.get(MARKER_NAME)
    const current = found && readMarker(found.text, url)
    if (current && (current.holder !== was?.holder || current.beat !== was.beat))
      throw new ReplicaError(isAlive(url, current))
    const mark: Marker = {
      purser: 1,
      ...now,
      format,
      holder,
      host: hostname(),
      boot: this.boot,
      released: false,
      beat: 1,
      whole: current?.whole ?? null,
    }
    // The data folder knows it first: a crash in between leaves a mark that is known here.
    this.remember({ holder, epoch: now.epoch, format, url })
    const isOurs = await remote.put(MARKER_NAME, text(mark), found?.tag ?? null)
    const after = await this.look()
    if (!isOurs || after?.holder !== holder) throw new ReplicaError(isAlive(url, after ?? mark))
    this.mark = mark
  }

  /** A sign of life. @throws ReplicaError when it is lost, RemoteError; "gone" = somebody emptied the replica */
  async beat(change: { whole?: Whole; released?: boolean; sent?: boolean } = {}): Promise<"held" | "gone"> {
    const { remote, url } = this.deps
    if (!this.mark) throw new RemoteError("the replica is not held")
    const found = await remote.get(MARKER_NAME)
    if (!found) return "gone"
    const current = readMarker(found.text, url)
    if (current.holder !== this.mark.holder) throw new ReplicaError(replaced(url, current))
    const next = { ...this.mark, ...change, beat: current.beat + 1 }
    if (await remote.put(MARKER_NAME, text(next), found.tag)) this.mark = next
    return "held"
  }

  private remember(local: Local): void {
    writeFileSync(this.localPath(), `${JSON.stringify(local)}\n`, { mode: 0o600 })
  }

  private localPath(): string {
    return join(this.deps.dataDir, "replica.json")
  }
}

const text = (mark: Marker): string => `${JSON.stringify(mark, null, 1)}\n`
