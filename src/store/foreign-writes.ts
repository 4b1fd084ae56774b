// Did anybody but this writer commit? Asked under the write lock, before what is kept in memory is believed. `data_version` tells
// of every change of the log that is not ours, of checkpoints too; whether it was a commit says the counter of transactions in
// the log's index (https://sqlite.org/walformat.html, iChange), which is looked at only then.
import { closeSync, openSync, readSync } from "node:fs"
import type { Statements } from "./connection.ts"

const CHANGES_AT = 8

export class ForeignWrites {
  private readonly fd: number
  private readonly field = Buffer.alloc(4)
  private version: number
  private changes: number

  /** The index exists while any connection is open. */
  constructor(
    private readonly sql: Statements,
    databasePath: string,
  ) {
    this.fd = openSync(`${databasePath}-shm`, "r")
    this.version = this.dataVersion()
    this.changes = this.read()
  }

  /** To be asked between BEGIN IMMEDIATE and the first read. */
  happened(): boolean {
    const version = this.dataVersion()
    if (version === this.version) return false
    this.version = version
    const changes = this.read()
    const isForeign = changes !== this.changes
    this.changes = changes
    return isForeign
  }

  /**
   * A commit of our own, after statements that changed rows. An UPDATE to what is there already writes no page and counts for nothing:
   * counted all the same, it would hide the next commit of somebody else.
   */
  ours(): void {
    if (this.read() !== this.changes) this.changes = (this.changes + 1) >>> 0
  }

  /** Only when every connection to the file is closed: closing a descriptor frees all locks that this process has on the file. */
  close(): void {
    closeSync(this.fd)
  }

  private dataVersion(): number {
    return this.sql.get<{ data_version: number }>("PRAGMA data_version")!.data_version
  }

  private read(): number {
    readSync(this.fd, this.field, 0, 4, CHANGES_AT)
    return this.field.readUInt32LE(0)
  }
}
