// The data folder and its disk, and the secret key that lies in it.
import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { keyFileOf, kidOf, type MasterKeys, readMasterKeys } from "../../app/index.ts"
import { DECLARED } from "../../compose.ts"
import { openReadOnly } from "../../store/index.ts"
import { canaryKid, checkCanary, keyringOf } from "../../vault/index.ts"
import { stateOf } from "../keys.ts"
import { type Examine, type Finding, type Patient, said } from "./types.ts"

const octal = (path: string): string => (statSync(path).mode & 0o777).toString(8)

export const folder: Examine = ({ config: { dataDir }, isInMemory }) => {
  const one = said("data-folder", "Folder")
  if (!existsSync(dataDir))
    return [one.warn(`${dataDir} is not there yet`, "Check --data-dir, or start the server: it makes the folder.")]
  try {
    accessSync(dataDir, constants.W_OK | constants.X_OK)
  } catch {
    return [
      one.bad(
        `${dataDir} cannot be written`,
        "Make it writable for the user that runs Purser, or run doctor as that user.",
      ),
    ]
  }
  const open = said("data-folder-modes", "Folder")
  const others = ["", ...readdirSync(dataDir).filter((name) => /^(purser\.db|lock\.db|snapshots)/.test(name))]
    .map((name) => join(dataDir, name))
    .filter((path) => (statSync(path).mode & 0o077) !== 0)
  const memory = said("data-folder-in-memory", "Folder")
  return [
    others.length === 0
      ? one.ok(dataDir)
      : open.warn(
          `others may read ${others.map((path) => `${path} (${octal(path)})`).join(", ")}`,
          `Run: chmod -R go-rwx ${dataDir}`,
        ),
    ...(isInMemory(dataDir)
      ? [
          memory.bad(
            `${dataDir} lies in memory`,
            "Put it on a disk or a volume: everything is gone with the next start of the machine.",
          ),
        ]
      : []),
  ]
}

const MB = 1_000_000
/** Below these SQLite may not be able to commit, or to upgrade. */
const [FULL, NEARLY_FULL] = [200 * MB, 1_000 * MB]

export const disk: Examine = ({ config: { dataDir }, path, freeBytes }) => {
  if (!existsSync(dataDir)) return []
  const one = said("disk-space", "Disk")
  const free = freeBytes(dataDir)
  const size = existsSync(path) ? statSync(path).size : 0
  const text = `${Math.floor(free / MB)} MB free, the database has ${Math.ceil(size / MB)} MB`
  if (free < FULL) return [one.bad(text, "Free some room or enlarge the disk: when it is full no call can be charged.")]
  if (free < NEARLY_FULL) return [one.warn(text, "Free some room or enlarge the disk before it is full.")]
  const upgrade = said("room-for-upgrade", "Disk")
  if (free < size * 2)
    return [
      upgrade.warn(
        text,
        "The next upgrade keeps a copy first and needs twice the size of the database; enlarge the disk.",
      ),
    ]
  return [one.ok(text)]
}

export const key: Examine = (patient) => {
  const { dataDir, secretKey } = patient.config
  const one = said("key", "Key")
  let keys: MasterKeys | null
  try {
    keys = readMasterKeys(dataDir, secretKey)
  } catch (error) {
    const { message } = error as Error
    const [text = message, remedy = "put back the key file of this data, or set PURSER_SECRET_KEY."] =
      message.split("; ")
    const id = /read by others/.test(message) ? "key-readable" : "key-malformed"
    return [said(id, "Key").bad(text, remedy.charAt(0).toUpperCase() + remedy.slice(1))]
  }
  const hasDatabase = existsSync(patient.path)
  if (!keys) {
    if (!hasDatabase) return [one.ok("made at the first start")]
    return [
      said("key-missing", "Key").bad(
        `${keyFileOf(dataDir)} is missing`,
        "Put it back, set PURSER_SECRET_KEY, or write it anew from paper: purser keys import.",
      ),
    ]
  }
  return hasDatabase ? keyOfData(patient, keys) : [one.ok("there")]
}

function keyOfData({ config, path }: Patient, keys: MasterKeys): Finding[] {
  const reader = openReadOnly(path)
  try {
    checkCanary(reader, keyringOf(keys, DECLARED.sealed))
  } catch {
    const ours = keys.live.map(kidOf).join(", ")
    return [
      said("key-of-other-data", "Key").bad(
        `this data was sealed with key ${canaryKid(reader)}, and the key at hand is ${ours}`,
        "Put back the key file of this data: purser keys import writes it from paper.",
      ),
    ]
  } finally {
    reader.close()
  }
  const state = stateOf(config)
  const found: Finding[] = []
  if (state.exportedMs === null)
    found.push(
      said("key-copy", "Key").warn(
        "no copy of the secret key was made",
        "Run: purser keys export, and keep the page: no backup opens without it.",
      ),
    )
  if (state.old.length > 0)
    found.push(
      said("key-old", "Key").warn(
        `${state.old.join(", ")} still opens`,
        "Run: purser keys reseal, so that the old key counts for nothing.",
      ),
    )
  return found.length > 0 ? found : [said("key", "Key").ok(`${state.kid}, and a copy was made`)]
}
