// Acts on what stands in a wallet already: a lot is voided, a charge refunded, a transaction reversed. Each says on its first page what
// it will do; the ledger decides.

import { absoluteTime, dateText } from "../../../views/ui/format.ts"
import { creditsDecimal, type Nano, nano, parseCredits } from "../../app/index.ts"
import type { LotDetail } from "../../ledger/index.ts"
import { amountField, type Kind, SOME_CREDITS, type Subject, wordsOf, wrong } from "./wallet-act.ts"
import { nounOf, refundable, sumOf } from "./wallet-postings.ts"

const unheld = (lot: LotDetail | undefined): Nano => nano((lot?.remainingNano ?? 0) - (lot?.heldNano ?? 0))

/** "paid purchase lot of 14 Mar 2026". */
const lotName = ({ bucket, paid, createdMs }: LotDetail): string =>
  `${paid ? "paid " : ""}${bucket} lot of ${dateText(createdMs)}`

export const voidLot: Kind = {
  name: "void",
  title: ({ lot, name }) => `Void ${wordsOf(unheld(lot))} of ${name}?`,
  words: ({ lot }) => [
    `Takes ${wordsOf(unheld(lot))} of the ${lot ? lotName(lot) : "lot"} away at once.`,
    lot && lot.heldNano > 0
      ? `Calls in progress hold ${wordsOf(lot.heldNano)} of it; those stay theirs.`
      : "No call in progress holds any of it.",
  ],
  fields: () => [],
  defaults: () => ({}),
  label: ({ lot }) => `Void ${wordsOf(unheld(lot))}`,
  danger: () => true,
  read(ledger, { lot, name }) {
    const lotId = lot?.publicId ?? ""
    return {
      plan: {
        done: `The credits of ${name} are voided.`,
        act(tx, key) {
          const { transactionId, voidedNano, already } = ledger.voidLotIn(tx, { lotId, key })
          return { already, record: { transactionId, lotId, voidedNano } }
        },
      },
    }
  },
}

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

export const refund: Kind = {
  name: "refund",
  title: ({ name, about = [] }) =>
    `Refund ${name} for ${about.length > 1 ? `${about[0]}, ${about.at(-1)}` : "a charge"}`,
  words: (subject) => [
    `Up to ${wordsOf(subject.view ? refundable(subject.view) : 0)} go back to the lots that paid, starting with the lot that paid last.`,
    ...overWords(subject),
  ],
  fields: () => [amountField],
  defaults: ({ view }) => ({ amount: view ? creditsDecimal(nano(refundable(view))) : "" }),
  ...{ label: () => "Refund this charge", danger: () => false },
  read(ledger, { view, name }, typed) {
    const amountNano = parseCredits(typed.amount ?? "")
    if (amountNano === null || amountNano === 0) return wrong("amount", SOME_CREDITS)
    const transactionId = view?.transactionId ?? ""
    return {
      plan: {
        done: `${name} got ${wordsOf(amountNano)} back.`,
        act(tx, key) {
          const refunded = ledger.refundChargeIn(tx, { transactionId, amountNano, key })
          const { already, refundedNano, expiredNano, fromDeveloperNano } = refunded
          const record = { refundOf: transactionId, refundedNano, expiredNano, fromDeveloperNano }
          return { already, record: { transactionId: refunded.transactionId, ...record } }
        },
      },
    }
  },
}

const whatOf = ({ view }: Subject): string => (view ? nounOf(view.type) : "transaction")
/** What the transaction gave this person (> 0) or took from them. */
const givenBy = ({ view, user }: Subject): number => (view ? sumOf(user, view) : 0)

export const reversal: Kind = {
  name: "reversal",
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
  fields: () => [],
  defaults: () => ({}),
  label: (subject) => `Reverse this ${whatOf(subject)}`,
  danger: (subject) => givenBy(subject) > 0,
  read(ledger, subject) {
    const { view } = subject
    const reverses = view?.transactionId ?? ""
    return {
      plan: {
        done: `The ${whatOf(subject)} is reversed.`,
        act(tx) {
          const { transactionId, expiredNano, already } = ledger.reverseIn(tx, { transactionId: reverses })
          return { already, record: { transactionId, reverses, expiredNano } }
        },
      },
    }
  },
}
