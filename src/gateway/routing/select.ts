// The order in which candidates are asked: models as they were given, accounts of one model by priority, and by weighted
// chance among those of one priority.
import type { Candidate } from "../types.ts"

/** When a candidate may be called; 0 = now. */
export type FreeAt = (candidate: Candidate) => number

/**
 * Candidates that may be called now, in order.
 * @param random from 0 to below 1
 */
export function ordered<C extends Candidate>(candidates: readonly C[], freeAtMs: FreeAt, random: () => number): C[] {
  const free: C[] = []
  for (const candidate of candidates) if (freeAtMs(candidate) === 0) free.push(candidate)
  for (let from = 0; from < free.length; ) {
    let to = from + 1
    while (to < free.length && isSameGroup(free[from]!, free[to]!)) to++
    if (to - from > 1) shuffle(free, from, to, random)
    from = to
  }
  return free
}

/** Neighbours that chance may swap; accounts of one model come sorted by priority. */
const isSameGroup = (a: Candidate, b: Candidate): boolean =>
  a.model === b.model && a.upstream.routing.priority === b.upstream.routing.priority

/** Draws without putting back, each draw by the weights of what is left. */
function shuffle(list: Candidate[], from: number, to: number, random: () => number): void {
  let left = 0
  for (let at = from; at < to; at++) left += list[at]!.upstream.routing.weight
  for (let place = from; place < to - 1; place++) {
    let drawn = random() * left
    let at = place
    while (at < to - 1 && drawn >= list[at]!.upstream.routing.weight) drawn -= list[at++]!.upstream.routing.weight
    const chosen = list[at]!
    left -= chosen.upstream.routing.weight
    // The others keep their order.
    for (; at > place; at--) list[at] = list[at - 1]!
    list[place] = chosen
  }
}
