// What the audit log says of acts on wallets, and of set-up files.
import { creditsOf, type Sentences, said } from "../../part/index.ts"

export const WALLET_SENTENCES: Sentences = {
  "wallet.bonus": {
    topic: "money",
    label: "Bonus",
    say: ({ who, what, after }) => said`${who} gave ${what} a bonus of ${creditsOf(after.amountNano)}`,
  },
  "wallet.adjustment": {
    topic: "money",
    label: "Adjustment",
    say: ({ who, what, after }) =>
      Number(after.amountNano) < 0
        ? said`${who} took ${creditsOf(after.amountNano)} from ${what}`
        : said`${who} gave ${what} ${creditsOf(after.amountNano)}`,
  },
  "wallet.balance": {
    topic: "money",
    label: "Balance set",
    say: ({ who, what, after }) => said`${who} set the balance of ${what} to ${creditsOf(after.setNano)}`,
  },
  "wallet.void": {
    topic: "money",
    label: "Credits voided",
    say: ({ who, what, after }) => said`${who} voided ${creditsOf(after.voidedNano)} of ${what}`,
  },
  "wallet.refund": {
    topic: "money",
    label: "Refund",
    say: ({ who, what, after }) => said`${who} refunded ${what} ${creditsOf(after.refundedNano)}`,
  },
  "setup.looked_at": {
    topic: "settings",
    label: "Set-up file looked at",
    say: ({ who }) => said`${who} looked what a set-up file would change`,
  },
  "setup.exported": {
    topic: "settings",
    label: "Set-up exported",
    say: ({ who }) => said`${who} took the set-up along as a file`,
  },
  "setup.applied": {
    topic: "settings",
    label: "Set-up file applied",
    say: ({ who }) => said`${who} applied a set-up file`,
  },
  "wallet.reversal": {
    topic: "money",
    label: "Reversal",
    say: ({ who, what }) => said`${who} reversed a transaction of ${what}`,
  },
}
