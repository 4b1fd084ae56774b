// Copying the log back into the database, and the Worker that does it. Imports nothing of the product: the Worker lives as long as the
// server and has 2 MB, where the read Worker with every part in it takes 25.
import { Database } from "bun:sqlite"

export interface Progress {
  /** Pages in the log, and how many of them the database has. */
  log: number
  checkpointed: number
}

/** Waits for nobody. */
export const CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)"

/** Passes until only what was written meanwhile is left. */
export function copyLog(path: string): Progress {
  const db = new Database(path, { readwrite: true, create: false })
  try {
    const pass = db.query<Progress, []>(CHECKPOINT)
    let done = pass.get()!
    for (let more = 0; more < 2; more++) done = pass.get()!
    return done
  } finally {
    db.close(true)
  }
}

/** The Worker's side: copies the log of each path that it is told; answers null, or what went wrong. */
export function answerCopies(): void {
  self.onmessage = ({ data }: MessageEvent<string>) => {
    let failure: string | null = null
    try {
      copyLog(data)
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error)
    }
    self.postMessage(failure)
  }
}
