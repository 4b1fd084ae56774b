// The fence of a server that has a standby: without a sign of life in the replica for the lease somebody else may have taken over, so nobody
// is answered until there is one again. It is asked with every request and again before the answer leaves: a machine that slept answers nothing.
import type { Log, ReplicaConfig } from "../app/index.ts"
import type { Lease } from "./lease.ts"

interface Deps {
  replica: Pick<ReplicaConfig, "fence" | "url">
  lease: Pick<Lease, "isFresh">
  log: Log
  isClaimed(): boolean
  /** What stands in the way, where it is known. */
  why(): string | null
  /** What runs is to be cut. */
  onShut(): void
}

export class Fence {
  private wasOpen = true

  constructor(private readonly deps: Deps) {}

  get isOpen(): boolean {
    const { replica, lease, isClaimed } = this.deps
    return !replica.fence || (isClaimed() && lease.isFresh)
  }

  /** Says when it shuts and opens. */
  async look(): Promise<void> {
    const { isOpen } = this
    if (isOpen === this.wasOpen) return
    this.wasOpen = isOpen
    const { log, replica, why, onShut } = this.deps
    const { url } = replica
    if (isOpen) return log.warn("replica.fence_open", { url })
    log.error("replica.fence_shut", { url, why: why() ?? "no sign of life could be left there" })
    onShut()
  }
}
