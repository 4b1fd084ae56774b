// What the audit log says of subscriptions.
import { type Named, type Sentences, said } from "../../part/index.ts"

const text = (facts: Readonly<Record<string, unknown>>, name: string, otherwise: string | Named): string | Named =>
  typeof facts[name] === "string" && facts[name] !== "" ? (facts[name] as string) : otherwise

const simple = (label: string, verb: string): Sentences[string] => ({
  topic: "apps",
  label,
  say: ({ who, what }) => said`${who} ${verb} the API subscription ${what}`,
})

export const SUBSCRIPTION_SENTENCES: Sentences = {
  "api.subscribed": {
    topic: "apps",
    label: "API subscription",
    say: ({ who, after, what }) => said`${who} subscribed to the API ${text(after, "product", what)}`,
  },
  "api.upgraded": {
    topic: "apps",
    label: "API plan changed",
    say: ({ who, after, what }) => said`${who} moved ${what} up to the plan ${text(after, "plan", "of another name")}`,
  },
  "api.plan_planned": {
    topic: "apps",
    label: "API plan change planned",
    say: ({ who, after, what }) =>
      said`${who} will have the plan ${text(after, "plan", "of another name")} with the next period of ${what}`,
  },
  "api.plan_kept": simple("API plan kept", "keeps the plan of"),
  "api.cancelled": simple("API subscription cancelled", "cancelled"),
  "api.resumed": simple("API subscription resumed", "resumed"),
  "api.past_due": simple("API subscription unpaid", "could not renew"),
  "api.revived": simple("API subscription paid", "paid and revived"),
  "api.ended": simple("API subscription ended", "ended"),
  "api.banned": simple("API consumer blocked", "blocked"),
  "api.unbanned": simple("API consumer unblocked", "unblocked"),
  "api.moved": {
    topic: "apps",
    label: "API consumer moved",
    say: ({ who, after, what }) => said`${who} moved ${what} to the plan ${text(after, "plan", "of another name")}`,
  },
  "api.refunded": {
    topic: "money",
    label: "API payment given back",
    say: ({ who, after, what }) =>
      said`${who} gave a payment of ${what} back, whole or in part, by ${text(after, "note", "a credit note")}`,
  },
  "api.quota_reset": simple("API quota reset", "reset the quota of"),
}
