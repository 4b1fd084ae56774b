// The master keys as they lie on the disk or in the environment. `secret.key` has one key a line, in hex: the first seals, others still
// open what they sealed. Keys that nothing is sealed with any more stay as comments: copies from before open with them.
import { randomBytes } from "node:crypto"
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { KeyringError, kidOf } from "./keyring.ts"

export interface MasterKeys {
  /** The first seals. Never empty. */
  live: readonly Buffer[]
  /** Known, and used for nothing. */
  retired: readonly Buffer[]
  /** The file they are in; null = they come from the environment. */
  file: string | null
}

export const keyFileOf = (dataDir: string): string => join(dataDir, "secret.key")
export const newMasterKey = (): Buffer => randomBytes(32)

const HEX = /^[0-9a-f]{64}$/i
const RETIRED = /^# retired ([0-9a-f]{64})$/i

/**
 * The master keys: from configuration (64 hex digits, several with commas between), else `secret.key` (0600) in the data folder, made at
 * first run.
 * @throws KeyringError when either is malformed, or the file is readable by others
 */
export function loadMasterKeys(dataDir: string, configured: string | null): MasterKeys & { created: boolean } {
  const known = readMasterKeys(dataDir, configured)
  if (known) return { ...known, created: false }
  const file = keyFileOf(dataDir)
  const made = { live: [newMasterKey()], retired: [], file }
  writeDurably(file, textOf(made), (from, to) => {
    // Never over one that somebody else made in the meantime.
    linkSync(from, to)
    rmSync(from)
  })
  return { ...made, created: true }
}

/** The same, but null where there is none yet. */
export function readMasterKeys(dataDir: string, configured: string | null): MasterKeys | null {
  if (configured) {
    const live = configured.split(",").map((text) => parseKey(text, "PURSER_SECRET_KEY"))
    return { live, retired: [], file: null }
  }
  const file = keyFileOf(dataDir)
  if (!existsSync(file)) return null
  if ((statSync(file).mode & 0o077) !== 0)
    throw new KeyringError(`${file} can be read by others; run: chmod 600 ${file}`)
  const lines = readText(file)
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
  const retired = lines.flatMap((line) => RETIRED.exec(line)?.[1] ?? []).map((hex) => Buffer.from(hex, "hex"))
  const live = lines.filter((line) => !line.startsWith("#")).map((line) => parseKey(line, file))
  if (live.length === 0) throw new KeyringError(`${file} must hold 64 hex digits (openssl rand -hex 32)`)
  return { live, retired, file }
}

/** Puts other keys in place of those in the file, in one step. @throws KeyringError when they come from the environment */
export function saveMasterKeys(keys: MasterKeys): void {
  if (keys.file === null) throw new KeyringError("the secret key comes from PURSER_SECRET_KEY; change it there")
  writeDurably(keys.file, textOf(keys), renameSync)
}

const textOf = ({ live, retired }: Pick<MasterKeys, "live" | "retired">): string =>
  [...live.map((key) => key.toString("hex")), ...retired.map((key) => `# retired ${key.toString("hex")}`), ""].join(
    "\n",
  )

/** Which keys there are, by their names. */
export const kidsOf = ({ live, retired }: MasterKeys): { live: string[]; retired: string[] } => ({
  live: live.map(kidOf),
  retired: retired.map(kidOf),
})

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    throw new KeyringError(`cannot read ${path}: ${(error as Error).message}; run Purser as the user that owns it`)
  }
}

/** Whole or not at all, whatever happens to the power: an empty key file beside a durable database would lose every secret. */
function writeDurably(path: string, text: string, place: (from: string, to: string) => void): void {
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const temporary = `${path}.new`
  rmSync(temporary, { force: true })
  writeFileSync(temporary, text, { mode: 0o600, flag: "wx", flush: true })
  place(temporary, path)
  const entry = openSync(folder, "r")
  fsyncSync(entry)
  closeSync(entry)
}

function parseKey(text: string, from: string): Buffer {
  if (!HEX.test(text.trim())) throw new KeyringError(`${from} must hold 64 hex digits (openssl rand -hex 32)`)
  return Buffer.from(text.trim(), "hex")
}
