// What costs more to make than it is worth to make for each reader of a public page.
import type { Clock } from "../app/index.ts"

/** What `make` gives, made anew once it is older than that. */
export function madeLately<T>(ms: number, clock: Clock, make: () => T): () => T {
  let last: { atMs: number; value: T } | undefined
  return () => {
    const atMs = clock.now()
    if (!last || atMs - last.atMs >= ms || atMs < last.atMs) last = { atMs, value: make() }
    return last.value
  }
}
