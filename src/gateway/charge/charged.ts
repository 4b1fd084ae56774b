// The one way to spend credits: hold → run → settle (SPEC GW-3). Nobody else calls the ledger's hold. The hold's body reads
// again, inside itself, that person, app and permission are alive: a revocation answered before is never overtaken.
import { AppError, LIMITS, type Nano, nano, type Passing } from "../../app/index.ts"
import type { Hold } from "../../ledger/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import { LEASE_MARGIN_MS, type Timeouts } from "../limits.ts"
import type { Caller, ChargedCall, GatewayDeps, Outcome, Quote, Standing } from "../types.ts"
import { Held, type HeldDeps } from "./held.ts"
import { answerRepeat, type OnceCall, onceCallOf, Repeated, takeKeyIn } from "./once.ts"
import { UNAFFORDABLE } from "./raise.ts"
import { asTold } from "./refusal.ts"
import { promoCapIn, shareOut, splitOf } from "./shares.ts"
import { coversOthers, fitting, type Sponsor, sponsoredHoldIn, sponsorIn } from "./sponsored.ts"
import { routeOf } from "./terms.ts"

export type ChargedDeps = HeldDeps &
  Pick<GatewayDeps, "sponsors" | "plans" | "earnings" | "settings" | "baseUrl" | "apiUrl" | "keyring"> & {
    timeouts: Timeouts
    inFlight: Passing<string, Held>
    claims: ClaimMemory
  }

const HOLD = { lane: "hold" } as const

/** People whose next daily claim is known to lie ahead, so that their calls need not look. Never later than the truth. */
export class ClaimMemory {
  private readonly notBeforeMs = new Map<number, number>()
  isAhead(key: number, nowMs: number): boolean {
    return (this.notBeforeMs.get(key) ?? 0) > nowMs
  }
  set(key: number, ms: number): void {
    if (this.notBeforeMs.size >= LIMITS.writeQueueHardMax) this.notBeforeMs.clear()
    this.notBeforeMs.set(key, ms)
  }
}

/** Ids are above 0: those below are of test credits. */
const claimKey = (mode: Caller["mode"], userId: number): number => (mode === "live" ? userId : -userId)

export async function charged(deps: ChargedDeps, call: ChargedCall): Promise<Response> {
  const ctx: WriteContext = {
    actor: call.caller.actor,
    onBehalfOf: `user:${call.caller.userPublicId}`,
    requestId: call.requestId,
    reason: call.model,
  }
  const once = onceCallOf(call)
  call.trace?.begin("hold")
  let first: FirstHold
  try {
    first = await deps.store.write(ctx, (tx) => firstHoldIn(deps, tx, call, once), HOLD)
  } catch (error) {
    call.ticket.release()
    call.onEnd?.()
    if (once && error instanceof Repeated) return answerRepeat(deps.keyring, call, once, error.row)
    throw asTold(deps, error)
  }
  call.quotes.splice(0, first.at)
  const { sponsor } = first
  // The very list that the call runs by: from here on nobody earns by it.
  if (sponsor) call.quotes.splice(0, call.quotes.length, ...call.quotes.map((quote) => quote.withoutShare()))
  const paid = sponsor ? { ...call, caller: sponsor.caller } : call
  const held = new Held(deps, ctx, paid, first, once, () => {
    deps.inFlight.delete(call.requestId)
    call.ticket.release()
    call.onEnd?.()
  })
  deps.inFlight.set(call.requestId, held)
  try {
    return await paid.run(held)
  } catch (error) {
    if (!held.isSettled) await held.settle(failedOutcome(call.quotes[0]!, error))
    throw error
  }
}

interface FirstHold {
  hold: Hold
  at: number
  /** The app's limit of its day. */
  dailyNano: Nano | null
  /** The app pays. */
  sponsor: Sponsor | null
}

/** Holds for the first candidate; where its caller cannot pay for that, for the next that is cheaper. */
function firstHoldIn(deps: ChargedDeps, tx: Tx, call: ChargedCall, once: OnceCall | null): FirstHold {
  const standing = call.caller.requireIn(tx, call.scope)
  // Before money is looked at: a repeat of what was paid is answered with an empty wallet, too.
  if (once) takeKeyIn(tx, call, once)
  const { ticket } = call
  ticket.admitIn(tx)
  const sponsor = sponsorIn(deps, tx, call.caller, standing)
  const whole = sponsor && fitting(call.quotes, sponsor.roomNano)
  if (sponsor && whole && coversOthers(call.quotes, whole, sponsor.roomNano))
    return sponsoredIn(deps, tx, call, sponsor, { ...whole, ...standing })
  try {
    return ownHoldIn(deps, tx, call, standing)
  } catch (error) {
    const least = sponsor && isUnaffordable(error) && fitting(call.quotes, sponsor.roomNano, "least")
    if (!sponsor || !least) throw error
    return sponsoredIn(deps, tx, call, sponsor, { ...least, ...standing })
  }
}

const isUnaffordable = (error: unknown): boolean => error instanceof AppError && UNAFFORDABLE.has(error.code)

