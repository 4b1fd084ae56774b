// The request log and its sums: calls are gathered for a moment and written together, rows and sums in one mutation, so that the two never
// tell different things. What was used and paid stands in rows before a call leaves; this says what became of it.
import { dayOf, type Log } from "../../../app/index.ts"
import type { Store, Tx } from "../../../store/index.ts"
import { CALL_LIMITS as L } from "../limits.ts"
import type { CallEnd } from "../types.ts"
import { addCounts, count, type DayCounts, isRefused, Latencies, noCounts } from "./rules.ts"
import { ALL, addDay, countedOfDay, insertCall } from "./store.ts"

const CTX = { actor: "system:marketplace", requestId: "job:product-calls", reason: "calls of products" }
const RETRY_MS_MAX = 10_000

interface Sum {
  day: number
  productId: number
  endpointId: number
  subscriptionId: number
  counts: DayCounts
  latencies: Latencies
}

export class CallLog {
  private gathered: CallEnd[] = []
  private timer: ReturnType<typeof setTimeout> | null = null
  private writing: Promise<void> | null = null
  private failures = 0
  private dropped = 0

  constructor(private readonly deps: { store: Pick<Store, "write">; log: Pick<Log, "warn" | "error"> }) {}

  note(call: CallEnd): void {
    if (this.gathered.length >= L.gatheredMax) {
      this.dropped++
      return
    }
    this.gathered.push(call)
    this.schedule()
  }

  /** Resolves when everything noted before is written, or its write failed and is tried again later. */
  async flush(): Promise<void> {
    await this.writing
    await this.write()
  }

  private schedule(): void {
    if (this.timer) return
    this.timer = setTimeout(
      () => {
        this.timer = null
        void this.flush()
      },
      Math.min(L.gatherMs * 2 ** this.failures, RETRY_MS_MAX),
    )
    // What is gathered keeps nobody alive: whoever stops, flushes.
    this.timer.unref()
  }

  private write(): Promise<void> {
    this.writing ??= this.writeAll().finally(() => {
      this.writing = null
    })
    return this.writing
  }

  private async writeAll(): Promise<void> {
    if (this.dropped > 0) this.deps.log.error("marketplace.calls_not_logged", { calls: this.dropped })
    this.dropped = 0
    while (this.gathered.length > 0) {
      const slice = this.gathered.slice(0, L.sliceCalls)
      try {
        await this.deps.store.write(CTX, (tx) => writeIn(tx, slice))
        this.gathered.splice(0, slice.length)
        this.failures = 0
      } catch (error) {
        this.failures++
        this.deps.log.warn("marketplace.calls_not_written", { calls: this.gathered.length, error })
        return this.schedule()
      }
    }
  }
}

function writeIn(tx: Tx, calls: readonly CallEnd[]): void {
  const sums = new Map<string, Sum>()
  const rooms = new Map<string, number>()
  for (const call of calls) {
    const sum = sumOf(sums, { ...call, day: dayOf(call.atMs), subscriptionId: call.subscriptionId ?? 0 })
    count(sum.counts, sum.latencies, call)
    if (call.subscriptionId === null || !hasRoom(tx, rooms, call, sum.day, call.subscriptionId)) continue
    insertCall(tx, call, call.subscriptionId)
  }
  for (const sum of [...sums.values()]) {
    const all = sumOf(sums, { ...sum, subscriptionId: ALL })
    addCounts(all.counts, sum.counts)
    all.latencies.add(sum.latencies)
  }
  for (const { counts, latencies, ...key } of sums.values()) addDay(tx, key, counts, latencies)
}

type SumKey = Pick<Sum, "day" | "productId" | "subscriptionId"> & { endpointId: number | null }

function sumOf(sums: Map<string, Sum>, { day, productId, endpointId, subscriptionId }: SumKey): Sum {
  const name = `${subscriptionId} ${endpointId ?? 0} ${productId} ${day}`
  const known = sums.get(name)
  if (known) return known
  const counted = { counts: noCounts(), latencies: new Latencies() }
  const made = { day, productId, endpointId: endpointId ?? 0, subscriptionId, ...counted }
  sums.set(name, made)
  return made
}

/** As many rows as the day of a subscription has; the rest is summed alone. */
function hasRoom(tx: Tx, rooms: Map<string, number>, call: CallEnd, day: number, subscriptionId: number): boolean {
  const refused = isRefused(call)
  const name = `${subscriptionId} ${day} ${refused}`
  const most = refused ? L.refusedRowsPerDay : L.rowsPerDay
  const room = rooms.get(name) ?? most - countedOfDay(tx, subscriptionId, day, refused)
  rooms.set(name, room - 1)
  return room > 0
}
