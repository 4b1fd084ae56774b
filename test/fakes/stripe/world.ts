// What the fake knows: objects by id, the moment, and what happened, as events. Every rule reads and writes through it.
import { missing } from "./fault.ts"
import type { Named, StripeEvent } from "./types.ts"

export interface WorldOptions {
  /** ms; the clock of the house. */
  now(): number
  /** Where the fake answers, without a trailing slash: addresses of its pages begin with it. */
  origin: string
  /** Cents of tax on so many cents for a customer's country; 0 by default. */
  taxOf?(cents: number, country: string | null, behavior: "exclusive" | "inclusive"): number
  apiVersion?: string
  /** Whose keys these are; `acct_fake` by default. */
  account?: string
}

export class World {
  readonly events: StripeEvent[] = []
  /** Told of each event, once the request that made it is through. */
  onEvent: (event: StripeEvent) => void = () => {}
  /** Of the request that is being answered. */
  cause: StripeEvent["request"] = null
  private readonly objects = new Map<string, Named>()
  private readonly kinds = new Map<string, Named[]>()
  private count = 0
  private moment: number | null = null
  private readonly customersClock = new Map<string, string>()

  constructor(readonly options: WorldOptions) {}

  /** Does something as of a moment that has passed: what was due while nobody looked. */
  at<T>(seconds: number, act: () => T): T {
    const before = this.moment
    this.moment = seconds
    try {
      return act()
    } finally {
      this.moment = before
    }
  }

  /** Seconds; of the test clock that a customer lives by, if it has one. */
  now(customer?: string | null): number {
    if (this.moment !== null) return this.moment
    const clock = customer ? this.customersClock.get(customer) : undefined
    const frozen = clock ? (this.objects.get(clock) as { frozen_time?: number } | undefined)?.frozen_time : undefined
    return frozen ?? Math.floor(this.options.now() / 1_000)
  }

  livesBy(customer: string, clock: string): void {
    this.customersClock.set(customer, clock)
  }

  /** `cs_test_…`: long enough to look like one, in order, so that lists are. */
  id(prefix: string): string {
    this.count++
    return `${prefix}_${String(this.count).padStart(8, "0")}${Bun.hash(`${prefix}${this.count}`).toString(36).padStart(13, "0")}`
  }

  add<T extends Named>(object: T): T {
    this.objects.set(object.id, object)
    const kind = this.kinds.get(object.object)
    if (kind) kind.push(object)
    else this.kinds.set(object.object, [object])
    return object
  }

  remove(object: Named): void {
    this.objects.delete(object.id)
    const kind = this.kinds.get(object.object)
    if (kind) kind.splice(kind.indexOf(object), 1)
  }

  /** Oldest first. */
  all<T extends Named>(kind: T["object"]): readonly T[] {
    return (this.kinds.get(kind) ?? []) as T[]
  }

  /** @throws Fault 404 */
  find<T extends Named>(kind: T["object"], id: string, param?: string): T {
    const found = this.objects.get(id)
    if (found?.object !== kind) throw missing(kind.split(".").at(-1)!, id, param)
    return found as T
  }

  any(id: string): Named | undefined {
    return this.objects.get(id)
  }

  emit(type: string, object: Named, before?: object): void {
    const event: StripeEvent = {
      id: this.id("evt"),
      object: "event",
      api_version: this.options.apiVersion ?? "2026-08-26.dahlia",
      created: this.now((object as { customer?: string }).customer),
      livemode: false,
      type,
      // As it was then: what follows changes the object, not the event.
      data: { object: structuredClone(object), ...(before ? { previous_attributes: before } : {}) },
      pending_webhooks: 1,
      request: this.cause,
    }
    this.events.push(event)
    this.onEvent(event)
  }
}
