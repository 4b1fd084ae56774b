// Copies the log back into the database off the main thread: the bulk in a Worker while commits go on, the small rest between
// two batches. Without it the commit that fills the log stands still for some 20 ms. SQLite's own checkpoint stays as the last resort.
import { LIMITS } from "../app/index.ts"
import type { Statements } from "./connection.ts"
import { CHECKPOINT, type Progress } from "./copy-log.ts"

export class Checkpoints {
  private commits = 0
  private running = false
  private left = false

  constructor(
    private readonly sql: Statements,
    /** Runs `copyLog` in another thread. */
    private readonly copy: () => Promise<unknown>,
  ) {
    sql.db.run(`PRAGMA wal_autocheckpoint = ${LIMITS.checkpointPagesMax}`)
  }

  /**
   * Somebody else (Litestream) copies the log: a copy of ours between two looks of its would take changes away that it has not seen.
   * SQLite's own checkpoint is off then too.
   */
  leave(isLeft: boolean): void {
    if (this.left === isLeft) return
    this.left = isLeft
    this.sql.db.run(`PRAGMA wal_autocheckpoint = ${isLeft ? 0 : LIMITS.checkpointPagesMax}`)
  }

  async empty(): Promise<void> {
    await this.copy()
    // What is left is little; a reader makes it busy, and nobody waits here.
    this.sql.get("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  /** Pages in the log. */
  pages(): number {
    return this.sql.get<Progress>("PRAGMA wal_checkpoint(NOOP)")!.log
  }

  /** Called between two batches. */
  afterCommit(): void {
    if (this.left || this.running || ++this.commits % LIMITS.checkpointEveryCommits !== 0) return
    const { log, checkpointed } = this.sql.get<Progress>("PRAGMA wal_checkpoint(NOOP)")!
    if (log - checkpointed < LIMITS.checkpointPages) return
    this.running = true
    this.copy()
      .then(() => this.sql.get(CHECKPOINT))
      .catch((error) => console.error("a checkpoint failed and will be tried again", error))
      .finally(() => {
        this.running = false
      })
  }
}
