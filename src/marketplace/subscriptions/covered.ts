// What a person pays now, where their bought credits are short and their rule of auto-recharge lets a card be charged for that: the card is
// asked first, once however often the form is sent, and what is then there pays. Nothing is charged that would not reach.
import { AppError, type Nano, type PrincipalId, UserId } from "../../app/index.ts"
import { principal } from "../../ledger/index.ts"
import type { NotPromise, Tx, WriteContext } from "../../store/index.ts"
import type { Core } from "./core.ts"
import { SUBSCRIPTION_LIMITS as L } from "./limits.ts"
import { isShort } from "./pay.ts"

interface Paying<T> {
  payerId: PrincipalId
  /** n$ that it costs now. */
  needNano: () => Nano
  /** May run twice; throws before it writes where credits are short. */
  act: (tx: Tx) => NotPromise<T>
}

/** @throws what `act` throws; AppError insufficient_credits with what became of the charge */
export async function covered<T>(core: Core, ctx: WriteContext, { payerId, needNano, act }: Paying<T>): Promise<T> {
  try {
    return await core.store.write(ctx, act)
  } catch (error) {
    if (!isShort(error)) throw error
    await bring(core, ctx, payerId, needNano(), error)
  }
  return await core.store.write(ctx, act)
}

/** Resolves once so much is there. @param short why it is asked: thrown where no card is to be charged */
async function bring(
  { store, ledger, billing: { recharges } }: Core,
  ctx: WriteContext,
  payerId: PrincipalId,
  needNano: Nano,
  short: unknown,
): Promise<void> {
  const [owner, userId] = [principal(payerId), UserId(payerId)]
  const has = () => ledger.paidSpendableOf(owner, "live") >= needNano
  const brings = recharges.brings(userId)
  if (brings === 0) throw short
  if (ledger.paidSpendableOf(owner, "live") + brings < needNano)
    throw new AppError("insufficient_credits", "Auto-recharge buys too little at a time for this. Add credits first.")
  // Looked at once more where the order is made: what came meanwhile is not bought again.
  const isComing = await store.write(
    ctx,
    (tx) => ledger.paidSpendableIn(tx, owner, "live") >= needNano || recharges.needIn(tx, userId),
  )
  if (!isComing) throw short
  const endMs = performance.now() + L.rechargeWaitMs
  while (!has()) {
    const { open } = recharges.of(userId)
    if (open === null || open.trouble !== null) {
      if (has()) return
      throw new AppError(
        "insufficient_credits",
        "Your card was not charged, so nothing was bought. Look at your cards.",
      )
    }
    if (performance.now() > endMs)
      throw new AppError(
        "insufficient_credits",
        "Your card is still being charged. Send this again in a minute: nothing is paid twice.",
      )
    await Bun.sleep(L.rechargeLookMs)
  }
}
