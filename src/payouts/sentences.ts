// What the audit log says of payouts. Facts may be gone: sentences hold without them.
import { type AuditFacts, type Sentences, said } from "../part/index.ts"

const dollars = ({ after }: AuditFacts): string =>
  typeof after.nano === "number" ? `$${(after.nano / 1e9).toFixed(2)}` : "some money"
const reference = ({ after }: AuditFacts): string =>
  typeof after.reference === "string" && after.reference !== "" ? ` (${after.reference})` : ""

export const PAYOUT_SENTENCES: Sentences = {
  "payout_method.set": {
    topic: "money",
    label: "Payout method set",
    say: ({ who, what }) => said`${who} changed where payouts of ${what} go`,
  },
  "payout_method.removed": {
    topic: "money",
    label: "Payout method removed",
    say: ({ who, what }) => said`${who} took off the payout method of ${what}`,
  },
  "payout_method.confirmed": {
    topic: "money",
    label: "Payout address proved",
    say: ({ what }) => said`${what} proved the address that payouts go to`,
  },
  "payout_method.unconfirmed": {
    topic: "money",
    label: "Stripe pays a payee no more",
    say: ({ what }) => said`Stripe says that ${what} cannot be paid now`,
  },
  "payout.requested": {
    topic: "money",
    label: "Payout asked for",
    say: (facts) => said`${facts.who} asked for the payout ${facts.what} of ${dollars(facts)}`,
  },
  "payout.withdrawn": {
    topic: "money",
    label: "Payout taken back",
    say: ({ who, what }) => said`${who} took back the payout ${what}`,
  },
  "payout.approved": {
    topic: "money",
    label: "Payout approved",
    say: (facts) => said`${facts.who} approved the payout ${facts.what} of ${dollars(facts)}`,
  },
  "payout.rejected": {
    topic: "money",
    label: "Payout refused",
    say: ({ who, what }) => said`${who} refused the payout ${what}`,
  },
  "payout.paid": {
    topic: "money",
    label: "Payout paid",
    say: (facts) => said`${facts.who} marked the payout ${facts.what} as paid${reference(facts)}`,
  },
  "payout.failed": {
    topic: "money",
    label: "Payout came back",
    say: ({ who, what }) => said`${who} marked the payout ${what} as failed; its money returned`,
  },
  "payout_file.created": {
    topic: "money",
    label: "Payout file made",
    say: ({ who, what, after }) =>
      said`${who} made the file ${what}${typeof after.payouts === "number" ? ` with ${after.payouts} payouts` : ""}`,
  },
  "payout_file.withdrawn": {
    topic: "money",
    label: "Payout file taken back",
    say: ({ who, what }) => said`${who} took back the file ${what}: it was not sent`,
  },
  "payout_document.added": {
    topic: "money",
    label: "Payout document sent",
    say: ({ who, what }) => said`${who} sent a document of ${what} for payouts`,
  },
  "payout_document.removed": {
    topic: "money",
    label: "Payout document taken off",
    say: ({ who, what }) => said`${who} took off a document of ${what}`,
  },
  "payout_document.read": {
    topic: "money",
    label: "Payout document read",
    say: ({ who, what }) => said`${who} read a document of ${what}`,
  },
  "payout_check.decided": {
    topic: "money",
    label: "Documents decided",
    say: ({ who, what, after }) =>
      after.state === "approved"
        ? said`${who} accepted the documents of ${what}`
        : said`${who} refused the documents of ${what}`,
  },
  "payout_check.reopened": {
    topic: "money",
    label: "Documents to look at again",
    say: ({ what }) => said`The documents of ${what} wait again: it has another owner`,
  },
  "payout_tax_number.set": {
    topic: "money",
    label: "Tax number set",
    say: ({ who, what }) => said`${who} set the tax number of ${what}`,
  },
  "payout_tax_number.removed": {
    topic: "money",
    label: "Tax number taken off",
    say: ({ who, what }) => said`${who} took off the tax number of ${what}`,
  },
  "payout_tax_number.read": {
    topic: "money",
    label: "Tax number read",
    say: ({ who, what }) => said`${who} read the tax number of ${what}`,
  },
  "payouts.held": {
    topic: "money",
    label: "Payouts held",
    say: ({ who, what, after }) =>
      after.passed === true
        ? said`Payouts of ${what} stay held, with another owner`
        : said`${who} held the payouts of ${what}`,
  },
  "payouts.released": {
    topic: "money",
    label: "Payouts released",
    say: ({ who, what }) => said`${who} released the payouts of ${what}`,
  },
}
