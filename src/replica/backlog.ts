// How much waits on this disk to be sent.
import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"

/** Bytes in a folder and all below it; off the main thread. What vanishes meanwhile counts nothing. */
export async function backlogBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  let bytes = 0
  for (const entry of entries)
    if (entry.isFile())
      bytes += await stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      )
  return bytes
}
