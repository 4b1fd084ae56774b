// Who runs a command as root on a data folder of somebody else's leaves files behind that its server cannot open. They are given to the owner.
import { existsSync, lchownSync, lstatSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"

/**
 * Gives what root made in a folder to the owner of the folder; nothing for anybody but root. Links are left: the owner may have made them to
 * files that are none of theirs.
 */
export function giveToOwner(folder: string): void {
  if (process.getuid?.() !== 0 || !existsSync(folder)) return
  const { uid, gid } = statSync(folder)
  if (uid !== 0) give(folder, { uid, gid })
}

function give(folder: string, owner: { uid: number; gid: number }): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const entry = lstatSync(path)
    const isPlain = entry.isDirectory() || (entry.isFile() && entry.nlink === 1)
    if (entry.uid === 0 && isPlain) lchownSync(path, owner.uid, owner.gid)
    if (entry.isDirectory()) give(path, owner)
  }
}
