// What can be restored from the replica: its folders, from the names of the objects in it. Litestream's layouts are known here and nowhere
// else: 0.3 `generations/<g>/snapshots/<index>.snapshot.lz4`, `…/wal/<index>_<offset>.wal.lz4`; 0.5 `<level>/<first>-<last>.ltx`, below
// `ltx/` in a folder of a disk.
import type { Family } from "./binary.ts"
import type { Found, Remote } from "./remote.ts"

export interface Copy {
  /** `e7/` */
  epoch: number
  format: Family
  /** Any moment from here… */
  fromMs: number
  /** …to here can be gone back to, as the store's clock told when they were written. */
  toMs: number
  bytes: number
  files: number
  /** Whole copies of the database, from which a restore begins; the largest is what one takes at least. */
  snapshots: number
  snapshotBytes: number
  /** Transactions that can be gone back to, 16 hex digits; null of format 0.3, which counts none. */
  txids: { from: string; to: string } | null
}

/** Newest first; folders without a whole copy are left out. @throws RemoteError */
export async function copiesOf(remote: Pick<Remote, "list">): Promise<Copy[]> {
  const folders = new Map<number, Folder>()
  for await (const found of remote.list("e")) {
    const [, epoch, rest] = /^e(\d{1,7})\/(.+)$/.exec(found.name) ?? []
    if (epoch === undefined || rest === undefined) continue
    const folder = folders.get(Number(epoch)) ?? new Folder()
    folders.set(Number(epoch), folder)
    folder.add(rest, found)
  }
  return [...folders].flatMap(([epoch, folder]) => folder.asCopy(epoch) ?? []).toSorted((a, b) => b.epoch - a.epoch)
}

const SNAPSHOT_03 = /^generations\/[0-9a-f]{16}\/snapshots\/[0-9a-f]+\.snapshot\.lz4$/
const SEGMENT_03 = /^generations\/[0-9a-f]{16}\/wal\/[0-9a-f]+_[0-9a-f]+\.wal\.lz4$/
const FILE_05 = /^(?:ltx\/)?[0-9a-f]{1,4}\/([0-9a-f]{16})-([0-9a-f]{16})\.ltx$/
const FIRST = "0".repeat(15).concat("1")

class Folder {
  private format: Family | null = null
  private fromMs = Number.POSITIVE_INFINITY
  private toMs = 0
  private bytes = 0
  private files = 0
  private snapshots = 0
  private snapshotBytes = 0
  private oldest: string | null = null
  private newest: string | null = null

  add(name: string, { bytes, atMs }: Found): void {
    const [, first, last] = FILE_05.exec(name) ?? []
    const isSnapshot = first === undefined ? SNAPSHOT_03.test(name) : first === FIRST
    if (first === undefined && !isSnapshot && !SEGMENT_03.test(name)) return
    this.format = first === undefined ? "0.3" : "0.5"
    this.bytes += bytes
    this.files++
    this.toMs = Math.max(this.toMs, atMs)
    if (last !== undefined && last > (this.newest ?? "")) this.newest = last
    if (!isSnapshot) return
    this.snapshots++
    this.snapshotBytes = Math.max(this.snapshotBytes, bytes)
    this.fromMs = Math.min(this.fromMs, atMs)
    if (last !== undefined && (this.oldest === null || last < this.oldest)) this.oldest = last
  }

  asCopy(epoch: number): Copy | null {
    const { format, fromMs, toMs, bytes, files, snapshots, snapshotBytes, oldest, newest } = this
    if (format === null || snapshots === 0) return null
    const txids = oldest !== null && newest !== null ? { from: oldest, to: newest } : null
    return { epoch, format, fromMs, toMs, bytes, files, snapshots, snapshotBytes, txids }
  }
}
