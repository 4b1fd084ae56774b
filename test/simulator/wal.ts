// What a disk may hold after the power went: the write-ahead log cut or garbled behind its last synced commit, and database
// pages of a checkpoint that was under way. Works on bytes; knows SQLite's file format (sqlite.org/fileformat2.html §4).
import type { Random } from "./random.ts"

const HEADER = 32
const FRAME_HEADER = 24

export interface Image {
  db: Uint8Array
  wal: Uint8Array
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const pageSizeOf = (wal: Uint8Array): number => view(wal).getUint32(8)

/** Bytes of the log up to and with the last commit that SQLite will believe: salts of the header, checksums in one chain. */
export function committedLength(wal: Uint8Array): number {
  if (wal.length < HEADER) return 0
  const bytes = view(wal)
  const isLittleEndian = (bytes.getUint32(0) & 1) === 0
  const frame = FRAME_HEADER + pageSizeOf(wal)
  let [s0, s1] = [0, 0]
  const add = (from: number, to: number): void => {
    for (let at = from; at < to; at += 8) {
      s0 = (s0 + bytes.getUint32(at, isLittleEndian) + s1) >>> 0
      s1 = (s1 + bytes.getUint32(at + 4, isLittleEndian) + s0) >>> 0
    }
  }
  add(0, 24)
  let end = HEADER
  for (let at = HEADER; at + frame <= wal.length; at += frame) {
    const isOurs = bytes.getUint32(at + 8) === bytes.getUint32(16) && bytes.getUint32(at + 12) === bytes.getUint32(20)
    add(at, at + 8)
    add(at + FRAME_HEADER, at + frame)
    if (!isOurs || s0 !== bytes.getUint32(at + 16) || s1 !== bytes.getUint32(at + 20)) break
    if (bytes.getUint32(at + 4) !== 0) end = at + frame
  }
  return end
}

/** Where the log's first commit at or behind `from` ends: every byte of it is needed for that commit to count. */
function firstCommitEnd(wal: Uint8Array, from: number): number {
  const frame = FRAME_HEADER + pageSizeOf(wal)
  const bytes = view(wal)
  for (let at = from; at + frame <= wal.length; at += frame) if (bytes.getUint32(at + 4) !== 0) return at + frame
  return wal.length
}

const sameSalt = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length >= HEADER && b.length >= HEADER && Buffer.compare(a.subarray(16, 24), b.subarray(16, 24)) === 0

/**
 * The disk when power went during the commit that led from `before` to `after`: of the new frames some reached it, some
 * are garbage, some are what was there before; never all of the commit.
 */
export function tornCommit(random: Random, before: Image, after: Image): Image {
  if (after.wal.length < HEADER) return before
  const restarted = !sameSalt(before.wal, after.wal)
  const from = restarted ? HEADER : Math.max(HEADER, committedLength(before.wal))
  const end = firstCommitEnd(after.wal, from)
  if (end <= from) return before
  const wal = Uint8Array.prototype.slice.call(after.wal)
  const old = before.wal
  const restore = (at: number, to: number): void => {
    wal.fill(0, at, to)
    wal.set(old.subarray(at, Math.max(at, Math.min(to, old.length))), at)
  }
  const cut = from + random.int(end - from)
  const kind = random.int(3)
  if (kind === 0) return { db: before.db, wal: wal.slice(0, cut) }
  restore(end, wal.length)
  if (kind === 1) {
    // A run of bytes in the middle never arrived, the frames behind it did.
    const hole = Math.min(end, cut + 1 + random.int(5_000))
    for (let at = cut; at < hole; at++) wal[at] = wal[at]! ^ 0xa5
    return { db: before.db, wal }
  }
  restore(cut, end)
  for (let at = cut; at < Math.min(end, cut + 64); at++) wal[at] = wal[at]! ^ 0x3c
  return { db: before.db, wal }
}

/** Garbage behind the last commit: what an unsynced, unfinished transaction may leave. */
export function garbageTail(random: Random, image: Image): Image {
  const length = committedLength(image.wal)
  if (length === 0) return image
  const tail = Buffer.alloc(random.int(9_000))
  for (let at = 0; at < tail.length; at++) tail[at] = random.int(256)
  return { db: image.db, wal: Buffer.concat([image.wal.subarray(0, length), tail]) }
}

/** The disk in the middle of a checkpoint: some pages are copied into the database, the log is still whole. */
export function tornCheckpoint(random: Random, before: Image, checkpointed: Uint8Array): Image {
  const page = before.wal.length >= HEADER ? pageSizeOf(before.wal) : 4_096
  const db = Buffer.alloc(Math.max(before.db.length, checkpointed.length))
  db.set(before.db)
  for (let at = 0; at < checkpointed.length; at += page)
    if (random.oneIn(2)) db.set(checkpointed.subarray(at, Math.min(at + page, checkpointed.length)), at)
  const grown = before.db.length + page * random.int(1 + Math.max(0, checkpointed.length - before.db.length) / page)
  return { db: db.subarray(0, grown), wal: before.wal }
}
