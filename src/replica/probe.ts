// "Does the replica have it?", asked of Litestream. 0.5 is told to send and answers when it has; of 0.3 two figures are compared.
import { LIMITS } from "../app/index.ts"
import { RemoteError } from "./error.ts"

export interface Probe {
  /** Resolves when everything committed before the call is in the replica. @throws RemoteError with the cause; or the signal's reason */
  shipped(signal: AbortSignal): Promise<void>
}

export const createProbe05 = (socketPath: string, databasePath: string): Probe => ({
  async shipped(signal) {
    const body = JSON.stringify({ path: databasePath, wait: true, timeout: Math.ceil(LIMITS.replicaAskMs / 1_000) })
    const response = await fetch("http://litestream/sync", { unix: socketPath, method: "POST", body, signal })
    const answer = (await response.json()) as { error?: string; txid?: number; replicated_txid?: number }
    if (!response.ok) throw new RemoteError(answer.error ?? `Litestream answered ${response.status}`)
    if ((answer.replicated_txid ?? 0) < (answer.txid ?? 0))
      throw new RemoteError("Litestream has not sent everything yet")
  },
})

interface Figures {
  syncs: number
  /** Segment and offset up to which it has copied our log, and sent the copy. */
  shadow: [number, number]
  sent: [number, number] | null
}

export const createProbe03 = (port: number): Probe => ({
  async shipped(signal) {
    const look = async () => figuresOf(await (await fetch(`http://127.0.0.1:${port}/metrics`, { signal })).text())
    const wait = async (isSo: (figures: Figures) => boolean): Promise<Figures> => {
      for (;;) {
        const figures = await look()
        if (isSo(figures)) return figures
        await Bun.sleep(LIMITS.replicaSyncMs / 16)
        signal.throwIfAborted()
      }
    }
    const before = await look()
    // The next look at our log may have begun before our commit; the one after it has not.
    const copied = await wait(({ syncs }) => syncs >= before.syncs + 2)
    await wait(({ sent }) => sent !== null && isPast(sent, copied.shadow))
  },
})

const isPast = ([index, offset]: [number, number], [toIndex, toOffset]: [number, number]): boolean =>
  index > toIndex || (index === toIndex && offset >= toOffset)

function figuresOf(metrics: string): Figures {
  const figure = (name: string): number | null => {
    const found = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "m").exec(metrics)
    return found ? Number(found[1]) : null
  }
  const index = figure("litestream_replica_wal_index")
  const offset = figure("litestream_replica_wal_offset")
  return {
    syncs: figure("litestream_sync_count") ?? 0,
    shadow: [figure("litestream_shadow_wal_index") ?? 0, figure("litestream_shadow_wal_size") ?? 0],
    sent: index === null || offset === null ? null : [index, offset],
  }
}

/**
 * Asks once for many: whoever comes while it is asked shares the next asking, since the present one may have begun before their commit.
 */
export class Asking {
  private running: Promise<void> | null = null
  private next: Promise<void> | null = null

  constructor(private readonly ask: () => Promise<void>) {}

  /** Never rejects. */
  isWell(): Promise<boolean> {
    return this.after().then(
      () => true,
      () => false,
    )
  }

  /** @throws as `ask` */
  after(): Promise<void> {
    if (!this.running) {
      this.running = this.ask().finally(() => {
        this.running = null
      })
      return this.running
    }
    this.next ??= this.running
      .catch(() => {})
      .then(() => {
        this.next = null
        return this.after()
      })
    return this.next
  }
}
