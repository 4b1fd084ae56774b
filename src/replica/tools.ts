// What a replica is worked with; made once a start.
import type { Config, Log, ReplicaConfig } from "../app/index.ts"
import { findLitestream, type Litestream } from "./binary.ts"
import type { ReplicaError } from "./error.ts"
import { bootId, Lease } from "./lease.ts"
import { createRemote, type Remote } from "./remote.ts"

/** Whether this server could serve what is in the replica. */
export interface Fit {
  /** Before anything is taken. @throws why not */
  before(): void
  /** Of the copy, before it takes its place. @throws why not; what was taken is given back then */
  copy(path: string): void
}

export interface ReplicaDeps {
  config: Config
  log: Log
  onReplaced(error: ReplicaError): void
  /** Nobody may be answered any more, for now: what runs is to be cut. */
  onShut(): unknown
  /** Default: whatever is there. */
  fit?: Fit
}

export interface Tools extends ReplicaDeps {
  replica: ReplicaConfig
  litestream: Litestream
  remote: Remote
  lease: Lease
}

/** @throws ReplicaError when there is no Litestream */
export function toolsOf(deps: ReplicaDeps, replica: ReplicaConfig): Tools {
  const { config, log } = deps
  const litestream = findLitestream(replica.litestream)
  if (litestream.unsafe)
    log.warn("replica.unsafe_version", { version: litestream.version, path: litestream.path, why: litestream.unsafe })
  const remote = createRemote(config, replica.target)
  const { url, leaseMs, fence } = replica
  const { dataDir } = config
  const lease = new Lease({ remote, url, dataDir, format: litestream.family, leaseMs, fence, log }, bootId())
  return { ...deps, replica, litestream, remote, lease }
}
