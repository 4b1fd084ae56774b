// Who pays: the app's pool, where it has enough for the whole call, else the person. One source pays all of a call. Where neither has enough for
// all of it, what the app has left pays a shorter answer. Decided in the body of the hold, so that a pool never gives more than it has.
import { type Nano, nano, UserId } from "../../app/index.ts"
import { type Hold, principal } from "../../ledger/index.ts"
import type { SponsoredCaller } from "../../sponsors/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Caller, GatewayDeps, Quote } from "../types.ts"

type Deps = Pick<GatewayDeps, "ledger" | "usage"> & { sponsors?: GatewayDeps["sponsors"] | undefined }

/** A pool that may pay, with the caller as it is then: nobody earns, and nothing is the person's to pay. */
export interface Sponsor {
  caller: Caller
  roomNano: Nano
}

/** Through an app alone, for people whose address is proven: whoever makes accounts by the dozen empties no pool. */
export function sponsorIn(
  { sponsors }: Deps,
  tx: Tx,
  caller: Caller,
  { emailVerified }: { emailVerified: boolean },
): Sponsor | null {
  const asked = sponsoredCallerOf(caller)
  if (!sponsors || asked === null || !emailVerified) return null
  const payer = sponsors.payerIn(tx, asked)
  return payer && { caller: { ...caller, payer: payer.owner, developer: null }, roomNano: payer.roomNano }
}

function sponsoredCallerOf({ kind, clientId, developer, userId, payer, mode }: Caller): SponsoredCaller | null {
  if (kind !== "app" || clientId === null || developer === null || payer.id !== userId) return null
  return { clientId, developerId: UserId(developer.id), userId, mode }
}

/** What the pool of a call has left for its person beside what the call holds. */
export function sponsorRoomIn(
  { sponsors }: Pick<Deps, "sponsors">,
  tx: Tx,
  { payer, clientId, userId, mode }: Caller,
): Nano {
  return clientId === null || !sponsors
    ? nano(0)
    : sponsors.roomIn(tx, payer, { clientId, developerId: null, userId, mode })
}

/** The call stands among its person's, and what they are told they have is their own. */
export function sponsoredHoldIn({ usage, ledger }: Deps, tx: Tx, caller: Caller, hold: Hold): Hold {
  usage.noteSponsoredIn(tx, { userId: caller.userId, callId: hold.callId, clientId: caller.clientId! })
  return { ...hold, balanceAfterNano: ownBalanceIn({ ledger }, tx, caller) }
}

export const ownBalanceIn = ({ ledger }: Pick<Deps, "ledger">, tx: Tx, { userId, mode }: Caller): Nano => {
  const { spendableNano } = ledger.walletIn(tx, principal(userId), mode)
  return spendableNano
}

/** Who pays what is agreed beforehand: the pool where it has all of it, else the person as they are. */
export function payerOfIn(
  deps: Deps,
  tx: Tx,
  caller: Caller,
  standing: { emailVerified: boolean },
  needNano: Nano,
): Caller {
  const sponsor = needNano === 0 ? null : sponsorIn(deps, tx, caller, standing)
  return sponsor && sponsor.roomNano >= needNano ? sponsor.caller : caller
}

/** What a pool has is nobody's business but its developer's. */
export const balanceIn = (
  deps: Pick<Deps, "ledger">,
  tx: Tx,
  caller: Caller,
  payer: Caller,
  { balanceAfterNano }: { balanceAfterNano: Nano },
): Nano => (payer === caller ? balanceAfterNano : ownBalanceIn(deps, tx, caller))

/** The first candidate that fits whole; or, `least`, as far as is of use. */
export function fitting(
  quotes: readonly Quote[],
  roomNano: number,
  how: "whole" | "least" = "whole",
): { at: number; quote: Quote } | null {
  for (const [at, given] of quotes.entries()) {
    const quote = given.withoutShare()
    const { hold, least } = quote
    const needNano = how === "whole" ? hold.totalNano : Math.min(least.totalNano, hold.totalNano)
    if (needNano <= roomNano) return { at, quote }
  }
  return null
}
