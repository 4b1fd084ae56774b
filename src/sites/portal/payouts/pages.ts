// Addresses of what developers and publishers are paid.
import type { PageEntry } from "../../base/index.ts"

const P = "/developer/payouts"

export const PAYOUT_PAGES = [
  {
    path: P,
    viewer: "developer",
    title: "Payouts",
    nav: [{ group: "Developer", label: "Payouts", icon: "cash", order: 36 }],
    search: {
      text: "What you earned and can have paid out, where it goes, and what was paid.",
      words: "payout earnings bank iban paypal money withdraw statement",
    },
  },
  { path: `${P}/method`, viewer: "developer", title: "Payout method" },
  { path: `${P}/method/bank`, viewer: "developer", title: "Payouts to a bank account" },
  { path: `${P}/method/us-bank`, viewer: "developer", title: "Payouts to a US bank account" },
  { path: `${P}/method/paypal`, viewer: "developer", title: "Payouts to PayPal" },
  { path: `${P}/method/stripe`, viewer: "developer", title: "Payouts by Stripe" },
  { path: `${P}/method/code`, viewer: "developer", title: "Prove your PayPal address" },
  { path: `${P}/method/removal`, viewer: "developer", title: "Take the payout method off" },
  {
    path: `${P}/documents`,
    viewer: "developer",
    title: "Documents for payouts",
    search: {
      text: "Send what shows who you are, and tax forms.",
      words: "kyc identity passport tax w-9 w-8ben documents payout verify",
    },
  },
  { path: `${P}/documents/:paydoc/file`, viewer: "developer", kind: "data", title: "A document for payouts" },
  { path: `${P}/documents/:paydoc/removal`, viewer: "developer", title: "Take a document off" },
  {
    path: `${P}/tax-number`,
    viewer: "developer",
    title: "Tax number",
    search: {
      text: "Give the number under which a tax office knows you.",
      words: "tax id vat tin ssn itin ein utr gst payout",
    },
  },
  { path: `${P}/tax-number/removal`, viewer: "developer", title: "Take the tax number off" },
  { path: `${P}/statements`, viewer: "developer", title: "Statements of earnings" },
  { path: `${P}/statements/:period`, viewer: "developer", title: "A statement of earnings" },
  { path: `${P}/statements/:period/pdf`, viewer: "developer", kind: "data", title: "A statement as PDF" },
  { path: `${P}/:payout`, viewer: "developer", title: "A payout" },
  { path: `${P}/:payout/withdrawal`, viewer: "developer", title: "Take a payout back" },
] as const satisfies readonly PageEntry[]
