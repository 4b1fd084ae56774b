// Takes the replica over: its turn first, so that the holder before can write nothing more that counts, then its data. What cannot be
// restored is given back, so that the holder before can go on from its own disk.
import { ReplicaError } from "./error.ts"
import type { Seen } from "./lease.ts"
import { type Restored, restore } from "./restore.ts"
import { takeover, today, type Word } from "./rules.ts"
import type { Tools } from "./tools.ts"

/** @throws ReplicaError, RemoteError */
export async function takenOver(tools: Tools, word: Word): Promise<Restored> {
  const { replica, lease } = tools
  const seen = await lease.look()
  const plan = takeover({ ...replica, today: today() }, seen.marker, lease.local(), lease.boot, word)
  const isForeign = lease.isForeign(seen)
  const isHurried = word.force || word.firstIsOff
  if (plan.watch || (isForeign && !isHurried)) await lease.watch(seen)
  return restoreAlone(tools, seen, { settle: plan.settle || isForeign })
}

/**
 * @param settle wait until whoever held it, or was about to, can answer nothing more
 * @throws ReplicaError, RemoteError
 */
export async function restoreAlone(tools: Tools, seen: Seen, { settle }: { settle: boolean }): Promise<Restored> {
  const { replica, lease, log } = tools
  const { marker } = seen
  if (!marker) throw new ReplicaError(`there is no mark at ${replica.url}`)
  const { instance } = marker
  const { aliveMs } = lease
  const epoch = Math.max(marker.epoch, seen.pending?.epoch ?? 0) + 1
  const { contested } = await lease.take(seen, { instance, epoch })
  const takenMs = performance.now()
  try {
    const whole = lease.held?.whole
    if (!whole) throw new ReplicaError(`the replica at ${replica.url} was emptied while it was taken over`)
    const restored = await restore(tools, { whole, marker, aliveMs })
    if (settle || contested) await Bun.sleep(Math.max(0, takenMs + lease.patienceMs(marker) - performance.now()))
    return restored
  } catch (error) {
    await lease.giveBack(marker).catch((failed) => log.error("replica.not_given_back", { error: failed }))
    throw error
  }
}
