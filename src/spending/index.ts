// The door of `spending`: what people are told of how credits are spent. That they run low, a wallet's or an app's pool's; and a letter about each
// month, with links that limit an app.
import type { Nano, UserId } from "../app/index.ts"
import type { WriteContext } from "../store/index.ts"
import { writeLetters } from "./letter.ts"
import { offeredBy, setByLink } from "./link.ts"
import { markIn, markOf, tellLows } from "./lows.ts"
import { tellPools } from "./pools.ts"
import { writeTeamLetters } from "./team-letter.ts"
import type { LimitOffer, LowMark, SpendingDeps } from "./types.ts"

export { LIMIT_PATH } from "./link.ts"
export { spendingPart } from "./part.ts"
export type * from "./types.ts"

export type Spending = ReturnType<typeof createSpending>

export function createSpending(deps: SpendingDeps) {
  return {
    /** Of a person or a team. */
    markOf: (ownerId: UserId): LowMark => markOf(deps, ownerId),
    /** @throws AppError validation_failed with formErrors */
    setMark: (ctx: WriteContext, ownerId: UserId, belowNano: Nano): Promise<void> =>
      deps.store.write(ctx, (tx) => markIn(deps, tx, ownerId, belowNano)),
    tellLows: (after: number, rows: number) => tellLows(deps, after, rows),
    tellPools: (after: number, rows: number) => tellPools(deps, after, rows),
    writeLetters: (rows: number) => writeLetters(deps, rows),
    writeTeamLetters: (rows: number) => writeTeamLetters(deps, rows),
    /** What a link of a letter offers; null: it was not made here, is over, or its app has no access any more. */
    offered: (params: URLSearchParams): LimitOffer | null => offeredBy(deps, params),
    /** @throws AppError not_found */
    limitByLink: (ctx: WriteContext, params: URLSearchParams): Promise<LimitOffer> => setByLink(deps, ctx, params),
  }
}
