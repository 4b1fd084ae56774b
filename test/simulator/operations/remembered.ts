// What the writer remembers of a wallet, asked inside a mutation: it must be what the rows say, or would say if they were read now.
import { ClientId, PrincipalId } from "../../../src/app/index.ts"
import { booksOf } from "../../../src/ledger/books/memory.ts"
import { spentOn } from "../../../src/ledger/charges/used.ts"
import { memoryDifferences } from "../../../src/ledger/proof/memory.ts"
import type { Tx } from "../../../src/store/index.ts"
import { type Act, flat, type Operation, type Scene } from "../act.ts"
import { type Books, dayOf } from "../model/books.ts"
import { atomically } from "../model/plans.ts"
import { refundAct } from "./corrections.ts"
import { CLIENTS, ownerOf, SCOPES } from "./people.ts"

interface Question {
  wallet: string
  client: number
  caller: number
  scope: string
  day: number
}

function asked(tx: Tx, { wallet, client, caller, scope, day }: Question) {
  const { owner, mode } = ownerOf(wallet)
  const books = booksOf(tx)
  const entry = books.walletOf(tx, owner, mode)
  if (!entry) return null
  const lots = books.lotsOf(tx, entry).map((lot) => [lot.id, lot.remainingNano, lot.heldNano])
  return {
    debt: entry.debtNano,
    booked: entry.bookedNano,
    lots: lots.sort((a, b) => a[0]! - b[0]!),
    holds: [...entry.holds.values()].map((hold) => hold.callId).sort(),
    ...spentOn(tx, entry, { clientId: ClientId(client), callerId: PrincipalId(caller), scope }, day),
  }
}

function known(books: Books, { wallet, day, ...of }: Question) {
  const account = books.account(wallet)
  if (!books.accounts.has(account)) return null
  return {
    debt: Number(books.debt(wallet)),
    booked: Number(books.balance(account)),
    lots: books.lotsOf(wallet).map((lot) => [lot.id, Number(lot.remaining), Number(books.held(lot))]),
    holds: books.open
      .filter((one) => one.wallet === wallet)
      .map((one) => one.callId)
      .sort(),
    usedNano: books.usedOf(wallet, of, day),
    heldNano: books.heldOf(wallet, of, day),
  }
}

/** Mostly of somebody who was just charged or got something back, or where the fold stands. */
function question(scene: Scene): Question {
  const { random, books, now } = scene
  const kind = random.int(4)
  const about = books.posted.slice(-6).filter((one) => one.charge !== null)
  const recent = random.maybe(kind === 2 ? about.filter((one) => one.type !== "usage") : about)
  const id = kind === 0 ? undefined : kind === 1 ? scene.foldedThrough() : recent?.charge
  const hold = books.charges.find((one) => one.id === id)?.hold
  const [client, scope] = [random.pick(CLIENTS), random.pick(SCOPES)]
  if (!hold) {
    const wallet = scene.wallet()
    return { wallet, client, caller: Number(wallet.split(" ")[1]), scope, day: dayOf(now) }
  }
  const { wallet, caller, day } = hold
  return { wallet, client: hold.client ?? client, caller, scope: hold.scope, day }
}

const remembered = (scene: Scene): Act => rememberedAct(question(scene))

export function rememberedAct(what: Question): Act {
  return {
    text: `what is remembered of ${JSON.stringify(what)}`,
    realIn: (_, tx) => asked(tx, what),
    predict: (books) => known(books, what),
  }
}

/** A refund counts at once for the day of its call, also where that is remembered. */
function aroundRefund(scene: Scene): Act | null {
  const { random, books } = scene
  const charge = random.maybe(books.charges.slice(-40).filter((one) => one.hold.limited && one.collected > one.back))
  if (!charge) return null
  const { id, hold } = charge
  const look = rememberedAct({
    wallet: hold.wallet,
    client: hold.client!,
    caller: hold.caller,
    scope: hold.scope,
    day: hold.day,
  })
  const refund = refundAct(id, scene.publicId("v_transactions", id), random.oneIn(2) ? undefined : 1, scene.key("back"))
  const parts = [look, refund, look]
  return {
    text: parts.map((part) => part.text).join("; "),
    realIn: (real, tx) => flat(parts.map((part) => part.realIn!(real, tx))),
    predict: (now_, now) => atomically(now_, () => flat(parts.map((part) => part.predict(now_, now)))),
  }
}

/** All of it, against the rows. */
const memory = (): Act => ({
  text: "what is remembered at all",
  realIn: (_, tx) => memoryDifferences(tx),
  predict: () => [],
})

export const REMEMBERED: Operation[] = [
  { name: "remembered", weight: 5, make: remembered },
  { name: "memory", weight: 2, make: memory },
  { name: "aroundRefund", weight: 1, make: aroundRefund },
]
