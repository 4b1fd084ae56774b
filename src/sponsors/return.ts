// Pools whose app is gone, or has another developer now, pay nothing any more: what is left goes back to whoever filled them. By a job, so that
// neither a handover nor a deletion has to know of pools, and what calls held meanwhile comes back too.
import { eachAlone, type Nano } from "../app/index.ts"
import { principal } from "../ledger/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { type PoolRow, poolsAfter } from "./store.ts"
import type { SponsorsDeps } from "./types.ts"

/** All pools, a slice at a time. @returns how many were looked at @throws RowsFailed when the others are back */
export async function returnDue(deps: SponsorsDeps, ctx: WriteContext, most: number): Promise<number> {
  const over: PoolRow[] = []
  let after = 0
  for (let looked = 0; ; ) {
    const pools = poolsAfter(deps.store.read, after, most)
    over.push(...pools.filter((pool) => isOver(deps, pool)))
    looked += pools.length
    if (pools.length === most) {
      after = pools.at(-1)!.principalId
      continue
    }
    const back = (row: PoolRow) => deps.store.write(ctx, (tx) => void giveBack(deps, tx, row))
    await eachAlone(over, ({ principalId }) => principalId, back)
    return looked
  }
}

function isOver({ oauth }: SponsorsDeps, { clientId, developerId }: PoolRow): boolean {
  const client = oauth.clientById(clientId)
  return client === null || client.removedMs !== null || client.ownerId !== developerId
}

/** Of one press, of one pool. */
export const keyOf = (word: string, { principalId }: PoolRow, key: string): string => `${word}:${principalId}:${key}`

/** All that no call holds. */
export function giveBack({ ledger }: Pick<SponsorsDeps, "ledger">, tx: Tx, row: PoolRow): Nano {
  const [from, to, { mode }] = [principal(row.principalId), principal(row.developerId), row]
  const amountNano = ledger.paidSpendableIn(tx, from, mode)
  if (amountNano > 0)
    ledger.takeBackPoolIn(tx, { from, to, mode, amountNano, key: keyOf("unsponsor", row, `all:${tx.now}`) })
  return amountNano
}
