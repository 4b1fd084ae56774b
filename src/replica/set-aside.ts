// The data of a server that was replaced: out of date, and never deleted by us.
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs"
import { join } from "node:path"

/** @returns the folder that it is in now */
export function setAside(dataDir: string): string {
  let count = 1
  const folder = () => join(dataDir, `replaced-${count}`)
  while (existsSync(folder())) count++
  mkdirSync(folder(), { mode: 0o700 })
  for (const end of ["", "-wal", "-shm"]) {
    const path = join(dataDir, `purser.db${end}`)
    if (existsSync(path)) renameSync(path, join(folder(), `purser.db${end}`))
  }
  rmSync(join(dataDir, ".purser.db-litestream"), { recursive: true, force: true })
  return folder()
}
