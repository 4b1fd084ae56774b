// What `replica` contributes: its line of truth. Without a replica it says so: one disk is one copy.
import type { Part } from "../part/index.ts"
import type { Replica } from "./index.ts"

export const replicaPart: Part<{ replica: Pick<Replica, "health"> }> = {
  name: "replica",
  run: ({ replica }) => ({
    checks: [
      () => {
        const health = replica.health()
        if (!health)
          return {
            label: "Replica",
            state: "warn",
            text: "none",
            remedy: "Set PURSER_REPLICA_URL: a lost disk is lost data until then.",
          }
        const { state, text, remedy } = health
        return { label: "Replica", state, text, remedy }
      },
    ],
  }),
}
