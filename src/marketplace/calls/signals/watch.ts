// Looks at how keys are used, in memory, and says once when something is unusual: a row, and a mail each to its owner and the operator.
// It blocks nothing, and no call waits for it.
import { type AppError, DAY_MS, dayOf, eachAlone, HOUR_MS, Lru, MINUTE_MS } from "../../../app/index.ts"
import { operatorEmail } from "../../../billing/index.ts"
import { networkOf } from "../../../identity/index.ts"
import type { Tx } from "../../../store/index.ts"
import type { Admitted } from "../admit.ts"
import type { Asked } from "../asked.ts"
import type { CallsCore } from "../core.ts"
import { keyById, keyPrefix } from "../keys/store.ts"
import { CALL_LIMITS as L } from "../limits.ts"
import { usualCalls } from "../log/store.ts"
import { subscriptionById } from "../store.ts"
import type { KeyRow } from "../types.ts"
import { keySignal } from "./mails.ts"
import { KEY_IN_URL, NETWORKS_AN_HOUR, REFUSALS_A_MINUTE, SURGE_TIMES } from "./settings.ts"
import { busyOn, raise, type Sign } from "./store.ts"

const CTX = { actor: "system:marketplace", requestId: "job:product-signals", reason: "unusual use of a key" }

interface Watched {
  hour: number
  calls: number
  networks: Set<string>
  inUrl: number
  minute: number
  refused: number
  /** Told in this hour: the row knows the rest. */
  told: Set<string>
}

export class Signals {
  private readonly keys = new Lru<Watched>(L.signalKeysMax)
  private raising = new Set<Promise<unknown>>()

  constructor(private readonly core: CallsCore) {}

  called({ key, subscription, product }: Admitted, asked: Asked, nowMs: number): void {
    if (asked.as !== null) return
    const watched = this.of(key.id, nowMs)
    const of = { productId: product.id, subscriptionId: subscription.id, keyId: key.id }
    watched.calls++
    if (asked.keyInUrl) {
      watched.inUrl++
      this.judge(watched, { ...of, rule: "url", seen: watched.inUrl, usual: 0 }, this.core.settings.get(KEY_IN_URL))
    }
    // Asking for the address costs more than the rest: of a busy key some calls are enough.
    if (watched.calls > L.signalEach && watched.calls % L.signalEach !== 0) return
    watched.networks.add(networkOf(asked.ip()))
    const most = this.core.settings.get(NETWORKS_AN_HOUR)
    this.judge(watched, { ...of, rule: "networks", seen: watched.networks.size, usual: most }, most + 1)
  }

  refused({ id, subscriptionId }: KeyRow, error: AppError, nowMs: number): void {
    if (error.status !== 401 && error.status !== 403) return
    const watched = this.of(id, nowMs)
    const minute = Math.floor(nowMs / MINUTE_MS)
    if (watched.minute !== minute) Object.assign(watched, { minute, refused: 0 })
    watched.refused++
    const most = this.core.settings.get(REFUSALS_A_MINUTE)
    if (most === 0 || watched.refused < most) return
    const productId = subscriptionById(this.core.store.read, subscriptionId)?.productId
    if (productId === undefined) return
    this.judge(
      watched,
      { rule: "refusals", productId, subscriptionId, keyId: id, seen: watched.refused, usual: most },
      most,
    )
  }

  /** Far above what is usual for a subscription, by the sums of the day. @returns where to go on; null = all were looked at */
  async lookForSurges(afterId: number, rows: number): Promise<number | null> {
    const { store, clock, settings } = this.core
    const times = settings.get(SURGE_TIMES)
    if (times === 0) return null
    const day = dayOf(clock.now())
    const busy = busyOn(store.read, day, L.surgeCallsLeast, afterId, rows)
    const next = busy.length < rows ? null : busy.at(-1)!.subscriptionId
    const look = async ({ subscriptionId, productId, calls }: (typeof busy)[number]) => {
      const usual = medianOf(usualCalls(store.read, subscriptionId, day - L.surgeDays, day))
      if (usual === null || calls < usual * times) return
      await this.raise({ rule: "surge", productId, subscriptionId, keyId: 0, seen: calls, usual })
    }
    await eachAlone(busy, ({ subscriptionId }) => subscriptionId, look, next)
    return next
  }

  async settled(): Promise<void> {
    await Promise.all(this.raising)
  }

  private of(keyId: number, nowMs: number): Watched {
    const hour = Math.floor(nowMs / HOUR_MS)
    const known = this.keys.get(String(keyId))
    if (known?.hour === hour) return known
    const fresh: Watched = { hour, calls: 0, networks: new Set(), inUrl: 0, minute: 0, refused: 0, told: new Set() }
    this.keys.set(String(keyId), fresh)
    return fresh
  }

  private judge(watched: Watched, sign: Sign, least: number): void {
    if (
      least === 0 ||
      (sign.rule === "networks" && sign.usual === 0) ||
      sign.seen < least ||
      watched.told.has(sign.rule)
    )
      return
    watched.told.add(sign.rule)
    const raising = this.raise(sign).catch((error: unknown) =>
      this.core.log.warn("marketplace.signal_not_written", { error }),
    )
    this.raising.add(raising)
    void raising.finally(() => this.raising.delete(raising))
  }

  private raise(sign: Sign): Promise<void> {
    return this.core.store.write(CTX, (tx) => {
      if (raise(tx, sign)) this.tellIn(tx, sign)
    })
  }

  private tellIn(tx: Tx, { rule, subscriptionId, keyId, seen, usual }: Sign): void {
    const { identity, mails, settings } = this.core
    const userId = subscriptionById(tx, subscriptionId)?.userId ?? keyById(tx, keyId)?.userId
    const person = userId === undefined ? null : identity.userById(userId)
    const data = { rule, prefix: keyId === 0 ? null : keyPrefix(tx, keyId), seen, usual }
    if (person)
      mails.queueIn(tx, keySignal, {
        to: person.email,
        data: { ...data, isOperator: false },
        uselessAfterMs: tx.now + 7 * DAY_MS,
      })
    const operator = operatorEmail(settings)
    if (operator)
      mails.queueIn(tx, keySignal, {
        to: operator,
        data: { ...data, isOperator: true },
        uselessAfterMs: tx.now + 7 * DAY_MS,
      })
  }
}

/** Null: nothing is usual yet. */
function medianOf(counts: readonly number[]): number | null {
  if (counts.length < L.surgeDaysLeast) return null
  const sorted = [...counts].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
