// Pools whose app is gone, or has another developer now, pay nothing any more: what is left goes back to whoever filled them. By a job, so that
// neither a handover nor a deletion has to know of pools, and what calls held meanwhile comes back too.
import type { Nano } from "../app/index.ts"
import { principal } from "../ledger/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { type PoolRow, poolsAfter } from "./store.ts"
import type { SponsorsDeps } from "./types.ts"

export async function returnDue(deps: SponsorsDeps, ctx: WriteContext, most: number): Promise<number> {
  let after = 0
  for (let looked = 0; ; ) {
    const pools = poolsAfter(deps.store.read, after, most)
    const over = pools.filter(({ clientId, developerId }) => {
      const client = deps.oauth.clientById(clientId)
      return client === null || client.removedMs !== null || client.ownerId !== developerId
    })
    for (const row of over) await deps.store.write(ctx, (tx) => void giveBack(deps, tx, row))
    looked += pools.length
    if (pools.length < most) return looked
    after = pools.at(-1)!.principalId
  }
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
