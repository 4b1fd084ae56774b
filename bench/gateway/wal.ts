// Counts what a database writes to its log, from outside: the log's index says how long the log is and how often it began anew, so the
// measured process pays nothing. Checkpoints do not disturb it: a log that begins anew overwrites the old one from the front, and where
// the old one ended can still be read in what is behind.
import { closeSync, fstatSync, openSync, readSync } from "node:fs"

/** Well below the time in which a busy server fills a log. */
const LOOK_MS = 20
const LOG_HEADER = 32
const FRAME_HEADER = 24
/** Places in the index's header (https://sqlite.org/walformat.html). */
const INDEX = { pageSize: 14, frames: 16, salt: 32, length: 40 } as const

export class WalMeter {
  private bytes = 0
  private frames: number
  private salt: number
  private readonly index: number
  private readonly log: number
  private readonly frameBytes: number
  private readonly timer: ReturnType<typeof setInterval>
  /** Logs whose end was overwritten between two looks: they were shorter than what followed, and are not counted in full. */
  missed = 0

  /** The database must be open in WAL mode. */
  constructor(path: string) {
    this.index = openSync(`${path}-shm`, "r")
    this.log = openSync(`${path}-wal`, "r")
    const header = this.header()
    // 65536 stands there as 1.
    const pageSize = header.readUInt16LE(INDEX.pageSize)
    this.frameBytes = FRAME_HEADER + (pageSize === 1 ? 65_536 : pageSize)
    this.frames = header.readUInt32LE(INDEX.frames)
    this.salt = header.readUInt32BE(INDEX.salt)
    this.timer = setInterval(() => this.look(), LOOK_MS)
  }

  /** Bytes written to the log since this meter began. */
  total(): number {
    this.look()
    return this.bytes
  }

  close(): void {
    clearInterval(this.timer)
    closeSync(this.index)
    closeSync(this.log)
  }

  private look(): void {
    const header = this.header()
    const frames = header.readUInt32LE(INDEX.frames)
    const salt = header.readUInt32BE(INDEX.salt)
    // Each new log adds one to the salt. What a log had when it was overwritten is behind the end of the ones after it.
    let counted = this.frames
    while (this.salt !== salt) {
      const isOverwritten = frames > counted
      const end = this.endOf(this.salt, isOverwritten ? frames : counted)
      if (isOverwritten && end === frames) this.missed++
      else this.bytes += (end - counted) * this.frameBytes
      this.bytes += LOG_HEADER
      this.salt = (this.salt + 1) >>> 0
      counted = 0
    }
    this.bytes += (frames - counted) * this.frameBytes
    this.frames = frames
  }

  /** The last frame of an earlier log, looked for behind `from`: behind it only logs before it have left any. */
  private endOf(salt: number, from: number): number {
    let known = from
    let beyond = Math.floor((fstatSync(this.log).size - LOG_HEADER) / this.frameBytes) + 1
    while (known + 1 < beyond) {
      const middle = (known + beyond) >> 1
      // Salts may wrap: the distance tells which came first.
      if ((this.saltOf(middle) - salt) >>> 0 < 1_000) known = middle
      else beyond = middle
    }
    return known
  }

  private saltOf(frame: number): number {
    const bytes = Buffer.alloc(4)
    readSync(this.log, bytes, 0, 4, LOG_HEADER + (frame - 1) * this.frameBytes + 8)
    return bytes.readUInt32BE(0)
  }

  private header(): Buffer {
    const bytes = Buffer.alloc(INDEX.length)
    readSync(this.index, bytes, 0, bytes.length, 0)
    return bytes
  }
}
