// What the audit log says of prices.
import { type Sentences, said } from "../part/index.ts"

export const PRICING_SENTENCES: Sentences = {
  "model_price.set": {
    topic: "settings",
    label: "Price of a model set",
    say: ({ who, what }) => said`${who} set the price of ${what}`,
  },
  "model_price.retired": {
    topic: "settings",
    label: "Price of a model retired",
    say: ({ who, what }) => said`${who} retired the price of ${what}`,
  },
  "price_rule.set": {
    topic: "settings",
    label: "Price rule set",
    say: ({ who, after }) => said`${who} set the price rule for ${String(after.pattern ?? "models")}`,
  },
}
