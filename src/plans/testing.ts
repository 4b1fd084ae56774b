// For tests of plans only: plans on a real ledger and SQLite, with a clock that is turned by hand.
import { expect, onTestFinished } from "bun:test"
import { createIds, type Nano, nano, UserId, type VirtualClock } from "../app/index.ts"
import { createLedger, type Ledger } from "../ledger/index.ts"
import { createSettings } from "../settings/index.ts"
import { openTestStore, type Store, testCtx } from "../store/index.ts"
import { createPlans, plansPart } from "./index.ts"
import type { Plans, Subject } from "./types.ts"

export const ANN: Subject = { id: UserId(1), publicId: "usr_ann" }
export const ctx = testCtx
export const at = (text: string): number => Date.parse(`${text}Z`)
export const usd = (dollars: number): Nano => nano(Math.round(dollars * 100) * 10_000_000)

export interface PlansKit {
  plans: Plans
  ledger: Ledger
  store: Store
  clock: VirtualClock
  /** Turns the clock to a moment and lets the job run there. */
  until(text: string): Promise<void>
  /** Turns the clock and does nothing: the server was off, or nobody looked. */
  sleepUntil(text: string): void
  /** What a person can spend, n$. */
  balance(user?: Subject): number
  /** Live lots as [bucket, what is left, expiry], in the order they will be spent. */
  lots(user?: Subject): [string, number, string][]
  /** Takes credits in the order of consumption, as a call does: what is due is granted first. */
  spend(amountNano: number, user?: Subject): Promise<void>
}

export async function openPlans(startsAt = "2026-01-31T12:00:00"): Promise<PlansKit> {
  const { store, clock, close } = await openTestStore()
  // A hook of this module would run for the first file alone that imports it.
  onTestFinished(close)
  const ledger = createLedger({ store, clock, ids: createIds(clock), bootId: "boot_1" })
  const settings = createSettings({ store, settings: plansPart.settings ?? [] })
  const plans = createPlans({ store, clock, ledger, settings })
  const sleepUntil = (text: string) => clock.advance(at(text) - clock.now())
  sleepUntil(startsAt)
  let spends = 0
  const owner = (user: Subject) => ({ kind: "principal", id: user.id }) as const
  return {
    plans,
    ledger,
    store,
    clock,
    sleepUntil,
    async until(text) {
      sleepUntil(text)
      await plans.allocateDue()
      await ledger.expireDue()
    },
    balance: (user = ANN) => ledger.wallet(owner(user), "live").spendableNano,
    lots: (user = ANN) =>
      ledger
        .wallet(owner(user), "live")
        .lots.map((lot) => [lot.bucket, lot.remainingNano, new Date(lot.expiresMs ?? 0).toISOString().slice(0, 16)]),
    async spend(amountNano, user = ANN) {
      const key = `spend:${++spends}`
      await store.write(ctx, (tx) => {
        plans.allocateDueIn(tx, user.id)
        ledger.adjustIn(tx, { owner: owner(user), mode: "live", amountNano: nano(-amountNano), key })
      })
    },
  }
}

export function expectHealthy(kit: PlansKit): void {
  const broken = kit.ledger.verify().checks.filter((check) => check.violations > 0)
  expect(broken.map(({ name, examples }) => ({ name, examples }))).toEqual([])
}
