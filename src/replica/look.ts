// A look at the replica that changes nothing, for when no server runs: would the next start begin, and if not, why not?
import { existsSync } from "node:fs"
import { join } from "node:path"
import { type Config, silentLog } from "../app/index.ts"
import { openReadOnly } from "../store/index.ts"
import { RemoteError, ReplicaError } from "./error.ts"
import { bootId, Lease } from "./lease.ts"
import { createRemote } from "./remote.ts"
import { claimWithData, type Data, startWithoutData, today } from "./rules.ts"
import { dataOf } from "./store.ts"

export type ReplicaLook =
  | { kind: "well"; text: string }
  /** It does not answer, or not to us. */
  | { kind: "unreachable"; text: string }
  /** The next start would refuse. */
  | { kind: "refused"; text: string }
  /** Another server holds it, and has not said goodbye: the next start waits whether it lives. */
  | { kind: "held"; text: string }

/** Null: none is set. */
export async function lookAtReplica(config: Config): Promise<ReplicaLook | null> {
  const { replica, dataDir } = config
  if (!replica) return null
  const remote = createRemote(config, replica.target)
  const { url, leaseMs, fence } = replica
  const boot = bootId()
  const format = "0.5" as const
  const lease = new Lease({ remote, url, dataDir, format, leaseMs, fence, log: silentLog }, boot)
  const known = { ...replica, today: today() }
  try {
    const data = dataIn(join(dataDir, "purser.db"))
    const { marker } = await lease.look()
    const local = lease.local()
    if (data) claimWithData(known, data, marker, local, { boot, format: marker?.format ?? format })
    else startWithoutData(known, marker, await remote.isEmpty(), local, boot)
    const isOurs = marker === null || marker.released || marker.holder === local?.holder
    if (isOurs) return { kind: "well", text: marker?.whole ? "holds a copy" : "nothing was sent yet" }
    return { kind: "held", text: `${marker.host} holds ${url} and did not stop in order` }
  } catch (error) {
    if (error instanceof RemoteError) return { kind: "unreachable", text: error.message }
    if (error instanceof ReplicaError) return { kind: "refused", text: error.message }
    throw error
  }
}

/** What the database calls itself; null = there is none. */
function dataIn(path: string): Data | null {
  if (!existsSync(path)) return null
  const reader = openReadOnly(path)
  try {
    return dataOf(reader) ?? { instance: "this data, which was never replicated", epoch: 0 }
  } finally {
    reader.close()
  }
}
