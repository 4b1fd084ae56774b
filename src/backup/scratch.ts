// The folder in which a copy is tried: one at a time, and empty afterwards, whatever happened to whoever was here before.
import { existsSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { removeDraft } from "../replica/index.ts"
import { AlreadyRunningError, lockFolder } from "../store/index.ts"
import { BackupError } from "./error.ts"

const folderIn = (base: string): string => join(base, "proof")
const LOCK = "lock.db"

/** @throws BackupError while another one works in it */
export async function withScratch<T>(base: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = folderIn(base)
  const lock = locked(folder)
  try {
    // A process that was killed frees the lock, and leaves its files and whoever wrote them.
    removeDraft(join(folder, "purser.db"))
    for (const name of readdirSync(folder))
      if (!name.startsWith(LOCK)) rmSync(join(folder, name), { recursive: true, force: true })
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
    lock.release()
  }
}

/** Removes what a killed process left, unless one works there now. */
export async function sweepScratch(base: string): Promise<void> {
  if (!existsSync(folderIn(base))) return
  await withScratch(base, async () => {}).catch((error: unknown) => {
    if (!(error instanceof BackupError)) throw error
  })
}

function locked(folder: string): { release(): void } {
  try {
    return lockFolder(folder)
  } catch (error) {
    if (!(error instanceof AlreadyRunningError)) throw error
    throw new BackupError(`another copy is being tried in ${folder}; wait until it is done`)
  }
}
