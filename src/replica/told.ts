// What the log says of the replica's health: when it turns red, with the cause, and when it is well again. Nobody should have to look at a page.
import type { Log } from "../app/index.ts"
import type { Health } from "./health.ts"

export class Told {
  private redSinceMs: number | null = null

  constructor(private readonly log: Log) {}

  look({ state, text, remedy }: Health): void {
    if (state === "bad" && this.redSinceMs === null) {
      this.redSinceMs = performance.now()
      this.log.error("replica.red", { why: text, advice: remedy })
    } else if (state !== "bad" && this.redSinceMs !== null) {
      this.log.info("replica.green", { afterMs: Math.round(performance.now() - this.redSinceMs) })
      this.redSinceMs = null
    }
  }
}
