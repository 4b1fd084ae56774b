// The lock of another process must never stop the loop: who does not get it comes back later, and gives up after a while.
import { SQLiteError } from "bun:sqlite"
import { LIMITS } from "../app/index.ts"
import type { Statements } from "./connection.ts"

export class WriteLock {
  /** `performance.now()` before which there is no point in asking again. */
  notBefore = 0
  private busySince = 0

  constructor(private readonly sql: Statements) {}

  /** BEGIN IMMEDIATE. @returns null when it is ours, "later", or why it will not be */
  take(): null | "later" | { error: unknown } {
    try {
      this.sql.run("BEGIN IMMEDIATE")
      this.busySince = 0
      return null
    } catch (error) {
      const busy = error instanceof SQLiteError && (error.code ?? "").startsWith("SQLITE_BUSY")
      const now = performance.now()
      if (busy && (this.busySince === 0 || now - this.busySince < LIMITS.busyGiveUpMs)) {
        this.busySince ||= now
        this.notBefore = now + LIMITS.busyRetryMs
        return "later"
      }
      this.busySince = 0
      return { error }
    }
  }
}
