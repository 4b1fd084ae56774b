// Money that goes back to buyers, and comes after all: claw-backs, restored or lost; lots that are frozen meanwhile.
import type { Act, Operation, Scene } from "../act.ts"
import * as model from "../model/claws.ts"
import { again, someKey } from "./corrections.ts"
import { asNano, badAmount } from "./people.ts"

function clawBack(scene: Scene): Act | null {
  const { random, books } = scene
  const lots = books.lots.filter((one) => one.key.startsWith("grant") && (one.paid || random.oneIn(4)))
  // Of those that calls hold now, often: their time ends, or the call does, after the claw-back.
  const held = lots.filter((one) => one.until !== null && books.held(one) > 0n)
  const lot = random.maybe(held.length > 0 && random.oneIn(2) ? held : lots)
  if (!lot) return null
  const granted = Math.min(Number(lot.granted), 1_000_000)
  const ask = {
    lotKey: random.oneIn(40) ? "unheard-of" : lot.key,
    amount: random.oneIn(40)
      ? badAmount(random)
      : random.pick([1, granted, Math.max(1, granted >> 1), 1 + random.int(granted + 1)]),
    through: lot.paid !== random.oneIn(20) ? random.pick(["cash", "disputes"] as const) : ("promo" as const),
    key: someKey(scene, "claw"),
  }
  const input = { lotKey: ask.lotKey, amountNano: asNano(ask.amount), through: ask.through, key: ask.key }
  return {
    text: `claw back ${JSON.stringify(ask)}`,
    realIn: ({ ledger }, tx) => ledger.clawBackIn(tx, input),
    predict: (books_, now) => model.clawBack(books_, ask, now),
  }
}

/** Keys of corrections of a verb, mostly one of the newest; now and then of any. */
function keyOf({ random, books }: Scene, verb: string): string | null {
  const keys = [...books.corrections].filter(([, one]) => one.verb === verb || random.oneIn(40)).map(([key]) => key)
  return random.maybe(random.oneIn(4) ? keys : keys.slice(-4)) ?? null
}

function restore(scene: Scene): Act | null {
  const clawKey = keyOf(scene, "claw")
  if (clawKey === null) return null
  const key = someKey(scene, "restore")
  return {
    text: `restore ${clawKey}, key ${key}`,
    realIn: ({ ledger }, tx) => ledger.restoreClawIn(tx, { clawKey, key }),
    predict: (books, now) => model.restoreClaw(books, clawKey, key, now),
  }
}

function settle(scene: Scene): Act | null {
  const clawKey = keyOf(scene, "claw")
  if (clawKey === null) return null
  const key = someKey(scene, "settle")
  return {
    text: `the dispute of ${clawKey} is lost, key ${key}`,
    realIn: ({ ledger }, tx) => ledger.settleDisputeIn(tx, { clawKey, key }),
    predict: (books, now) => model.settleDispute(books, clawKey, key, now),
  }
}

function freeze(scene: Scene): Act | null {
  const lot = scene.random.maybe(scene.books.lots.filter((one) => one.key.startsWith("grant") && one.remaining > 0n))
  if (!lot) return null
  const lotKey = scene.random.oneIn(40) ? "unheard-of" : lot.key
  const key = someKey(scene, "freeze")
  return {
    text: `freeze ${lotKey}, key ${key}`,
    realIn: ({ ledger }, tx) => ledger.freezeLotIn(tx, { lotKey, key }),
    predict: (books, now) => model.freezeLot(books, lotKey, key, now),
  }
}

function thaw(scene: Scene): Act | null {
  const freezeKey = keyOf(scene, "freeze")
  if (freezeKey === null) return null
  const key = someKey(scene, "thaw")
  return {
    text: `end the freeze ${freezeKey}, key ${key}`,
    realIn: ({ ledger }, tx) => ledger.thawLotIn(tx, { freezeKey, key }),
    predict: (books, now) => model.thawLot(books, freezeKey, key, now),
  }
}

export const CLAWS: Operation[] = [
  { name: "clawBack", weight: 3, make: again(clawBack) },
  { name: "restoreClaw", weight: 2, make: again(restore) },
  { name: "settleDispute", weight: 0.5, make: again(settle) },
  { name: "freezeLot", weight: 0.7, make: again(freeze) },
  { name: "thawLot", weight: 2, make: again(thaw) },
]
