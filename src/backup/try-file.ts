// Tries a database file that stays as it is, times and log included: on a copy in a folder of its own. Whoever is about to put a file in
// place asks here: `migrate back`, a folder that was copied under a server, the proof of a copy in a file.
import { constants, copyFileSync, existsSync } from "node:fs"
import { join } from "node:path"
import type { Config } from "../app/index.ts"
import { BackupError } from "./error.ts"
import { bytesLike, requireRoom } from "./room.ts"
import { withScratch } from "./scratch.ts"
import { keyringOf, type Tried, tryCopy } from "./try-copy.ts"

export interface TryFile {
  config: Pick<Config, "dataDir" | "secretKey">
  /** Its log counts where it lies beside it. */
  file: string
  /** A folder on a disk with room. Default: the data folder. */
  in?: string | undefined
  /** Bytes that must stay free for whoever works beside it. */
  leave?: number
  /** Of the disk; for tests. */
  free?: ((folder: string) => number) | undefined
  signal?: AbortSignal | undefined
}

/** @throws BackupError, ReplicaError, MigrationError, OpenError with what is wrong; the signal's reason */
export async function tryFile({ config, file, leave = 0, free, signal, ...ask }: TryFile): Promise<Tried> {
  if (!existsSync(file)) throw new BackupError(`there is no file ${file}`)
  const base = ask.in ?? config.dataDir
  requireRoom(base, bytesLike(file) ?? 0, { leave, free })
  const keyring = keyringOf(config)
  return withScratch(base, async (scratch) => {
    const copy = join(scratch, "purser.db")
    copyFileSync(file, copy, constants.COPYFILE_FICLONE)
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`, constants.COPYFILE_FICLONE)
    return tryCopy(copy, { instance: null, heldMs: 0, source: file, keyring }, signal)
  })
}
