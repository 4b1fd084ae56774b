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
  "catalogue.read": {
    topic: "settings",
    label: "Price list read",
    say: ({ who, after }) => said`${who} read the price list: ${String(after.message ?? "")}`,
  },
  "catalogue.believed": {
    topic: "settings",
    label: "Held price taken over",
    say: ({ who, what }) => said`${who} took over the published price of ${what} that had been held back`,
  },
  "model_price.left_out": {
    topic: "settings",
    label: "Model left without a price",
    say: ({ who, what }) => said`${who} left ${what} without a price`,
  },
  "model_price.asked_again": {
    topic: "settings",
    label: "Model waits for a price again",
    say: ({ who, what }) => said`${who} let ${what} wait for a price again`,
  },
}
