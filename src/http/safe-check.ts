// Judges an address that a person gives before anything is sent there: the rules of `safe-fetch`, without the request. Each request judges
// anew, for a name may lead elsewhere by then.
import { allowing, classifyAddress } from "./addresses.ts"
import {
  asSafeFetchError,
  everyAddress,
  hostOf,
  pinned,
  refuseLocalName,
  type SafeFetchDeps,
  targetOf,
} from "./safe-fetch.ts"

/** @throws SafeFetchError with words for whoever gave it */
export type SafeCheck = (url: string) => Promise<void>

const DEADLINE_MS = 5_000

export function createSafeCheck(deps: SafeFetchDeps = {}): SafeCheck {
  const { resolve = everyAddress, classify = classifyAddress, ownHosts = [], allow = [] } = deps
  const verdictOf = allowing(allow, classify)
  return async (text) => {
    const signal = AbortSignal.timeout(DEADLINE_MS)
    try {
      const url = targetOf(text)
      refuseLocalName(hostOf(url), ownHosts, allow.length > 0)
      await pinned(url, resolve, verdictOf, signal)
    } catch (error) {
      throw asSafeFetchError(error, signal)
    }
  }
}
