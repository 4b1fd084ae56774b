// What an admin may do to a wallet: give credits, take them, set the balance; the corrections stand beside. For each its form, and what
// will be said before it is done. Decides nothing that the ledger decides.
import { creditsDigits, plural } from "../../../views/ui/format.ts"
import { DAY_MS, nano } from "../../app/index.ts"
import { field } from "../../http/index.ts"
import { SCOPE_LABELS } from "../auth/index.ts"
import { amountField, kindOf, wordsOf } from "./wallet-act.ts"
import { refund, reversal, voidLot } from "./wallet-corrections.ts"

const DAYS_DEFAULT = 90
const DAYS_MAX = 3_650
/** The form of an act that asks once more. */
const ASKS = { label: () => "Continue", danger: () => false } as const

const bonus = kindOf({
  name: "bonus",
  summary: "Give a bonus",
  title: ({ name, mode }) => `Give ${name} ${mode === "test" ? "test credits" : "a bonus"}`,
  words: () => ["A bonus is a gift: promo credits, spent before paid ones of the same expiry."],
  fields: {
    amount: amountField,
    days: field.days({
      label: "Expires after",
      help: "Leave it empty and they never expire.",
      optional: true,
      min: 1,
      max: DAYS_MAX,
      wrong: `Give a whole number of days from 1 to ${DAYS_MAX}, or leave it empty.`,
    }),
    only: field.choice({
      label: "May be spent on",
      options: [
        { value: "", label: "Anything" },
        ...Object.entries(SCOPE_LABELS).map(([value, label]) => ({ value, label: `${label} only` })),
      ],
    }),
  },
  defaults: () => ({ days: DAYS_DEFAULT, only: "" }),
  ...ASKS,
  question({ amount, days, only }, { name }) {
    const ends = days === null ? "They never expire." : `They expire after ${plural(days, "day")}.`
    const use = only === "" ? "They can be spent on anything." : `They can be spent on ${SCOPE_LABELS[only]} only.`
    return {
      words: [`${name} gets ${wordsOf(amount)} as promo credits.`, `${ends} ${use}`],
      label: `Give ${wordsOf(amount)}`,
      danger: false,
    }
  },
  done: ({ amount }, { name }) => `${name} got ${wordsOf(amount)}.`,
  act(tx, ledger, { amount, days, only }, { owner, mode }, key) {
    const expiresMs = days === null ? null : tx.now + days * DAY_MS
    const restriction = only === "" ? null : only
    const granted = ledger.grantIn(tx, {
      owner,
      mode,
      type: "bonus",
      bucket: "bonus",
      paid: false,
      amountNano: amount,
      expiresMs,
      restriction,
      key,
    })
    const { transactionId, already } = granted
    return { already, record: { transactionId, amountNano: amount, expiresMs, restriction } }
  },
})

const adjustment = kindOf({
  name: "adjustment",
  summary: "Give or take credits",
  title: ({ name }) => `Adjust the wallet of ${name}`,
  words: () => [
    "Gives or takes credits. Those that would be spent first are taken first; what calls in progress hold stays.",
  ],
  fields: {
    amount: field.signedCredits({
      label: "Amount",
      required: true,
      positive: true,
      help: "Put a minus in front to take credits away, such as -12.5.",
      wrong: "Give a number of credits other than 0, such as 250 or -12.5.",
    }),
  },
  defaults: () => ({}),
  ...ASKS,
  objection({ amount }, { wallet }) {
    if (-amount > wallet.balanceNano)
      return { amount: `No more than ${wordsOf(wallet.balanceNano)} can be taken now. Take less, or try again later.` }
    const isTooMuch = amount > Number.MAX_SAFE_INTEGER - wallet.balanceNano
    return isTooMuch ? { amount: "A wallet cannot hold that much. Give less." } : null
  },
  question({ amount }, { name, wallet: { balanceNano, debtNano } }) {
    const gives = amount > 0
    const size = wordsOf(amount)
    return {
      words: [
        gives ? `${name} gets ${size}, as promo credits that never expire.` : `${name} loses ${size}.`,
        debtNano > 0
          ? `${name} owes ${wordsOf(debtNano)}, and can spend nothing until that is repaid.`
          : `${name} can spend ${wordsOf(balanceNano)} now, and ${creditsDigits(nano(balanceNano + amount))} afterwards.`,
      ],
      label: gives ? `Give ${size}` : `Take ${size}`,
      danger: !gives,
    }
  },
  done: ({ amount }, { name }) =>
    amount > 0 ? `${name} got ${wordsOf(amount)}.` : `Took ${wordsOf(amount)} from ${name}.`,
  act(tx, ledger, { amount }, { owner, mode }, key) {
    const { transactionId, already } = ledger.adjustIn(tx, { owner, mode, amountNano: amount, key })
    return { already, record: { transactionId, amountNano: amount } }
  },
})

const balance = kindOf({
  name: "balance",
  summary: "Set the balance",
  title: ({ name }) => `Set the balance of ${name}`,
  words: ({ wallet: { balanceNano, heldNano } }) => [
    `It is ${wordsOf(balanceNano + heldNano)} now${heldNano > 0 ? `, of which calls hold ${wordsOf(heldNano)}` : ""}. The difference is posted as an adjustment.`,
  ],
  fields: {
    amount: field.credits({
      label: "New balance",
      required: true,
      wrong: "Give a number of credits, such as 1,000 or 0.",
    }),
  },
  defaults: () => ({}),
  ...ASKS,
  objection({ amount }, { wallet: { heldNano } }) {
    if (amount >= heldNano) return null
    return { amount: `Calls in progress hold ${wordsOf(heldNano)}. Set at least that, or try again later.` }
  },
  question({ amount }, { name, wallet }) {
    const present = wallet.balanceNano + wallet.heldNano
    const difference = amount - present
    const posts =
      difference === 0
        ? "Nothing has to be posted: that is the balance already."
        : `${name} ${difference > 0 ? "gets" : "loses"} ${wordsOf(difference)}, posted as an adjustment.`
    return {
      words: [`${name} has ${wordsOf(present)} now, and ${creditsDigits(amount)} afterwards.`, posts],
      label: `Set to ${wordsOf(amount)}`,
      danger: difference < 0,
    }
  },
  done: ({ amount }, { name }) => `${name} has ${wordsOf(amount)} now.`,
  act(tx, ledger, { amount: balanceNano }, { owner, mode }, key) {
    const { transactionId, amountNano, already } = ledger.setBalanceIn(tx, { owner, mode, balanceNano, key })
    return { already, record: { transactionId, amountNano, setNano: balanceNano } }
  },
})

export const KINDS = { bonus, adjustment, balance, void: voidLot, refund, reversal } as const
