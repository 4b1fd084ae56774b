// Acts on what stands in a wallet already: a lot is voided, a charge refunded, a transaction reversed. Each says on its first page what
// it will do; the ledger decides.

import { absoluteTime, dateText } from "../../../views/ui/format.ts"
import { type Nano, nano } from "../../app/index.ts"
import type { LotDetail } from "../../ledger/index.ts"
import { amountLeftField, kindOf, type Subject, wordsOf } from "./wallet-act.ts"
import { nounOf, refundable, sumOf } from "./wallet-postings.ts"

const unheld = (lot: LotDetail | undefined): Nano => nano((lot?.remainingNano ?? 0) - (lot?.heldNano ?? 0))

/** "paid purchase lot of 14 Mar 2026". */
const lotName = ({ bucket, paid, createdMs }: LotDetail): string =>
  `${paid ? "paid " : ""}${bucket} lot of ${dateText(createdMs)}`

export const voidLot = kindOf({
  name: "void",
  summary: "Void the credits of a lot",
  title: ({ lot, name }) => `Void ${wordsOf(unheld(lot))} of ${name}?`,
  words: ({ lot }) => [
    `Takes ${wordsOf(unheld(lot))} of the ${lot ? lotName(lot) : "lot"} away at once.`,
    lot && lot.heldNano > 0
      ? `Calls in progress hold ${wordsOf(lot.heldNano)} of it; those stay theirs.`
      : "No call in progress holds any of it.",
    "Developers keep what they earned with the credits that were used.",
  ],
  fields: {},
  defaults: () => ({}),
  label: ({ lot }) => `Void ${wordsOf(unheld(lot))}`,
  danger: () => true,
  done: (_, { name }) => `The credits of ${name} are voided.`,
  act(tx, ledger, _, { lot }, key) {
    const lotId = lot?.publicId ?? ""
    const { transactionId, voidedNano, already } = ledger.voidLotIn(tx, { lotId, key })
    return { already, record: { transactionId, lotId, voidedNano } }
  },
})

/** What goes back to a lot whose time is over is lost on the way. */
function overWords({ payers = [], now }: Subject): string[] {
  const over = payers.flatMap(({ expiresMs }) => (expiresMs !== null && expiresMs <= now ? expiresMs : []))
  const [endedMs] = over
  if (endedMs === undefined) return []
  if (over.length < payers.length)
    return ["Some of the lots they came from have expired: what goes back to those expires at once."]
  return payers.length > 1
    ? ["The lots they came from have expired: what goes back to them expires at once. Give a bonus instead."]
    : [
        `The lot they came from expired on ${dateText(endedMs)}: what goes back to it expires at once. Give a bonus instead.`,
      ]
}

/** What the app's developer loses; what is payable by now the ledger leaves to them. */
function developerWords({ view }: Subject): string {
  const earned = (view?.entries ?? []).reduce(
    (sum, entry) => (entry.account === "pending" ? sum + entry.amountNano : sum),
    0,
  )
  if (earned <= 0) return "No developer earned with this charge."
  return `The app’s developer earned ${wordsOf(earned)} of it. They lose the same part of that while it is pending; what is payable by now stays theirs, and you bear it.`
}

export const refund = kindOf({
  name: "refund",
  summary: "Refund a charge",
  title: ({ name, about = [] }) =>
    `Refund ${name} for ${about.length > 1 ? `${about[0]}, ${about.at(-1)}` : "a charge"}`,
  words: (subject) => [
    `Up to ${wordsOf(subject.view ? refundable(subject.view) : 0)} go back to the lots that paid, starting with the lot that paid last.`,
    ...overWords(subject),
    developerWords(subject),
  ],
  fields: { amount: amountLeftField },
  defaults: () => ({}),
  label: () => "Refund this charge",
  danger: () => false,
  done: (_, { name }, { refundedNano }) => `${name} got ${wordsOf(Number(refundedNano))} back.`,
  act(tx, ledger, { amount }, { view }, key) {
    const refundOf = view?.transactionId ?? ""
    const part = amount == null ? {} : { amountNano: amount }
    const refunded = ledger.refundChargeIn(tx, { transactionId: refundOf, key, ...part })
    const { transactionId, already, refundedNano, expiredNano, fromDeveloperNano } = refunded
    return { already, record: { transactionId, refundOf, refundedNano, expiredNano, fromDeveloperNano } }
  },
})

const whatOf = ({ view }: Subject): string => (view ? nounOf(view.type) : "transaction")
/** What the transaction gave this person (> 0) or took from them. */
const givenBy = ({ view, user }: Subject): number => (view ? sumOf(user, view) : 0)

export const reversal = kindOf({
  name: "reversal",
  summary: "Reverse a transaction",
  title: (subject) =>
    `Reverse this ${whatOf(subject)}${givenBy(subject) === 0 ? "" : ` of ${wordsOf(givenBy(subject))}`}?`,
  words(subject) {
    const { name, view, about = [] } = subject
    const gave = givenBy(subject)
    const moves = gave === 0 ? "" : `: ${name} ${gave > 0 ? `loses ${wordsOf(gave)}` : `gets ${wordsOf(gave)} back`}`
    return [
      `The exact opposite is posted, once${moves}.`,
      `Booked on ${absoluteTime(view?.atMs ?? 0)}${about.length > 0 ? `: ${about.join(" · ")}` : ""}.`,
      ...(gave > 0 ? ["It is refused when credits that it gave are spent or held by now."] : overWords(subject)),
    ]
  },
  fields: {},
  defaults: () => ({}),
  label: (subject) => `Reverse this ${whatOf(subject)}`,
  danger: (subject) => givenBy(subject) > 0,
  done: (_, subject) => `The ${whatOf(subject)} is reversed.`,
  act(tx, ledger, _, { view }) {
    const reverses = view?.transactionId ?? ""
    const { transactionId, expiredNano, already } = ledger.reverseIn(tx, { transactionId: reverses })
    return { already, record: { transactionId, reverses, expiredNano } }
  },
})
