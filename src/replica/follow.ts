// What a standby knows of the first: whether it gives signs of life, and how old the picture of its data is. Reads alone; nothing of it can
// stand in the first one's way.
//
// Each picture is a whole restore. Litestream 0.5 can follow (`restore -f`), but writes pages over the file without a journal: a download
// that breaks off, or a stop, leaves half a transaction in it (0.5.17), and 0.3 cannot follow at all.
import { mkdirSync } from "node:fs"
import { RemoteError, ReplicaError } from "./error.ts"
import type { Marker } from "./marker.ts"
import { type Restored, restorePicture } from "./restore.ts"
import type { Tools } from "./tools.ts"

export interface First {
  host: string
  isReleased: boolean
  /** Since its last sign of life that was seen from here, ms, by this clock. */
  silentMs: number
  /** It stops answering by itself when it is cut off. */
  isFenced: boolean
}

export class Follower {
  private marker: Marker | null = null
  private heardMs = performance.now()
  private behindSinceMs: number | null = null
  private shown: Restored | null = null
  /** Why the last look or picture failed; null = it did not. */
  cause: string | null = null

  constructor(private readonly tools: Tools) {}

  get url(): string {
    return this.tools.replica.url
  }

  /** Null: nothing is known of it yet. */
  get first(): First | null {
    if (!this.marker) return null
    const { host, released, fencedAfterMs } = this.marker
    const silentMs = performance.now() - this.heardMs
    return { host, isReleased: released, silentMs, isFenced: fencedAfterMs !== undefined }
  }

  /** How long the picture has lacked something that the replica is known to have, ms. */
  get lagMs(): number {
    return this.behindSinceMs === null ? 0 : performance.now() - this.behindSinceMs
  }

  /** Looks at the mark. @returns whether there is something newer than the picture; false when it cannot be said */
  async look(): Promise<boolean> {
    try {
      const { marker } = await this.tools.lease.look()
      if (!marker) throw new RemoteError(`there is nothing at ${this.url} yet`)
      if (marker.holder !== this.marker?.holder || marker.beat !== this.marker.beat) this.heardMs = performance.now()
      this.marker = marker
      if (!marker.whole) throw new RemoteError("the first whole copy is still on its way")
      const { shown } = this
      const isNew = !shown || marker.whole.heldMs > shown.lastMs || marker.whole.epoch > shown.epoch
      if (isNew) this.behindSinceMs ??= performance.now()
      else this.cause = null
      return isNew
    } catch (error) {
      this.failed(error)
      return false
    }
  }

  /** A whole copy into a folder of its own. @returns null when it failed; `cause` says why */
  async picture(to: string): Promise<Restored | null> {
    const { config, replica, litestream } = this.tools
    const { marker } = this
    if (!marker?.whole) return null
    const startedMs = performance.now()
    try {
      mkdirSync(to, { recursive: true, mode: 0o700 })
      const { whole, instance } = marker
      const restored = await restorePicture(config, { replica, litestream, whole, instance }, to)
      this.shown = restored
      this.cause = null
      // What came while it was read is behind since it began.
      this.behindSinceMs = (await this.look()) ? startedMs : null
      return restored
    } catch (error) {
      this.failed(error)
      return null
    }
  }

  private failed(error: unknown): void {
    if (!(error instanceof RemoteError || error instanceof ReplicaError)) throw error
    if (this.cause !== error.message) this.tools.log.error("standby.behind", { why: error.message })
    this.cause = error.message
  }
}
