// Whether a copy of the database is worth putting in place: it opens with this executable, and its books balance.
import { constants, copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs"
import { join } from "node:path"
import { verify } from "../ledger/index.ts"
import { checkWhole, OpenError, openStore } from "../store/index.ts"

/** On a copy of the copy and of its log, since opening it may upgrade it. @throws OpenError with what is wrong */
export async function prove(copy: string, dataDir: string): Promise<void> {
  const folder = mkdtempSync(join(dataDir, "proof-"))
  try {
    const path = join(folder, "purser.db")
    copyFileSync(copy, path, constants.COPYFILE_FICLONE)
    if (existsSync(`${copy}-wal`)) copyFileSync(`${copy}-wal`, `${path}-wal`, constants.COPYFILE_FICLONE)
    // A start reads small files alone; a copy is read whole.
    const damage = checkWhole(path)
    if (damage !== null) throw new OpenError(`the database ${copy} is damaged (${damage})`)
    const store = openStore(path, { withoutCopy: true })
    const report = verify(store.read)
    await store.close()
    const wrong = report.checks.filter(({ violations }) => violations > 0)
    if (wrong.length > 0)
      throw new OpenError(
        `the books of ${copy} do not balance (${wrong.map(({ name }) => name).join(", ")}); nothing was changed`,
      )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
