// The replica as whoever runs no server sees it: what stands there, a database out of it, and the right to write it from now on.
import { rmSync } from "node:fs"
import { join } from "node:path"
import type { Config, Log } from "../app/index.ts"
import { findLitestream, type Litestream } from "./binary.ts"
import { type Bring, bringCopy } from "./bring.ts"
import { endLeftover, forgetMeta } from "./companion.ts"
import { type Copy, copiesOf } from "./copies.ts"
import { ReplicaError } from "./error.ts"
import { bootId, Lease } from "./lease.ts"
import type { Marker } from "./marker.ts"
import { createRemote } from "./remote.ts"
import { isOwnAndOver, otherInstance } from "./rules.ts"

export interface Elsewhere {
  url: string
  litestream: Litestream
  /** Whose it is; null = nobody began it. `aliveMs`: last sign of life of its holder. @throws ReplicaError, RemoteError */
  mark(): Promise<{ marker: Marker; aliveMs: number | null } | null>
  /** Newest first. @throws RemoteError */
  copies(): Promise<Copy[]>
  /** @throws ReplicaError; the signal's reason */
  bring(bring: Bring): Promise<void>
  /** Ends the Litestream that a killed server of this data folder left: it would send what is put in place as if it were the old. */
  endLeftover(): Promise<void>
  /**
   * From now on this data folder writes it, in a folder of its own. Waits as long as its holder may be alive.
   * @param marker as it was looked at @throws ReplicaError when somebody lives or took it meanwhile, RemoteError
   */
  takeOver(marker: Marker): Promise<void>
}

/** null = no replica is set. @throws ReplicaError when there is no Litestream that can be used */
export function openElsewhere(config: Config, log: Log): Elsewhere | null {
  const { replica, dataDir } = config
  if (!replica) return null
  const litestream = findLitestream(replica.litestream)
  const remote = createRemote(config, replica.target)
  const { url, leaseMs, instanceId } = replica
  const deps = { config, replica, litestream, log }
  const lease = new Lease({ remote, url, dataDir, format: litestream.family, leaseMs, log }, bootId())
  return {
    url,
    litestream,
    async mark() {
      const marker = await lease.look()
      if (marker && instanceId !== null && marker.instance !== instanceId)
        throw new ReplicaError(otherInstance(url, marker.instance, instanceId))
      return marker && { marker, aliveMs: lease.aliveMs }
    },
    copies: () => copiesOf(remote),
    bring: (bring) => bringCopy({ config, replica, litestream }, bring),
    endLeftover: () => endLeftover(deps),
    async takeOver(marker) {
      if (!isOwnAndOver(marker, lease.local(), lease.boot)) await lease.watch(marker)
      // In this order: a crash in between leaves a folder whose next start begins a folder of its own.
      rmSync(join(dataDir, "replica.json"), { force: true })
      forgetMeta(deps)
      await lease.take(marker, { instance: marker.instance, epoch: marker.epoch + 1 })
    },
  }
}