/** From the app's pool: no limit of the person counts, for nothing is theirs. */
function sponsoredIn(
  deps: ChargedDeps,
  tx: Tx,
  call: ChargedCall,
  sponsor: Sponsor,
  { at, quote, ...standing }: Standing & { at: number; quote: Quote },
): FirstHold {
  const { caller, roomNano } = sponsor
  const hold = holdIn(deps, tx, { ...call, caller }, quote, { ...standing, roomNano, isSponsored: true })
  return { hold: sponsoredHoldIn(deps, tx, sponsor, hold), at, dailyNano: null, sponsor }
}

function ownHoldIn(deps: ChargedDeps, tx: Tx, call: ChargedCall, standing: Standing): FirstHold {
  const { ticket } = call
  takeWhatIsDue(deps, tx, call.caller)
  const roomNano = ticket.roomIn(tx)
  let refused: AppError | null = null
  let tooMuchNano = Number.POSITIVE_INFINITY
  for (const [at, quote] of call.quotes.entries()) {
    const leastNano = Math.min(quote.least.totalNano, quote.hold.totalNano)
    if (leastNano >= tooMuchNano) continue
    try {
      if (leastNano > roomNano) throw ticket.spendRefusedIn(tx, leastNano)
      const hold = holdIn(deps, tx, call, quote, { ...standing, roomNano, isSponsored: false })
      ticket.reserveIn(tx, hold.amountNano)
      return { hold, at, dailyNano: standing.dailyLimitNano, sponsor: null }
    } catch (error) {
      if (!(error instanceof AppError) || !UNAFFORDABLE.has(error.code)) throw error
      refused ??= error
      tooMuchNano = leastNano
    }
  }
  throw refused ?? new AppError("internal", "Something failed on our side.")
}

/** @param standing.roomNano what limits on spending leave, or the app's pool */
function holdIn(
  deps: ChargedDeps,
  tx: Tx,
  call: ChargedCall,
  quote: Quote,
  standing: Standing & { roomNano: number; isSponsored: boolean },
): Hold {
  const { caller } = call
  const amountNano = nano(Math.min(quote.hold.totalNano, standing.roomNano))
  return deps.ledger.holdIn(tx, {
    owner: caller.payer,
    mode: caller.mode,
    amountNano,
    leastNano: nano(Math.min(quote.least.totalNano, amountNano)),
    callId: call.requestId,
    scope: call.scope,
    callerId: caller.userId,
    clientId: caller.clientId,
    keyId: caller.keyId,
    routeId: deps.usage.routeIn(tx, routeOf(deps.pricing, call, quote)),
    stream: call.stream,
    // Only an app's calls count for a day of an app, and of these what the app does not pay itself.
    ...(caller.clientId === null || standing.isSponsored ? {} : { dailyNano: standing.dailyLimitNano }),
    leaseMs: deps.timeouts.totalMs + LEASE_MARGIN_MS,
    inputCostNano: nano(Math.min(shareOut(quote.inputOnly, caller.developer).totalNano, amountNano)),
    // The request leaves as soon as this commit is durable.
    stage: "sent",
    developer: caller.developer,
    split: splitOf(quote, caller.developer),
    promoEligible: standing.emailVerified,
    promoCapNano: promoCapIn(deps, tx, caller),
  })
}

/** Credits of plans and of the day are people's own: a call that somebody else pays for takes none. */
export function takeWhatIsDue(deps: ChargedDeps, tx: Tx, caller: Caller): void {
  if (caller.payer.id !== caller.userId) return
  // Test credits are not money: plans grant none.
  if (caller.mode === "live") deps.plans.allocateDueIn(tx, caller.userId)
  claimIfDue(deps, tx, caller)
}

/** The first call of the day claims the daily credits by itself (LE-4); a spent free budget is no reason to refuse the call. */
function claimIfDue(deps: ChargedDeps, tx: Tx, { payer: owner, mode, userId }: Caller): void {
  const key = claimKey(mode, userId)
  if (deps.claims.isAhead(key, tx.now)) return
  const status = deps.ledger.claimStatusIn(tx, owner, mode)
  if (!status.isDue) {
    tx.afterCommit(() => deps.claims.set(key, status.dueAtMs))
    return
  }
  const terms = deps.plans.claimTermsIn(tx, userId)
  if (terms.amountNano === 0) return
  // Test credits are not money: they take nothing from the day's free budget.
  const freeBudgetNano = mode === "live" ? terms.freeBudgetNano : null
  try {
    const { amountNano } = terms
    const claimed = deps.ledger.claimDailyIn(tx, { owner, mode, amountNano, freeBudgetNano, auto: true })
    tx.afterCommit(() => deps.claims.set(key, claimed.nextAtMs))
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "free_budget_spent") throw error
  }
}

/** What a call that never got an answer leaves behind: nothing to pay. */
export function failedOutcome(quote: Quote, error: unknown, end: "failed" | "timeout" = "failed"): Outcome {
  const app = error instanceof AppError ? error : null
  return {
    quote,
    answeredModel: null,
    usage: null,
    costPico: null,
    source: "none",
    status: app?.status ?? 500,
    errorCode: app?.code ?? "internal",
    end,
    firstTokenMs: null,
  }
}
