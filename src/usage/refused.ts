// Refused calls are gathered in memory by person and UTC day and written together, so that a flood of refusals costs a few commits.
// All are counted; only the first of a day are kept one by one. Nothing gathered is lost while the process lives.
import { ClientId, dayOf, KeyId, LIMITS, type UserId } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { emitRefusedIn } from "./emit.ts"
import { addToRefusedDay, insertRefused, refusedOfDay } from "./store-refused.ts"
import type { RefusedCall, UsageDeps } from "./types.ts"

type Counted = Parameters<typeof addToRefusedDay>[1]

/** What one person was refused on one day and is not written yet. */
interface PersonDay {
  day: number
  userId: UserId
  /** The first of them, in order. */
  calls: RefusedCall[]
  counts: Map<string, Counted>
}

const CTX = { actor: "system:usage", requestId: "job:refused-calls", reason: "calls refused" }
const RETRY_MS_MAX = 10_000

export class Refused {
  private gathered = new Map<string, PersonDay>()
  private timer: ReturnType<typeof setTimeout> | null = null
  private writing: Promise<void> | null = null
  private failures = 0
  private isStopped = false

  constructor(private readonly deps: UsageDeps) {}

  note(call: RefusedCall): void {
    const one = personDay(this.gathered, dayOf(call.atMs), call.userId)
    if (one.calls.length < LIMITS.refusedRowsPerDay) one.calls.push(call)
    addCount(one.counts, countOf(one.day, call))
    this.schedule()
  }

  /** Resolves when everything noted before is written, or its write failed and is tried again later. */
  async flush(): Promise<void> {
    await this.writing
    await this.write()
  }

  async stop(): Promise<void> {
    await this.flush()
    this.isStopped = true
    if (this.timer) clearTimeout(this.timer)
    for (const { day, userId, counts } of this.gathered.values()) {
      const calls = [...counts.values()].reduce((sum, count) => sum + count.calls, 0)
      this.deps.log.error("usage.refused_lost", { day, user: userId, calls })
    }
  }

  private schedule(): void {
    if (this.timer || this.isStopped) return
    const waitMs = Math.min(LIMITS.refusedGatherMs * 2 ** this.failures, RETRY_MS_MAX)
    this.timer = setTimeout(() => {
      this.timer = null
      void this.flush()
    }, waitMs)
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
    const waiting = this.gathered
    this.gathered = new Map()
    for (const slice of slicesOf([...waiting.values()])) {
      try {
        await this.deps.store.write(CTX, (tx) => {
          for (const one of slice) writeIn(tx, one)
        })
        this.failures = 0
        for (const one of slice) waiting.delete(keyOf(one.day, one.userId))
      } catch (error) {
        this.failures++
        this.deps.log.warn("usage.refused_not_written", { people: waiting.size, error })
        this.gathered = merged(waiting, this.gathered)
        return this.schedule()
      }
    }
  }
}

/** As many rows as the day has room for: every row of it was counted when it was written. */
function writeIn(tx: Tx, { day, userId, calls, counts }: PersonDay): void {
  const room = Math.max(0, LIMITS.refusedRowsPerDay - refusedOfDay(tx, day, userId))
  for (const call of calls.slice(0, room)) insertRefused(tx, call)
  for (const count of counts.values()) {
    emitRefusedIn(tx, count)
    addToRefusedDay(tx, count)
  }
}

function* slicesOf(all: readonly PersonDay[]): Iterable<PersonDay[]> {
  let slice: PersonDay[] = []
  let rows = 0
  for (const one of all) {
    slice.push(one)
    rows += one.calls.length + one.counts.size
    if (rows < LIMITS.refusedSliceRows) continue
    yield slice
    slice = []
    rows = 0
  }
  if (slice.length > 0) yield slice
}

const keyOf = (day: number, userId: UserId): string => `${day} ${userId}`

function personDay(all: Map<string, PersonDay>, day: number, userId: UserId): PersonDay {
  const key = keyOf(day, userId)
  const known = all.get(key)
  if (known) return known
  const fresh = { day, userId, calls: [], counts: new Map() }
  all.set(key, fresh)
  return fresh
}

const countOf = (day: number, call: RefusedCall): Counted => ({
  day,
  userId: call.userId,
  clientId: call.clientId ?? ClientId(0),
  keyId: call.keyId ?? KeyId(0),
  mode: call.mode,
  endpoint: call.endpoint,
  scope: call.scope,
  model: call.model,
  errorCode: call.errorCode,
  calls: 1,
})

function addCount(counts: Map<string, Counted>, count: Counted): void {
  const { clientId, keyId, mode, endpoint, scope, model, errorCode } = count
  const key = [clientId, keyId, mode, endpoint, scope, errorCode, model].join("\n")
  const known = counts.get(key)
  if (known) known.calls += count.calls
  else counts.set(key, count)
}

/** What could not be written, with what came meanwhile after it. */
function merged(older: Map<string, PersonDay>, newer: Map<string, PersonDay>): Map<string, PersonDay> {
  for (const { day, userId, calls, counts } of newer.values()) {
    const one = personDay(older, day, userId)
    one.calls = [...one.calls, ...calls].slice(0, LIMITS.refusedRowsPerDay)
    for (const count of counts.values()) addCount(one.counts, count)
  }
  return older
}
