// Calls that run, by subscription and by product, and whether a product's server answers at all: a circuit that opens after failures in a
// row. In memory: a restart forgets, and the next failures tell again.
import { AppError, Lru } from "../../app/index.ts"
import { Breaker, type Pass } from "../../gateway/index.ts"
import { CALL_LIMITS as L } from "./limits.ts"

interface Upstream {
  breaker: Breaker
  failures: number
}

/** A call's place among those that run. */
export interface Seat {
  subscriptionId: number
  productId: number
  pass: Pass
}

/** What the server of a product did: answered, failed, or nothing that says anything of it. */
export type Seen = "answered" | "failed" | "nothing"

export class Busy {
  private readonly bySubscription = new Map<number, number>()
  private readonly byProduct = new Map<number, number>()
  private readonly upstreams = new Lru<Upstream>(L.upstreamsKeptMax)

  /** @throws AppError rate_limit_exceeded, product_unavailable */
  look(subscriptionId: number, productId: number, nowMs: number): void {
    if ((this.bySubscription.get(subscriptionId) ?? 0) >= L.concurrentPerSubscription)
      throw new AppError(
        "rate_limit_exceeded",
        `This subscription has ${L.concurrentPerSubscription} calls under way, the most there may be. Wait for one to end.`,
        { retryAfterSeconds: 1, fields: { limit: "concurrent" } },
      )
    const freeMs = this.upstream(productId).breaker.freeAtMs(nowMs)
    const isFull = (this.byProduct.get(productId) ?? 0) >= L.concurrentPerUpstream
    if (freeMs === 0 && !isFull) return
    const waitMs = Number.isFinite(freeMs) ? Math.max(1_000, freeMs - nowMs) : 1_000
    throw new AppError("product_unavailable", "The server of this API does not answer now. Try again in a moment.", {
      retryAfterSeconds: Math.ceil(waitMs / 1_000),
    })
  }

  /** After `look`, in the same turn. */
  sit(subscriptionId: number, productId: number): Seat {
    add(this.bySubscription, subscriptionId, 1)
    add(this.byProduct, productId, 1)
    return { subscriptionId, productId, pass: this.upstream(productId).breaker.pass() }
  }

  /** Once for each seat. */
  leave({ subscriptionId, productId, pass }: Seat, seen: Seen, nowMs: number): void {
    add(this.bySubscription, subscriptionId, -1)
    add(this.byProduct, productId, -1)
    const upstream = this.upstream(productId)
    if (seen === "nothing") upstream.breaker.abandoned(pass)
    else if (seen === "answered") {
      upstream.failures = 0
      upstream.breaker.succeeded(pass)
    } else {
      upstream.failures++
      upstream.breaker.failed(pass, nowMs, upstream.failures >= L.breakerFailures)
    }
  }

  /** Its circuit is open: said on pages. */
  isDown(productId: number, nowMs: number): boolean {
    return this.upstreams.get(String(productId))?.breaker.state(nowMs) === "open"
  }

  get running(): number {
    let sum = 0
    for (const one of this.byProduct.values()) sum += one
    return sum
  }

  private upstream(productId: number): Upstream {
    const key = String(productId)
    const known = this.upstreams.get(key)
    if (known) return known
    const { breakerOpenMs: openMs, breakerOpenMsMax: openMsMax } = L
    const made = { breaker: new Breaker({ openMs, openMsMax, jitter: 0.2, random: Math.random }), failures: 0 }
    this.upstreams.set(key, made)
    return made
  }
}

function add(counts: Map<number, number>, key: number, by: number): void {
  const count = (counts.get(key) ?? 0) + by
  if (count > 0) counts.set(key, count)
  else counts.delete(key)
}
