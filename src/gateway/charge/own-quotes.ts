// Calls with keys of their caller's own: who is asked before and beside the operator's accounts, and what has no price. Pure.
import { AppError } from "../../app/index.ts"
import type { ModelPrice, PriceRule } from "../../pricing/index.ts"
import type { KeyRing } from "../personal/ring.ts"
import type { Router } from "../routing/router.ts"
import type { Caller, Candidate } from "../types.ts"
import type { TrafficDeps } from "./traffic.ts"

export interface OwnDeps extends Pick<TrafficDeps, "plans"> {
  /** Keys of the caller's own; null = none is asked. */
  ring: Pick<KeyRing, "candidatesFor" | "useCredits"> | null
}

/**
 * Keys of the caller's own come first. Accounts of the operator's are asked after them only where their person said so; of names that
 * none of the keys reaches, they answer as ever.
 */
export function withOwnKeys(
  { ring, plans }: OwnDeps,
  caller: Caller,
  named: readonly Candidate[],
): readonly Candidate[] {
  const own = ring?.candidatesFor(caller, named) ?? []
  if (own.length === 0 || !plans.keyTermsOf(caller.userId).byok) return named
  return ring?.useCredits(caller.userId) ? [...own, ...named] : own
}

/** Own keys in the order of their person; where there are any, no account of the operator's has to be free. */
export function inOrder<C extends Candidate>(router: Pick<Router, "order">, able: readonly C[]): readonly C[] {
  const own = able.filter(({ upstream }) => upstream.personal)
  if (own.length === 0) return router.order(able)
  const others = able.filter(({ upstream }) => !upstream.personal)
  try {
    return [...own, ...router.order(others)]
  } catch (error) {
    if (error instanceof AppError && error.code === "provider_overloaded") return own
    throw error
  }
}

/** Where nobody has a share, what a person's own key costs is between them and their provider: it needs no price here. */
export function priceFor(
  price: ModelPrice | null,
  own: PriceRule | null,
  { upstream, model }: Candidate,
  isPriced: (price: ModelPrice) => boolean,
): ModelPrice | null {
  if (own?.developerBp !== 0) return price
  return price && isPriced(price) ? price : unpriced(upstream.priceProvider, model)
}

const NOTHING = { base: 0n, tiers: [] }
const unpriced = (provider: string, model: string): ModelPrice => ({
  provider,
  model,
  source: "built-in",
  scale: 1n,
  rates: { input: NOTHING, output: NOTHING },
  perRequest: 0n,
  free: true,
})
