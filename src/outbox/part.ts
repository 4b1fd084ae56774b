// What `outbox` contributes: what was delivered is kept for a while to be looked up, then it goes.
import { DAY_MS, HOUR_MS } from "../app/index.ts"
import { type Part, type Setting, said } from "../part/index.ts"
import type { Outbox } from "./index.ts"
import { DELIVERED_DAYS, GIVEN_UP_DAYS, OUTBOX_KEEPS } from "./settings.ts"
import { eraseMails, OUTBOX_PERSONAL } from "./store-personal.ts"

const CTX = { actor: "system:purge-outbox", requestId: "job_purge-outbox", reason: "delete what was delivered" }

/** "a message (mail)" */
const messageOf = ({ topic }: Readonly<Record<string, unknown>>): string =>
  typeof topic === "string" ? `a message (${topic})` : "a message"

interface Works {
  outbox: Pick<Outbox, "purge" | "counts">
  settings: { get<Value>(setting: Setting<Value>): Value }
}

export const outboxPart: Part<Works> = {
  name: "outbox",
  personal: OUTBOX_PERSONAL,
  settings: [DELIVERED_DAYS, GIVEN_UP_DAYS],
  keeps: OUTBOX_KEEPS,
  sentences: {
    "outbox.again": {
      topic: "settings",
      label: "Message tried again",
      say: ({ who, before }) => said`${who} tried ${messageOf(before)} again`,
    },
    "outbox.given-up": {
      topic: "settings",
      label: "Message given up",
      say: ({ who, before }) => said`${who} gave up ${messageOf(before)}`,
    },
  },
  run: ({ outbox, settings }) => ({
    metrics: [
      {
        kind: "gauge",
        name: "outbox_messages",
        help: "Messages that are tried again, and those that were given up.",
        read() {
          const { late, dead } = outbox.counts()
          return [
            { labels: { state: "late" }, value: late },
            { labels: { state: "dead" }, value: dead },
          ]
        },
      },
    ],
    jobs: [
      {
        name: "purge-outbox",
        everyMs: HOUR_MS,
        async run({ rows }) {
          const doneMs = settings.get(DELIVERED_DAYS) * DAY_MS
          const deadMs = settings.get(GIVEN_UP_DAYS) * DAY_MS
          return (await outbox.purge(CTX, rows, { doneMs, deadMs })) >= rows
        },
      },
    ],
    lifecycle: {
      suspended: { nothing: "what is on its way was caused before" },
      reinstated: { nothing: "nothing was held back" },
      passwordChanged: { nothing: "letters that are no longer wanted say so themselves" },
      erased: (tx, { email }, rows) => eraseMails(tx, email, rows),
    },
  }),
}
