// What an admin may do to a wallet: give credits, take them, set the balance; the corrections stand beside. For each its form, how what
// was typed is read, what will be said before it is done. Decides nothing that the ledger decides.

import { creditsDigits, plural } from "../../../views/ui/format.ts"
import { DAY_MS, nano, parseCredits } from "../../app/index.ts"
import { SCOPE_LABELS } from "../auth/index.ts"
import { amountField, type Kind, SOME_CREDITS, wordsOf, wrong } from "./wallet-act.ts"
import { refund, reversal, voidLot } from "./wallet-corrections.ts"

const DAYS_DEFAULT = "90"
const DAYS_MAX = 3_650
/** The form of an act that asks once more. */
const ASKS = { label: () => "Continue", danger: () => false } as const

const bonus: Kind = {
  name: "bonus",
  title: ({ name, mode }) => `Give ${name} ${mode === "test" ? "test credits" : "a bonus"}`,
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
  ...ASKS,
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
        question: {
          words: [`${name} gets ${wordsOf(amount)} as promo credits.`, `${ends} ${use}`],
          ...{ label: `Give ${wordsOf(amount)}`, danger: false },
        },
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
    "Gives or takes credits. Those that would be spent first are taken first; what calls in progress hold stays.",
  ],
  fields: () => [{ ...amountField, help: "Put a minus in front to take credits away, such as -12.5." }],
  defaults: () => ({ amount: "" }),
  ...ASKS,
  read(ledger, { owner, mode, name }, typed, isSure) {
    const [, sign = "", digits = ""] = /^([+\-\u2212]?)\s*(.*)$/.exec(typed.amount ?? "") ?? []
    const size = parseCredits(digits)
    if (size === null || size === 0)
      return wrong("amount", "Give a number of credits other than 0, such as 250 or -12.5.")
    const amountNano = sign === "" || sign === "+" ? size : nano(-size)
    const { balanceNano, debtNano } = ledger.wallet(owner, mode)
    if (!isSure && -amountNano > balanceNano)
      return wrong("amount", `No more than ${wordsOf(balanceNano)} can be taken now. Take less, or try again later.`)
    const gives = amountNano > 0
    const afterNano = Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, balanceNano + amountNano))
    if (!isSure && afterNano - balanceNano < amountNano)
      return wrong("amount", "A wallet cannot hold that much. Give less.")
    return {
      plan: {
        question: {
          words: [
            gives
              ? `${name} gets ${wordsOf(size)}, as promo credits that never expire.`
              : `${name} loses ${wordsOf(size)}.`,
            debtNano > 0
              ? `${name} owes ${wordsOf(debtNano)}, and can spend nothing until that is repaid.`
              : `${name} can spend ${wordsOf(balanceNano)} now, and ${creditsDigits(nano(afterNano))} afterwards.`,
          ],
          label: gives ? `Give ${wordsOf(size)}` : `Take ${wordsOf(size)}`,
          danger: !gives,
        },
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
  words: ({ wallet: { balanceNano, heldNano } }) => [
    `It is ${wordsOf(balanceNano + heldNano)} now${heldNano > 0 ? `, of which calls hold ${wordsOf(heldNano)}` : ""}. The difference is posted as an adjustment.`,
  ],
  fields: () => [{ ...amountField, label: "New balance" }],
  defaults: () => ({ amount: "" }),
  ...ASKS,
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
        : `${name} ${difference > 0 ? "gets" : "loses"} ${wordsOf(difference)}, posted as an adjustment.`
    return {
      plan: {
        question: {
          words: [`${name} has ${wordsOf(present)} now, and ${creditsDigits(balanceNano)} afterwards.`, posts],
          ...{ label: `Set to ${wordsOf(balanceNano)}`, danger: difference < 0 },
        },
        done: `${name} has ${wordsOf(balanceNano)} now.`,
        act(tx, key) {
          const { transactionId, amountNano, already } = ledger.setBalanceIn(tx, { owner, mode, balanceNano, key })
          return { already, record: { transactionId, amountNano, setNano: balanceNano } }
        },
      },
    }
  },
}

export const KINDS = { bonus, adjustment, balance, void: voidLot, refund, reversal } as const
