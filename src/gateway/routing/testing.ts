// For tests only: a router with a clock that is turned and chance that is seeded, and accounts for it.
import { AppError, silentLog, UpstreamId, VirtualClock } from "../../app/index.ts"
import { failure, type UpstreamFailure, unreachable } from "../providers/index.ts"
import type { Candidate, ReadyUpstream, Routing } from "../types.ts"
import type { RoutingLimits } from "./limits.ts"
import { Router, type Ticket } from "./router.ts"

export const ROUTING: Routing = {
  weight: 1,
  priority: 0,
  isDraining: false,
  requestsPerMinute: null,
  tokensPerMinute: null,
}

/** A seeded generator (Park and Miller): from 0 to below 1. */
export function seeded(seed: number): () => number {
  let state = seed * 7_919 + 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

export function routerKit(limits: Partial<RoutingLimits> = {}, seed = 1) {
  const clock = new VirtualClock()
  const outs: string[] = []
  const random = seeded(seed)
  const onOut = ({ name }: ReadyUpstream, why: string) => void outs.push(`${name} ${why}`)
  const router = new Router({ clock, log: silentLog, random, limits, onOut })
  return { router, clock, outs }
}

export const candidate = (id: number, routing: Partial<Routing> = {}, model = "m"): Candidate => ({
  model,
  upstream: { id: UpstreamId(id), name: `u${id}`, routing: { ...ROUTING, ...routing } } as ReadyUpstream,
})

export function begin(router: Router, one: Candidate, tokens = 0): Ticket {
  const ticket = router.begin(one, () => tokens)
  if (ticket === null) throw new Error(`${one.upstream.name} may not be called`)
  return ticket
}

/** A whole call that ends so. A number: the status of a refusal. */
export function call(router: Router, one: Candidate, end: "ok" | "reset" | number, retryAfterSeconds = 1): void {
  const ticket = begin(router, one)
  if (end === "ok") router.answered(ticket, 100)
  else router.failed(ticket, end === "reset" ? unreachable("ECONNREFUSED") : refused(end, retryAfterSeconds))
  router.release(ticket, null)
}

export function refused(status: number, retryAfterSeconds = 1): UpstreamFailure {
  const isBusy = [429, 503, 529].includes(status)
  const failed = failure(
    isBusy ? "provider_overloaded" : "provider_error",
    "It failed.",
    true,
    { status },
    {
      ...(isBusy ? { retryAfterSeconds } : {}),
    },
  )
  failed.status = status
  return failed
}

export const overloadOf = (act: () => unknown): AppError => {
  try {
    act()
  } catch (error) {
    if (error instanceof AppError) return error
  }
  throw new Error("it was not refused")
}
