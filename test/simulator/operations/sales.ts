// What is sold for paid credits: now and then twice, for what is no price, or for more than there is.
import type { Act, Operation, Scene } from "../act.ts"
import * as model from "../model/sales.ts"
import { someKey } from "./corrections.ts"
import { asNano, badAmount, DEVELOPERS, ownerOf, person } from "./people.ts"

function saleAct(ask: model.SaleAsk): Act {
  const { owner, mode } = ownerOf(ask.wallet)
  const input = {
    owner: { kind: "principal" as const, id: owner.id as never },
    mode,
    seller: person(ask.seller)!,
    amountNano: asNano(ask.amount),
    commissionNano: asNano(ask.commission),
    key: ask.key,
  }
  return {
    text: `sell ${JSON.stringify(ask)}`,
    realIn({ ledger }, tx) {
      const { earnedNano, already } = ledger.sellIn(tx, input)
      return { earnedNano, already }
    },
    predict: (books, now) => model.sell(books, ask, now),
  }
}

function sell(scene: Scene): Act {
  const { random, books } = scene
  const known = random.oneIn(8) ? random.maybe(model.salesOf(books)) : undefined
  if (known) {
    const { wallet, seller, amount, commission, key } = known
    const ask = { wallet, seller, amount, commission, key }
    return saleAct(random.oneIn(3) ? { ...ask, ...random.pick([{ amount: amount + 1 }, { commission: 0 }]) } : ask)
  }
  const amount = 1 + random.int(random.oneIn(6) ? 4_000 : 600)
  const key = random.oneIn(20) ? someKey(scene, "sale") : scene.key("sale")
  const ask = {
    wallet: scene.wallet(),
    seller: random.pick(DEVELOPERS),
    amount,
    commission: random.pick([0, Math.ceil(amount / 10), random.int(amount + 1)]),
    key,
  }
  if (random.oneIn(30))
    Object.assign(ask, random.pick([{ amount: badAmount(random) }, { amount: 0 }, { commission: amount + 1 }]))
  return saleAct(ask)
}

export const SALES: Operation[] = [{ name: "sell", weight: 4, make: sell }]
