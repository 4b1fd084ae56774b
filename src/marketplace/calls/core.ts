// What every verb of calls works with: the house, and what is in memory of calls that run.
import { Lru, limiter } from "../../app/index.ts"
import { rangeMatcher } from "../../keys/index.ts"
import type { MarketplaceDeps } from "../deps.ts"
import { Busy } from "./busy.ts"
import { CALL_LIMITS as L } from "./limits.ts"
import { ownHostOf } from "./path.ts"

/** What was set when the house was built. */
export interface CallsCore extends MarketplaceDeps {
  rates: limiter.MemoryStates
  busy: Busy
  /** What a key's list of addresses means, by its text. */
  ranges: Ranges
  /** The name of the host that serves published APIs alone; null = there is none. */
  ownHost: string | null
}

class Ranges {
  private readonly made = new Lru<(address: string) => boolean>(L.rangesKeptMax)

  /** @param text as it stands in the row; never "" */
  has(text: string, address: string): boolean {
    const known = this.made.get(text) ?? rangeMatcher(text.split(" "))!
    this.made.set(text, known)
    return known(address)
  }
}

export const createCore = (deps: MarketplaceDeps): CallsCore => ({
  ...deps,
  rates: new limiter.MemoryStates(L.rateKeysMax),
  busy: new Busy(),
  ranges: new Ranges(),
  ownHost: ownHostOf(deps.publishedAt),
})
