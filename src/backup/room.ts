// Is there room for a whole database more, with enough left for the server that works beside it?
import { existsSync, statfsSync, statSync } from "node:fs"
import { dirname } from "node:path"
import { BackupError } from "./error.ts"
import { BACKUP_LIMITS as L } from "./limits.ts"

/** Bytes that are free for us on the disk of this folder, or of the nearest one above it that is there. */
export function freeBytes(folder: string): number {
  let known = folder
  while (!existsSync(known) && dirname(known) !== known) known = dirname(known)
  const { bavail, bsize } = statfsSync(known)
  return bavail * bsize
}

/** What a copy needs that is like the database at `path`; null = there is none to go by. */
export function bytesLike(path: string): number | null {
  const { size } = statSync(path, { throwIfNoEntry: false }) ?? {}
  return size === undefined ? null : size + (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0)
}

/**
 * @param bytes of the database
 * @param leave that must stay free beside it
 * @throws BackupError that says how much is missing
 */
export function requireRoom(
  folder: string,
  bytes: number,
  { leave, free = freeBytes }: { leave: number; free?: ((folder: string) => number) | undefined },
): void {
  const needed = bytes + L.roomBesideBytes + leave
  const left = free(folder)
  if (left >= needed) return
  throw new BackupError(
    `there is no room for a copy in ${folder}: it takes ${mb(needed)} MB with what must stay free, and ${mb(left)} MB are free. ` +
      "Free some, or name a folder on another disk",
  )
}

const mb = (bytes: number): string => Math.ceil(bytes / 1_000_000).toLocaleString("en-US")
