// What `usage` contributes: its answer to the lifecycle (calls are history, whoever made them), and whether there was a first one.
import { DAY_MS, HOUR_MS } from "../app/index.ts"
import type { Part } from "../part/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Store } from "../store/index.ts"
import { REFUSED_DAYS } from "./settings.ts"
import { deleteRefusedBefore } from "./store-refused.ts"
import type { Usage } from "./types.ts"

const HISTORY = "calls that were made stay made"

const FORGET = {
  actor: "system:forget-refused-calls",
  requestId: "job_forget-refused-calls",
  reason: "older than they are kept",
}

interface Works {
  usage: Pick<Usage, "wasCalled">
  store: Pick<Store, "write">
  settings: Pick<Settings, "get">
}

export const usagePart: Part<Works> = {
  name: "usage",
  settings: [REFUSED_DAYS],
  run: ({ usage, store, settings }) => ({
    jobs: [
      {
        name: "forget-refused-calls",
        everyMs: HOUR_MS,
        async run({ rows }) {
          const keptMs = settings.get(REFUSED_DAYS) * DAY_MS
          return (await store.write(FORGET, (tx) => deleteRefusedBefore(tx, tx.now - keptMs, rows))) >= rows
        },
      },
    ],
    lifecycle: {
      suspended: { nothing: HISTORY },
      reinstated: { nothing: HISTORY },
      passwordChanged: { nothing: HISTORY },
    },
    firstRun: [
      {
        key: "call",
        order: 40,
        label: "An app or a key made its first call",
        isDone: () => usage.wasCalled(),
        remedy:
          "Create an app under Developer, whose page makes a test call, or make a key under API keys and call with it.",
        way: { href: "/developer", label: "Open Developer" },
      },
    ],
  }),
}
