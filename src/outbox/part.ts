// What `outbox` contributes: what was delivered is kept for a while to be looked up, then it goes.
import { HOUR_MS } from "../app/index.ts"
import { type Part, said } from "../part/index.ts"
import type { Outbox } from "./index.ts"

const CTX = { actor: "system:purge-outbox", requestId: "job_purge-outbox", reason: "delete what was delivered" }

/** "a message (mail)" */
const messageOf = ({ topic }: Readonly<Record<string, unknown>>): string =>
  typeof topic === "string" ? `a message (${topic})` : "a message"

export const outboxPart: Part<{ outbox: Pick<Outbox, "purge" | "counts"> }> = {
  name: "outbox",
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
  run: ({ outbox }) => ({
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
        run: async ({ rows }) => (await outbox.purge(CTX, rows)) >= rows,
      },
    ],
  }),
}
