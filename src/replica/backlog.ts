// Neither the log nor what waits on this disk to be sent may fill it.
import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { LIMITS, type ReplicaConfig } from "../app/index.ts"

/** Bytes in a folder and all below it; off the main thread. What vanishes meanwhile counts nothing. */
async function backlogBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  let bytes = 0
  for (const entry of entries)
    if (entry.isFile())
      bytes += await stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      )
  return bytes
}

interface Waiting {
  /** Of the log. */
  pages: number
  /** How long Litestream has run, ms. */
  ageMs: number
  lagMs: number
  /** What it keeps beside the database. */
  folder: string
  replica: Pick<ReplicaConfig, "backlogBytesMax">
}

interface TooMuch {
  event: string
  fields: Record<string, unknown>
  isGivenUp: boolean
}

/** Why copying must end for now; null = all is within its bounds. */
export async function outOfBounds({ pages, ageMs, lagMs, folder, replica }: Waiting): Promise<TooMuch | null> {
  if (pages > 2 * LIMITS.replicaLogPagesMax && ageMs > LIMITS.replicaLagWarnMs) {
    const why = "Litestream does not copy the log; it begins anew"
    return { event: "replica.log_grows", fields: { pages, why }, isGivenUp: false }
  }
  if (lagMs < LIMITS.replicaLagBadMs) return null
  const bytes = await backlogBytes(folder)
  if (bytes <= replica.backlogBytesMax) return null
  const why = "more waits to be sent than may; a whole copy is sent once the replica is back"
  return { event: "replica.given_up", fields: { bytes, why }, isGivenUp: true }
}
