// Pools: filled and taken back, now and then twice, on other terms, or for what is no amount. A pool is a wallet as any other.
import type { Act, Operation, Scene } from "../act.ts"
import * as model from "../model/sponsor.ts"
import { someKey } from "./corrections.ts"
import { asNano, badAmount, ownerOf, USERS } from "./people.ts"

function moveAct(ask: model.MoveAsk): Act {
  const principalOf = (wallet: string) => ({ kind: "principal" as const, id: ownerOf(wallet).owner.id as never })
  const { mode } = ownerOf(ask.from)
  const input = {
    from: principalOf(ask.from),
    to: principalOf(ask.to),
    mode,
    amountNano: asNano(ask.amount),
    key: ask.key,
  }
  return {
    text: `move ${JSON.stringify(ask)}`,
    realIn({ ledger }, tx) {
      const { lots, already } = ask.isBack ? ledger.takeBackPoolIn(tx, input) : ledger.fundPoolIn(tx, input)
      return { lots: lots.length, already }
    },
    predict: (books, now) => model.move(books, ask, now),
  }
}

function move(scene: Scene): Act {
  const { random, books } = scene
  const known = random.oneIn(8) ? random.maybe(model.movesOf(books)) : undefined
  if (known) {
    const { from, to, amount, isBack, key } = known
    const ask = { from, to, amount, isBack, key }
    return moveAct(random.oneIn(3) ? { ...ask, ...random.pick([{ amount: amount + 1 }, { isBack: !isBack }]) } : ask)
  }
  const from = scene.wallet()
  const mode = from.split(" ")[0]!
  const ask = {
    from,
    to: `${mode} ${random.pick(USERS)}`,
    amount: 1 + random.int(random.oneIn(6) ? 4_000 : 600),
    isBack: random.oneIn(3),
    key: random.oneIn(20) ? someKey(scene, "move") : scene.key("move"),
  }
  if (random.oneIn(30)) Object.assign(ask, random.pick([{ amount: badAmount(random) }, { amount: 0 }]))
  return moveAct(ask)
}

export const SPONSOR: Operation[] = [{ name: "move", weight: 3, make: move }]
