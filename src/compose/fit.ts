// Whether this server could serve what it is about to bring back: asked before the replica is taken, and of the copy before it counts. A server
// that finds out afterwards has shut out the one that could.
import { type Config, KeyringError, keyFileOf, readMasterKeys } from "../app/index.ts"
import type { SealedColumn } from "../part/index.ts"
import type { Fit } from "../replica/index.ts"
import { MigrationError, openReadOnly, readSchema } from "../store/index.ts"
import { checkCanary, keyringOf } from "../vault/index.ts"

export function fitOf(config: Pick<Config, "dataDir" | "secretKey">, sealed: readonly SealedColumn[]): Fit {
  const { dataDir, secretKey } = config
  const keysHere = () => {
    const keys = readMasterKeys(dataDir, secretKey)
    if (keys) return keys
    throw new KeyringError(
      `${keyFileOf(dataDir)} is missing, and what the replica holds cannot be read without it; put it there, or set PURSER_SECRET_KEY. ` +
        "Nothing was taken",
    )
  }
  return {
    before: () => void keysHere(),
    copy(path) {
      const { refused } = readSchema(path)
      if (refused !== null) throw new MigrationError(`what the replica holds: ${refused}`)
      const reader = openReadOnly(path)
      try {
        checkCanary(reader, keyringOf(keysHere(), sealed))
      } catch (error) {
        if (!(error instanceof KeyringError)) throw error
        throw new KeyringError(
          `the key at hand does not open what the replica holds (${error.message}); put the secret.key of that house into ${dataDir}, ` +
            "or set PURSER_SECRET_KEY. The replica was given back",
        )
      } finally {
        reader.close()
      }
    },
  }
}
