// What the audit log says of pools.
import { type Sentences, said } from "../part/index.ts"

export const SPONSOR_SENTENCES: Sentences = {
  "pool.changed": {
    topic: "apps",
    label: "What an app pays for its users changed",
    say: ({ who, what }) => said`${who} changed what ${what} pays for its users`,
  },
  "pool.funded": {
    topic: "apps",
    label: "Credits for users of an app",
    say: ({ who, what }) => said`${who} put credits into the pool of ${what}`,
  },
  "pool.taken_back": {
    topic: "apps",
    label: "Credits taken back from the pool of an app",
    say: ({ who, what }) => said`${who} took credits back from the pool of ${what}`,
  },
}
