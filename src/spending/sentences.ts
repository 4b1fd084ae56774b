// What the audit log says of when people want to be told that credits are low.
import { type Sentences, said } from "../part/index.ts"

export const SPENDING_SENTENCES: Sentences = {
  "spending.low_mark": {
    topic: "money",
    label: "When credits count as low",
    say: ({ who }) => said`${who} changed when they are told that credits are low`,
  },
}
