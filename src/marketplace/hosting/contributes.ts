// What `hosting` contributes: its setting, the job that charges, the mail and the sentence.
import { HOUR_MS } from "../../app/index.ts"
import { said } from "../../part/index.ts"
import type { Marketplace } from "../index.ts"
import type { MarketPart } from "../types.ts"
import { hostingCharged } from "./mails.ts"
import { HOSTING_FEE } from "./settings.ts"

export const hostingPart: MarketPart<Marketplace> = {
  letters: [hostingCharged],
  settings: [HOSTING_FEE],
  sentences: {
    "product.hosting_charged": {
      topic: "money",
      label: "Hosting fee",
      say: ({ who, what, after }) =>
        said`${who} charged the hosting of ${what} in ${typeof after.month === "string" ? after.month : "a month"}`,
    },
  },
  run: ({ marketplace: { hosting } }) => ({
    jobs: [{ name: "charge-hosting", everyMs: HOUR_MS, atStart: true, run: ({ rows }) => hosting.chargeDue(rows) }],
  }),
}
