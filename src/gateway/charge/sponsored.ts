// Who pays: the app's pool, where it has enough for the whole call, else the person. One source pays all of a call. Where neither has enough for
// all of it, what the app has left pays a shorter answer. Decided in the body of the hold, so that a pool never gives more than it has.
import { type Nano, nano, UserId } from "../../app/index.ts"
import type { Hold, Principal } from "../../ledger/index.ts"
import type { SponsoredCaller } from "../../sponsors/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Caller, GatewayDeps, Quote } from "../types.ts"

type Deps = Pick<GatewayDeps, "ledger" | "usage"> & { sponsors?: GatewayDeps["sponsors"] | undefined }

/** A pool that may pay, with the caller as it is then: nobody earns, and nothing is the person's to pay. */
export interface Sponsor {
  caller: Caller
  /** Who would pay without it: the person, or the team whose credits the app spends. */
  instead: Principal
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
  return (
    payer && {
      caller: { ...caller, payer: payer.owner, developer: null },
      instead: caller.payer,
      roomNano: payer.roomNano,
    }
  )
}

function sponsoredCallerOf({ kind, clientId, developer, userId, mode }: Caller): SponsoredCaller | null {
  if (kind !== "app" || clientId === null || developer === null) return null
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

/** The call stands among its person's, and what they are told is left is of the credits that pay without the pool. */
export function sponsoredHoldIn({ usage, ledger }: Deps, tx: Tx, { caller, instead }: Sponsor, hold: Hold): Hold {
  usage.noteSponsoredIn(tx, { userId: caller.userId, callId: hold.callId, clientId: caller.clientId! })
  return { ...hold, balanceAfterNano: spendableIn({ ledger }, tx, instead, caller.mode) }
}

export const spendableIn = ({ ledger }: Pick<Deps, "ledger">, tx: Tx, owner: Principal, mode: Caller["mode"]): Nano =>
  ledger.walletIn(tx, owner, mode).spendableNano

/** The pool that pays what is agreed beforehand, where it has all of it; else whoever the app spends from does. */
export function wholeSponsorIn(
  deps: Deps,
  tx: Tx,
  caller: Caller,
  standing: { emailVerified: boolean },
  needNano: Nano,
): Sponsor | null {
  const sponsor = needNano === 0 ? null : sponsorIn(deps, tx, caller, standing)
  return sponsor && sponsor.roomNano >= needNano ? sponsor : null
}

/**
 * Whether a pool that has room for a key of its person's has it for the operator's accounts, too, where the call may go on to those: one
 * source pays all of it, and a pool with too little must not keep its person's credits from paying.
 */
export function coversOthers(quotes: readonly Quote[], { quote }: { quote: Quote }, roomNano: number): boolean {
  if (quote.upstream.personal?.kind !== "own") return true
  const others = quotes.filter(({ upstream }) => upstream.personal?.kind !== "own")
  return others.length === 0 || fitting(others, roomNano) !== null
}

/** What a pool has is nobody's business but its developer's. */
export const balanceIn = (
  deps: Pick<Deps, "ledger">,
  tx: Tx,
  sponsor: Sponsor | null,
  { balanceAfterNano }: { balanceAfterNano: Nano },
): Nano => (sponsor ? spendableIn(deps, tx, sponsor.instead, sponsor.caller.mode) : balanceAfterNano)

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
