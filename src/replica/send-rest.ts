// The last of a stop: what was committed is sent, or the first whole copy where that is still on its way.
import { wordsOf } from "./error.ts"
import type { Lease } from "./lease.ts"
import type { Probe } from "./probe.ts"

const AGAIN_MS = 100

interface Rest {
  probe: Probe
  lease: Pick<Lease, "beat">
  leaseMs: number
  endMs: number
  /** Told why it was not sent yet. */
  failed(why: string): void
}

/** @returns whether the replica has everything */
export async function sendRest({ probe, lease, leaseMs, endMs, failed }: Rest): Promise<boolean> {
  // Whoever waits for silence must not take this for it.
  const beats = setInterval(() => void lease.beat().catch(() => {}), leaseMs / 3)
  try {
    for (;;) {
      const leftMs = Math.max(1, endMs - performance.now())
      const why = await probe.shipped(AbortSignal.timeout(leftMs)).then(() => null, wordsOf)
      if (why === null) return true
      failed(why)
      // Litestream may be starting, or a store be busy for a moment.
      if (performance.now() + AGAIN_MS > endMs) return false
      await Bun.sleep(AGAIN_MS)
    }
  } finally {
    clearInterval(beats)
  }
}
