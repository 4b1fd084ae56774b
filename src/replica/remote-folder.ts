// A replica in a folder, as on a second disk or a network share.
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { randomSecret } from "../app/index.ts"
import { RemoteError } from "./error.ts"
import type { Remote } from "./remote.ts"

export function folderRemote(folder: string): Remote {
  const asRemote = <T>(work: () => T): Promise<T> => {
    try {
      // A disk that is not mounted looks like a folder that is not there; its parent must be.
      if (!existsSync(dirname(folder))) throw new Error(`${dirname(folder)} does not exist; is the disk mounted?`)
      return Promise.resolve(work())
    } catch (error) {
      return Promise.reject(new RemoteError((error as Error).message))
    }
  }
  const read = (name: string) => {
    const path = join(folder, name)
    if (!existsSync(path)) return null
    const { mtimeMs, ino } = statSync(path)
    return { text: readFileSync(path, "utf8"), tag: `${mtimeMs}:${ino}`, atMs: Math.round(mtimeMs) }
  }
  return {
    get: (name) => asRemote(() => read(name)),
    put: (name, text, was) =>
      asRemote(() => {
        if ((read(name)?.tag ?? null) !== was) return false
        const path = join(folder, name)
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
        const fresh = `${path}.${randomSecret(6)}.new`
        writeFileSync(fresh, text, { mode: 0o600, flush: true })
        if (was === null) return placed(fresh, path)
        renameSync(fresh, path)
        return true
      }),
    isEmpty: () => asRemote(() => !existsSync(folder) || readdirSync(folder).length === 0),
    async *list(prefix) {
      const names = await asRemote(() => (existsSync(folder) ? readdirSync(folder, { recursive: true }) : []))
      for (const name of names.map(String)) {
        // What Litestream removes meanwhile is not there any more.
        const entry = name.startsWith(prefix) ? statSync(join(folder, name), { throwIfNoEntry: false }) : undefined
        if (entry?.isFile()) yield { name, bytes: entry.size, atMs: Math.round(entry.mtimeMs) }
      }
    },
    folders: () =>
      asRemote(() =>
        readdirSync(folder, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : [])),
      ),
    remove: (name) => asRemote(() => rmSync(join(folder, name), { recursive: true, force: true })),
  }
}

/** Where nothing stands: of two who try at once one succeeds, on network disks too. */
function placed(fresh: string, path: string): boolean {
  try {
    linkSync(fresh, path)
    return true
  } catch (error) {
    if ((error as { code?: string }).code === "EEXIST") return false
    throw error
  } finally {
    rmSync(fresh, { force: true })
  }
}
