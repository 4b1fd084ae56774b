// What `showcase` contributes: cards of products that nobody looked for yet, sentences, and what happens to reviews with their person.
import type { Marketplace } from "../index.ts"
import type { MarketPart } from "../types.ts"
import { SHOWCASE_LIMITS } from "./limits.ts"
import { SHOWCASE_LETTERS } from "./mails.ts"
import { REVIEW_SENTENCES } from "./sentences.ts"
import { eraseShowcase } from "./store-personal.ts"

export const showcasePart: MarketPart<Marketplace> = {
  letters: SHOWCASE_LETTERS,
  sentences: REVIEW_SENTENCES,
  run: ({ marketplace }) => ({
    jobs: [
      {
        name: "market-cards",
        everyMs: SHOWCASE_LIMITS.freshEveryMs,
        run: () => marketplace.showcase.freshenAll(),
      },
    ],
    lifecycle: { erased: (tx, { id }, rows) => eraseShowcase(tx, id, rows) },
  }),
}
