// What the audit log says of product plans.
import { type Named, type Sentences, said } from "../../part/index.ts"

const named = ({ name }: Readonly<Record<string, unknown>>, what: Named): string | Named =>
  typeof name === "string" && name !== "" ? name : what

export const PRODUCT_PLAN_SENTENCES: Sentences = {
  "product_plan.added": {
    topic: "apps",
    label: "Product plan added",
    say: ({ who, after, what }) => said`${who} added the product plan ${named(after, what)}`,
  },
  "product_plan.changed": {
    topic: "apps",
    label: "Product plan changed",
    say: ({ who, before, after, what }) =>
      Boolean(before.retiredMs) === Boolean(after.retiredMs)
        ? said`${who} changed the product plan ${named(after, what)}`
        : said`${who} ${after.retiredMs ? "closed" : "opened"} the product plan ${named(after, what)} for new subscribers`,
  },
}
