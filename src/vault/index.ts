// The door of `vault`: exchanging the master key while the server runs. The file is changed first, the memory next, rows last, so that a
// crash at any moment leaves a key that opens everything.
import {
  AppError,
  kidOf,
  kidsOf,
  type MasterKeyring,
  type MasterKeys,
  newMasterKey,
  saveMasterKeys,
} from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { SealedColumn } from "../part/index.ts"
import type { Reader, Store, WriteContext } from "../store/index.ts"
import { canaryKid, checkCanary, saveCanaryIn } from "./canary.ts"
import { countSealed, readNote, saveNote, saveSealed, sealedBy } from "./store.ts"
import type { Vault, VaultState } from "./types.ts"

export { canaryKid, checkCanary } from "./canary.ts"
export { vaultPart } from "./part.ts"
export type * from "./types.ts"

/** Rows of one commit: about 5 ms of opening and sealing. */
const BATCH_ROWS = 200
const EXPORTED = "key_exported"

export interface VaultDeps {
  store: Store
  keyring: MasterKeyring
  keys: MasterKeys
  sealed: readonly SealedColumn[]
}

export function createVault(deps: VaultDeps): Vault {
  const { store, keyring, sealed } = deps
  let keys = deps.keys
  const put = (next: MasterKeys) => {
    saveMasterKeys(next)
    keys = next
    keyring.use(next.live)
  }
  return {
    state: () => vaultState(store.read, keys, sealed),
    exportedMs: () => exportedMs(store.read, keyring.kid),
    async rotate(ctx) {
      if (keys.file === null) throw fromEnvironment()
      const old = keyring.kid
      put({ ...keys, live: [newMasterKey(), ...keys.live] })
      await store.write(ctx, (tx) => {
        saveCanaryIn(tx, keyring)
        auditIn(tx, {
          action: "key.rotated",
          subject: `key_${keyring.kid}`,
          before: { key: old },
          after: { key: keyring.kid },
        })
      })
      return { kid: keyring.kid, old }
    },
    async reseal(ctx) {
      const older = keys.live.slice(1)
      const kids = older.map(kidOf)
      const done: { what: string; rows: number }[] = []
      for (const column of sealed) done.push({ what: column.what, rows: await resealAll(deps, ctx, column, kids) })
      const lost = vaultState(store.read, keys, sealed).sealed.reduce((sum, one) => sum + one.lost, 0)
      // Those of the environment can only be taken away there.
      const retiring = keys.file === null ? [] : older
      await store.write(ctx, (tx) => {
        saveCanaryIn(tx, keyring)
        auditIn(tx, { action: "key.resealed", subject: `key_${keyring.kid}`, after: { retired: retiring.map(kidOf) } })
      })
      if (retiring.length > 0) put({ ...keys, live: keys.live.slice(0, 1), retired: [...retiring, ...keys.retired] })
      return { sealed: done, lost, retired: retiring.map(kidOf) }
    },
    async noteExport(ctx) {
      await store.write(ctx, (tx) => {
        saveNote(tx, EXPORTED, JSON.stringify({ kid: keyring.kid, atMs: tx.now }))
        auditIn(tx, { action: "key.exported", subject: `key_${keyring.kid}` })
      })
    },
  }
}

/**
 * Notes for the next time which key opens this data. To be called when it has.
 */
export async function fixCanary(store: Store, keyring: MasterKeyring): Promise<void> {
  if (checkCanary(store.read, keyring) && canaryKid(store.read) === keyring.kid) return
  const ctx = { actor: "system:boot", requestId: "boot", reason: "the key of this data" }
  await store.write(ctx, (tx) => saveCanaryIn(tx, keyring))
}

/** @returns rows sealed anew */
async function resealAll(
  { store, keyring }: VaultDeps,
  ctx: WriteContext,
  column: SealedColumn,
  kids: readonly string[],
): Promise<number> {
  let total = 0
  for (;;) {
    const rows = await store.write(ctx, (tx) => {
      const batch = sealedBy(tx, column, kids, BATCH_ROWS)
      for (const { id, blob, values } of batch) {
        const place = column.place(...values)
        const plain = keyring.open(column.purpose, place, blob)
        saveSealed(tx, column, { id, blob: keyring.seal(column.purpose, place, plain) })
      }
      return batch.length
    })
    total += rows
    if (rows < BATCH_ROWS) return total
  }
}

/** What is known without a running server. */
export function vaultState(reader: Reader, keys: MasterKeys, sealed: readonly SealedColumn[]): VaultState {
  const { live, retired } = kidsOf(keys)
  const [kid = "", ...old] = live
  return {
    kid,
    old,
    retired,
    file: keys.file,
    exportedMs: exportedMs(reader, kid),
    sealed: sealed.map((column) => countSealed(reader, column, { current: kid, old })),
  }
}

/** A copy of another key is none of this one. */
function exportedMs(reader: Reader, kid: string): number | null {
  const note = readNote(reader, EXPORTED)
  if (note === null) return null
  const { kid: ofKey, atMs } = JSON.parse(note) as { kid: string; atMs: number }
  return ofKey === kid ? atMs : null
}

const fromEnvironment = (): AppError =>
  new AppError(
    "conflict",
    "The secret key comes from PURSER_SECRET_KEY. Make a new one (openssl rand -hex 32), set PURSER_SECRET_KEY=NEW,OLD, " +
      "start the server again, then run: purser keys reseal",
  )
