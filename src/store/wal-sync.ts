// Makes commits durable: SQLite writes the log without waiting (`synchronous = NORMAL`), and this asks the disk for it, off
// the main thread. One sync covers every commit that was written before it began; nothing is answered before its sync.
import { closeSync, fdatasync, fdatasyncSync, openSync } from "node:fs"

export class WalSync {
  private readonly fd: number

  /** The log exists while any connection is open, and stays the same file until the last one closes. */
  constructor(databasePath: string) {
    this.fd = openSync(`${databasePath}-wal`, "r")
  }

  /** Waits in place. @returns the error of a disk that fails; what it holds is then unknown */
  now(): Error | null {
    try {
      fdatasyncSync(this.fd)
      return null
    } catch (error) {
      return error as Error
    }
  }

  start(done: (error: Error | null) => void): void {
    fdatasync(this.fd, done)
  }

  close(): void {
    closeSync(this.fd)
  }
}
