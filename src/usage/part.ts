// What `usage` contributes: its answer to the lifecycle (calls are history, whoever made them), and whether there was a first one.
import type { Part } from "../part/index.ts"
import type { Usage } from "./types.ts"

const HISTORY = "calls that were made stay made"

export const usagePart: Part<{ usage: Pick<Usage, "wasCalled"> }> = {
  name: "usage",
  run: ({ usage }) => ({
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
