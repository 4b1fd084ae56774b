// What `replica` contributes: its line of truth. Without a replica it says so: one disk is one copy.
import type { Config } from "../app/index.ts"
import type { Part } from "../part/index.ts"
import type { Replica } from "./index.ts"

export const replicaPart: Part<{ replica: Pick<Replica, "health">; config: Pick<Config, "demo"> }> = {
  name: "replica",
  run: ({ replica, config }) => ({
    checks: [
      () => {
        const health = replica.health()
        // What is tried in a sandbox is thrown away.
        if (!health && config.demo) return []
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
