// `purser hook`: what a container's host calls around a copy of the volume, as ONCE does by /hooks/pre-backup and /hooks/post-restore.
// Files that are copied one after the other while a server writes to them need not fit; a copy of one moment beside them does.
import { existsSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import { type Config, readConfig } from "../app/index.ts"
import { tryFile } from "../backup/index.ts"
import { copyDatabase, giveToOwner, lockFolder, OpenError, putInPlace, readSchema } from "../store/index.ts"
import type { Verb } from "./verb.ts"

const placesOf = (flags: Record<string, string>) => {
  const config = readConfig(flags, process.env)
  const { dataDir } = config
  return { config, dataDir, path: join(dataDir, "purser.db"), copy: join(dataDir, "volume-copy.db") }
}

export const hookPreBackup: Verb = {
  words: "hook pre-backup",
  help: "make a copy that a backup of the whole volume may take while the server runs",
  about: [
    "Writes `volume-copy.db`, the database at one moment, into the data folder, so that the folder may be copied file by file while the server runs. The image calls it by /hooks/pre-backup, as ONCE asks. The disk needs room for the copy.",
    "The copy of an earlier backup is removed first. If this fails, stop or pause the server while the folder is copied.",
  ],
  examples: [{ run: "hook pre-backup --data-dir /storage", does: "then copy /storage" }],
  exits: { 1: "there is no room, or the database cannot be read; no copy is left" },
  async run({ flags }) {
    const { dataDir, path, copy } = placesOf(flags)
    rmSync(copy, { force: true })
    if (!existsSync(path)) throw new OpenError(`there is no database at ${path}; check --data-dir`)
    copyDatabase(path, copy)
    giveToOwner(dataDir)
    console.log(`${copy}: ${Math.ceil(statSync(copy).size / 1_000_000)} MB. The folder may be copied now.`)
    return 0
  },
}

export const hookPostRestore: Verb = {
  words: "hook post-restore",
  help: "make a data folder that was copied while its server ran fit to start",
  about: [
    "For a data folder that comes from such a backup, before the server starts on it. If the database came over whole (every page, the books, the key that opens it), it is newer than the copy and stays; else `volume-copy.db` is proved and takes its place. The image calls it by /hooks/post-restore.",
  ],
  examples: [{ run: "hook post-restore --data-dir /storage", does: "after copying the folder back, before the start" }],
  exits: {
    1: "neither the database nor the copy is whole; nothing was changed",
    3: "a server runs on this data folder",
  },
  async run({ flags }) {
    const { config, dataDir, path, copy } = placesOf(flags)
    const lock = lockFolder(dataDir)
    try {
      console.log(await mend(config, path, copy))
      return 0
    } finally {
      lock.release()
    }
  },
}

/** @returns what was done, in words */
async function mend(config: Config, path: string, copy: string): Promise<string> {
  const why = await faultOf(path, copy, config)
  if (why === null) {
    rmSync(copy, { force: true })
    return "The database came over whole."
  }
  if (!existsSync(copy)) throw new OpenError(`the database ${path} cannot be used (${why}), and there is no ${copy}`)
  await tryFile({ config, file: copy })
  putInPlace(path, copy, null)
  return `The database is the copy that was made for the backup (the file beside it: ${why}).`
}

/** Why the database is not to be used; null = it is whole, and not behind the copy, as one that came without its log may be. */
async function faultOf(path: string, copy: string, config: Config): Promise<string | null> {
  if (!existsSync(path)) return "there is none"
  try {
    await tryFile({ config, file: path })
    if (!existsSync(copy)) return null
    const [found, made] = [readSchema(path), readSchema(copy)]
    const isBehind = found.lastCommitMs < made.lastCommitMs || found.rows.charges < made.rows.charges
    return isBehind ? "it is older than the copy" : null
  } catch (error) {
    return (error as Error).message
  }
}
