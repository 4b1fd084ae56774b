// Tries a database file that nobody has open, as somebody would who has nothing else left: is every page whole, is it ours, does it reach as
// far as it should, do the books verify, does the key open it?
import { constants, copyFileSync, statSync } from "node:fs"
import { type Config, type Keyring, readMasterKeys } from "../app/index.ts"
import { verifySteps } from "../ledger/index.ts"
import { examineRestored, removeDraft } from "../replica/index.ts"
import { MigrationError, openReadOnly, openStore, type Reader, readSchema } from "../store/index.ts"
import { checkCanary, keyringOf as rowKeys } from "../vault/index.ts"
import { BackupError } from "./error.ts"

export interface Expected {
  /** What it must call itself; null = whatever it does. */
  instance: string | null
  /** What it was known to hold, ms; 0 = nobody knows. */
  heldMs: number
  /** Where it came from, for messages. */
  source: string
  /** null = there is none here to try. */
  keyring: Pick<Keyring, "open"> | null
}

export interface Tried {
  instance: string
  lastMs: number
  bytes: number
  transactions: number
  /** Whether the key at hand opens it; null = there was no key, or nothing to try it on. */
  keyOpens: true | null
}

/** @throws BackupError, ReplicaError, KeyringError, MigrationError, OpenError with what is wrong; the signal's reason */
export async function tryCopy(path: string, expected: Expected, signal?: AbortSignal): Promise<Tried> {
  const { keyring, source } = expected
  const { lastMs, instance } = examineRestored(path, { ...expected, readsAll: true })
  signal?.throwIfAborted()
  const { size: bytes } = statSync(path)
  const schema = readSchema(path)
  if (schema.refused !== null) throw new MigrationError(`${source}: ${schema.refused}`)
  return asOpened(path, schema.pending.length > 0, async (reader) => {
    const keyOpens = keyring && opens(reader, keyring, source) ? true : null
    return { instance, lastMs, bytes, keyOpens, transactions: await verified(reader, source, signal) }
  })
}

/** The keys at hand; null = there are none. @throws KeyringError */
export function keyringOf({ dataDir, secretKey }: Pick<Config, "dataDir" | "secretKey">): Keyring | null {
  const keys = readMasterKeys(dataDir, secretKey)
  return keys && rowKeys(keys, [])
}

/** A copy from before an upgrade is upgraded beside itself: it stays as it is. */
async function asOpened<T>(path: string, isOlder: boolean, work: (reader: Reader) => Promise<T>): Promise<T> {
  if (!isOlder) {
    const reader = openReadOnly(path)
    try {
      return await work(reader)
    } finally {
      reader.close()
    }
  }
  const upgraded = `${path}.upgraded`
  try {
    copyFileSync(path, upgraded, constants.COPYFILE_FICLONE)
    const store = openStore(upgraded, { withoutCopy: true })
    try {
      return await work(store.read)
    } finally {
      await store.close()
    }
  } finally {
    removeDraft(upgraded)
  }
}

/** @returns false when it holds nothing that a key could be tried on: it is from before there was such a value */
function opens(reader: Reader, keyring: Pick<Keyring, "open">, source: string): boolean {
  try {
    return checkCanary(reader, keyring)
  } catch (error) {
    throw new BackupError(
      `the key at hand does not open ${source} (${(error as Error).message}); put the right secret.key in the data folder, or set PURSER_SECRET_KEY`,
    )
  }
}

async function verified(reader: Reader, source: string, signal: AbortSignal | undefined): Promise<number> {
  const steps = verifySteps(reader)
  for (;;) {
    const step = steps.next()
    if (!step.done) {
      // Whoever wants it to end is heard between two checks.
      await Bun.sleep(0)
      signal?.throwIfAborted()
      continue
    }
    const wrong = step.value.checks.filter(({ violations }) => violations > 0)
    if (wrong.length === 0) return step.value.transactions
    throw new BackupError(
      `the books of ${source} do not balance (${wrong.map(({ name }) => name).join(", ")}); nothing was changed; an older copy may`,
    )
  }
}
