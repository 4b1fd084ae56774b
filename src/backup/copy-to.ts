// A whole copy in a file, beside a running server or without one: for a house without a replica, and before something risky.
import { existsSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { copyDatabase, lastCommitMs, openReadOnly } from "../store/index.ts"
import { BackupError } from "./error.ts"
import { bytesLike, requireRoom } from "./room.ts"

export interface CopiedTo {
  path: string
  bytes: number
  /** Its last commit, ms. */
  lastMs: number
}

/** @throws BackupError, OpenError; nothing is left of the file then */
export function copyTo(databasePath: string, to: string, free?: (folder: string) => number): CopiedTo {
  const path = resolve(to)
  if (existsSync(path)) throw new BackupError(`${path} is there already; choose another name or move it away`)
  requireRoom(dirname(path), bytesLike(databasePath) ?? 0, { leave: 0, free })
  const bytes = copyDatabase(databasePath, path)
  const reader = openReadOnly(path)
  try {
    return { path, bytes, lastMs: lastCommitMs(reader) }
  } finally {
    reader.close()
  }
}
