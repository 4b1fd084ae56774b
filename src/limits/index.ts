// The door of `limits`: how much somebody may ask for and spend. It knows no HTTP, no models and no wallets; whom it binds are numbers.
import { dayOf } from "../app/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { changeIn, removeIn, setIn } from "./change.ts"
import { Hits } from "./hits.ts"
import { keyLimits, setKeyLimitsIn } from "./key-limits.ts"
import { Limiter } from "./limiter.ts"
import { LIMITER_LIMITS as L } from "./limits.ts"
import { dropMemberLimitsIn, isMemberLimitedIn, memberUse, setMemberLimitsIn } from "./member-limits.ts"
import { noteDead, recover } from "./recover.ts"
import { deleteCounts, deleteHits, operatorRules, ruleByPublicId } from "./store.ts"
import { giveBackIn } from "./ticket.ts"
import type { Limits, LimitsDeps } from "./types.ts"

export { RATE_HEADER_NAMES } from "./headers.ts"
export { isSpend, KINDS, LIMIT_KINDS } from "./kinds.ts"
export { LIMITER_LIMITS } from "./limits.ts"
export { limitsPart } from "./part.ts"
export { amountWords } from "./refusal.ts"
export { amountError } from "./rules.ts"
export type { RuleId } from "./tables.ts"
export type * from "./types.ts"

export function createLimits(deps: LimitsDeps): Limits {
  const { store, clock, ids, log } = deps
  const hits = new Hits(store, log)
  const limiter = new Limiter(store.read, clock, hits, deps.talliesMax)
  const change = { ids, bounds: limiter.bounds }
  const written =
    <Input, Result>(verb: (tx: Tx, input: Input) => Result) =>
    (ctx: WriteContext, input: Input): Promise<Result> =>
      store.write(ctx, (tx) => verb(tx, input) as never)
  const verbs = {
    setIn: (tx, input) => setIn(change, tx, input),
    changeIn: (tx, input) => changeIn(change, tx, input),
    removeIn: (tx, publicId) => removeIn(change, tx, publicId),
    setKeyLimitsIn: (tx, input) => setKeyLimitsIn(change, tx, input),
  } satisfies Partial<Limits>
  return {
    admit: (subject, demand) => limiter.admit(subject, demand),
    spending: (subject) => limiter.spending(subject),
    ...verbs,
    set: written(verbs.setIn),
    change: written(verbs.changeIn),
    remove: written(verbs.removeIn),
    setKeyLimits: written(verbs.setKeyLimitsIn),
    rules: () => operatorRules(store.read, L.rulesMax),
    rule: (publicId) => ruleByPublicId(store.read, publicId),
    hitsToday: () => hits.today(limiter.now()),
    keyLimits: (key) => keyLimits(store.read, limiter.tallies, key, limiter.now()),
    setMemberLimitsIn: (tx, input) => setMemberLimitsIn(change, tx, input),
    isMemberLimitedIn,
    memberUse: (member) => memberUse(store.read, member, limiter.now()),
    dropMemberLimitsIn: (tx, member) => dropMemberLimitsIn(change, tx, member),
    get tallies() {
      return limiter.tallies.size
    },
    noteDead: () => noteDead(store),
    recover: () => recover(store),
    giveBackIn,
    forget: (rows) =>
      store.write(FORGET, (tx) => {
        const counts = deleteCounts(tx, rows)
        return counts + deleteHits(tx, dayOf(tx.now) - L.hitsDays, rows - counts)
      }),
    flushHits: () => hits.flush(),
  }
}

const FORGET: WriteContext = {
  actor: "system:forget-limit-counts",
  requestId: "job:forget-limit-counts",
  reason: "their windows are over",
}
