// What an admin may do to a wallet: for each act its form, how what was typed is read, what will be said before it is done, and the
// ledger's verb. Decides nothing that the ledger decides.

import type { WalletMode } from "../../views/admin/wallet.tsx"
import type { ActField } from "../../views/admin/wallet-act.tsx"
import { creditsDigits, creditsExact, plural } from "../../views/ui/format.ts"
import { creditsDecimal, DAY_MS, type Nano, nano, parseCredits } from "../app/index.ts"
import { SCOPE_LABELS } from "../auth/index.ts"
import type { User } from "../identity/index.ts"
import type { Ledger, LotDetail, Owner, TransactionView } from "../ledger/index.ts"
import type { Tx } from "../store/index.ts"
import { refundable } from "./wallet-postings.ts"

/** Whom and what an act is about; `lot` and `view` where its address names one. */
export interface Subject {
  user: User
  /** "Ada Reader". */
  name: string
  owner: Owner
  mode: WalletMode
  lot?: LotDetail
  view?: TransactionView
}

export interface Planned {
  /** What will happen, a sentence each. */
  words: string[]
  /** The verb with its object. */
  label: string
  /** Said afterwards. */
  done: string
  /** @returns for the audit log; `already`: this form had done it before */
  act(tx: Tx, key: string): { already: boolean; record: Record<string, unknown> }
}

export type Read = { plan: Planned } | { errors: Record<string, string> }

export interface Kind {
  name: "bonus" | "adjustment" | "balance" | "void" | "refund" | "reversal"
  title(subject: Subject): string
  words(subject: Subject): string[]
  fields(subject: Subject): ActField[]
  defaults(subject: Subject): Record<string, string>
  /** Of the button of the form. */
  label: string
  /** Asks once more, with what will be posted; the others say it on their first page. */
  confirms: boolean
  danger: boolean
  /** `isSure`: it was confirmed; from then on only the ledger refuses, so that a second press meets the first one's key. */
  read(ledger: Ledger, subject: Subject, typed: Record<string, string>, isSure: boolean): Read
}

const DAYS_DEFAULT = "90"
const DAYS_MAX = 3_650
const SOME_CREDITS = "Give a number of credits above 0, such as 250 or 12.5."
const wrong = (field: string, text: string): Read => ({ errors: { [field]: text } })
const amountField: ActField = { name: "amount", label: "Amount", suffix: "credits" }
/** What an admin gives or takes is never rounded. */
const wordsOf = (amount: number): string => creditsExact(nano(Math.abs(amount)))

const bonus: Kind = {
  name: "bonus",
  title: ({ name }) => `Give ${name} a bonus`,
  words: () => ["A bonus is a gift: promo credits, spent before paid ones of the same expiry."],
  fields: () => [
    amountField,
    {
      name: "days",
      label: "Expires after",
      suffix: "days",
      optional: true,
      help: "Leave it empty and they never expire.",
    },
    {
      name: "only",
      label: "May be spent on",
      options: [
        { value: "", label: "Anything" },
        ...Object.entries(SCOPE_LABELS).map(([value, label]) => ({ value, label: `${label} only` })),
      ],
    },
  ],
  defaults: () => ({ amount: "", days: DAYS_DEFAULT, only: "" }),
  ...{ label: "Continue", confirms: true, danger: false },
  read(ledger, { owner, mode, name }, typed) {
    const amount = parseCredits(typed.amount ?? "")
    if (amount === null || amount === 0) return wrong("amount", SOME_CREDITS)
    const days = typed.days === "" ? null : /^\d{1,4}$/.test(typed.days ?? "") ? Number(typed.days) : 0
    if (days === 0 || (days ?? 0) > DAYS_MAX)
      return wrong("days", `Give a whole number of days from 1 to ${DAYS_MAX}, or leave it empty.`)
    const only = typed.only || null
    if (only !== null && !Object.hasOwn(SCOPE_LABELS, only)) return wrong("only", "Choose one of the list.")
    const ends = days === null ? "They never expire." : `They expire after ${plural(days, "day")}.`
    const use = only === null ? "They can be spent on anything." : `They can be spent on ${SCOPE_LABELS[only]} only.`
    return {
      plan: {
        words: [`${name} gets ${wordsOf(amount)} as promo credits.`, `${ends} ${use}`],
        label: `Give ${wordsOf(amount)}`,
        done: `${name} got ${wordsOf(amount)}.`,
        act(tx, key) {
          const expiresMs = days === null ? null : tx.now + days * DAY_MS
          const terms = { type: "bonus", bucket: "bonus", paid: false, amountNano: amount } as const
          const granted = ledger.grantIn(tx, { owner, mode, ...terms, expiresMs, restriction: only, key })
          const { transactionId, already } = granted
          return { already, record: { transactionId, amountNano: amount, expiresMs, restriction: only } }
        },
      },
    }
  },
}

