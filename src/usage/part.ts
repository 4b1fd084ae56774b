// What `usage` contributes: nothing but its answer to the lifecycle. Calls are history, whoever made them.
import type { Part } from "../part/index.ts"

const HISTORY = "calls that were made stay made"

export const usagePart: Part<unknown> = {
  name: "usage",
  run: () => ({
    lifecycle: {
      suspended: { nothing: HISTORY },
      reinstated: { nothing: HISTORY },
      passwordChanged: { nothing: HISTORY },
    },
  }),
}
