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
        label: "An app made its first call",
        isDone: () => usage.wasCalled(),
        remedy: "Create an app under Developer; its page makes a test call through everything: login, price, charge.",
        way: { href: "/developer", label: "Open Developer" },
      },
    ],
  }),
}