const adjustment: Kind = {
  name: "adjustment",
  title: ({ name }) => `Adjust the wallet of ${name}`,
  words: () => [
    "Gives credits, or takes them in the order in which they would be spent. What calls in progress hold is never touched.",
  ],
  fields: () => [{ ...amountField, help: "With a minus in front it is taken away: -12.5" }],
  defaults: () => ({ amount: "" }),
  ...{ label: "Continue", confirms: true, danger: false },
  read(ledger, { owner, mode, name }, typed, isSure) {
    const [, sign = "", digits = ""] = /^([+\-\u2212]?)\s*(.*)$/.exec(typed.amount ?? "") ?? []
    const size = parseCredits(digits)
    if (size === null || size === 0)
      return wrong("amount", "Give a number of credits other than 0, such as 250 or -12.5.")
    const amountNano = sign === "" || sign === "+" ? size : -size
    const { balanceNano } = ledger.wallet(owner, mode)
    if (!isSure && -amountNano > balanceNano)
      return wrong("amount", `No more than ${wordsOf(balanceNano)} can be taken now. Take less, or try again later.`)
    const gives = amountNano > 0
    return {
      plan: {
        words: [
          gives
            ? `${name} gets ${wordsOf(size)}, as promo credits that never expire.`
            : `${name} loses ${wordsOf(size)}.`,
          `What is free goes from ${creditsDigits(balanceNano)} to ${wordsOf(Math.max(0, balanceNano + amountNano))}.`,
        ],
        label: gives ? `Give ${wordsOf(size)}` : `Take ${wordsOf(size)}`,
        done: gives ? `${name} got ${wordsOf(size)}.` : `Took ${wordsOf(size)} from ${name}.`,
        act(tx, key) {
          const { transactionId, already } = ledger.adjustIn(tx, { owner, mode, amountNano, key })
          return { already, record: { transactionId, amountNano } }
        },
      },
    }
  },
}

const balance: Kind = {
  name: "balance",
  title: ({ name }) => `Set the balance of ${name}`,
  words: () => ["Posts the difference as an adjustment. The balance is what is free and what calls hold, together."],
  fields: () => [{ ...amountField, label: "New balance" }],
  defaults: () => ({ amount: "" }),
  ...{ label: "Continue", confirms: true, danger: false },
  read(ledger, { owner, mode, name }, typed, isSure) {
    const balanceNano = parseCredits(typed.amount ?? "")
    if (balanceNano === null) return wrong("amount", "Give a number of credits, such as 1,000 or 0.")
    const now = ledger.wallet(owner, mode)
    if (!isSure && balanceNano < now.heldNano)
      return wrong("amount", `Calls in progress hold ${wordsOf(now.heldNano)}. Set at least that, or try again later.`)
    const present = now.balanceNano + now.heldNano
    const difference = balanceNano - present
    const posts =
      difference === 0
        ? "Nothing has to be posted: that is the balance already."
        : `An adjustment of ${difference > 0 ? "+" : "\u2212"}${wordsOf(Math.abs(difference))} is posted.`
    return {
      plan: {
        words: [`${name} has ${wordsOf(present)} now, and ${creditsDigits(balanceNano)} afterwards.`, posts],
        label: `Set to ${wordsOf(balanceNano)}`,
        done: `${name} has ${wordsOf(balanceNano)} now.`,
        act(tx, key) {
          const { transactionId, amountNano, already } = ledger.setBalanceIn(tx, { owner, mode, balanceNano, key })
          return { already, record: { transactionId, amountNano, setNano: balanceNano } }
        },
      },
    }
  },
}

const unheld = (lot: LotDetail | undefined): Nano => nano((lot?.remainingNano ?? 0) - (lot?.heldNano ?? 0))

const voidLot: Kind = {
  name: "void",
  title: ({ lot, name }) => `Void ${wordsOf(unheld(lot))} of ${name}`,
  words: ({ lot }) => [
    `Takes ${wordsOf(unheld(lot))} of this ${lot?.paid ? "paid" : "promo"} lot away at once.`,
    lot && lot.heldNano > 0
      ? `Calls in progress hold ${wordsOf(lot.heldNano)} of it; those stay theirs.`
      : "No call in progress holds any of it.",
  ],
  fields: () => [],
  defaults: () => ({}),
  ...{ label: "Void these credits", confirms: false, danger: true },
  read(ledger, { lot, name }) {
    const lotId = lot?.publicId ?? ""
    return {
      plan: {
        ...{ words: [], label: "Void these credits" },
        done: `The credits of ${name} are voided.`,
        act(tx, key) {
          const { transactionId, voidedNano, already } = ledger.voidLotIn(tx, { lotId, key })
          return { already, record: { transactionId, lotId, voidedNano } }
        },
      },
    }
  },
}

const refund: Kind = {
  name: "refund",
  title: ({ name }) => `Refund a charge to ${name}`,
  words: ({ view }) => [
    `Up to ${wordsOf(view ? refundable(view) : 0)} go back to the lots that paid, the last one first.`,
    "What a lot gets back after its time is over expires at once.",
  ],
  fields: () => [amountField],
  defaults: ({ view }) => ({ amount: view ? creditsDecimal(nano(refundable(view))) : "" }),
  ...{ label: "Refund", confirms: false, danger: false },
  read(ledger, { view, name }, typed) {
    const amountNano = parseCredits(typed.amount ?? "")
    if (amountNano === null || amountNano === 0) return wrong("amount", SOME_CREDITS)
    const transactionId = view?.transactionId ?? ""
    return {
      plan: {
        ...{ words: [], label: "Refund" },
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

const reversal: Kind = {
  name: "reversal",
  title: () => "Reverse this transaction",
  words: ({ view }) => [
    `The exact opposite of this transaction is posted, once. It says: ${view?.reason ?? ""}`,
    "It is refused when credits that it gave are spent or held by now.",
  ],
  fields: () => [],
  defaults: () => ({}),
  ...{ label: "Reverse it", confirms: false, danger: true },
  read(ledger, { view }) {
    const reverses = view?.transactionId ?? ""
    return {
      plan: {
        ...{ words: [], label: "Reverse it", done: "The transaction is reversed." },
        act(tx) {
          const { transactionId, expiredNano, already } = ledger.reverseIn(tx, { transactionId: reverses })
          return { already, record: { transactionId, reverses, expiredNano } }
        },
      },
    }
  },
}

export const KINDS = { bonus, adjustment, balance, void: voidLot, refund, reversal } as const
