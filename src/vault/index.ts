// The door of `vault`: exchanging the master key while the server runs. The file is changed first, the memory next, rows last, so that a
// crash at any moment leaves a key that opens everything.
import {
  AppError,
  createKeyring,
  kidOf,
  kidsOf,
  type MasterKeyring,
  type MasterKeys,
  newMasterKey,
  saveMasterKeys,
} from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { SealedColumn } from "../part/index.ts"
import type { Reader, Store, Tx, WriteContext } from "../store/index.ts"
import { CANARY, canaryKid, checkCanary, saveCanaryIn } from "./canary.ts"
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

/** Rounds of a reseal; after the first, only another process can have written with an older key. */
const ROUNDS_MAX = 5

export function createVault(deps: VaultDeps): Vault {
  const { store, keyring, sealed } = deps
  let keys = deps.keys
  /** Exchanges of keys, one after the other: each goes by which keys there are. */
  let last: Promise<unknown> = Promise.resolve()
  const alone = <T>(exchange: () => Promise<T>): Promise<T> => {
    const run = last.then(exchange, exchange)
    last = run
    return run
  }
  const put = (next: MasterKeys) => {
    saveMasterKeys(next)
    keys = next
    keyring.use(next.live, next.retired)
  }
  const rotate: Vault["rotate"] = async (ctx) => {
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
  }

  const reseal: Vault["reseal"] = async (ctx) => {
    const [current, ...older] = keys.live
    // Those of the environment can only be taken away there.
    const retiring = keys.file === null ? [] : older
    const kids = { retiring: retiring.map(kidOf), old: [...older, ...keys.retired].map(kidOf) }
    const done = await resealRows(deps, ctx, kids)
    if (retiring.length > 0) put({ ...keys, live: [current!], retired: [...retiring, ...keys.retired] })
    return { ...done, retired: kids.retiring }
  }

  return {
    state: () => vaultState(store.read, keys, sealed),
    exportedMs: () => exportedMs(store.read, keyring.kid),
    rotate: (ctx) => alone(() => rotate(ctx)),
    reseal: (ctx) => alone(() => reseal(ctx)),
    async noteExport(ctx) {
      await store.write(ctx, (tx) => {
        saveNote(tx, EXPORTED, JSON.stringify({ kid: keyring.kid, atMs: tx.now }))
        auditIn(tx, { action: "key.exported", subject: `key_${keyring.kid}` })
      })
    },
  }
}

/** The keys of a folder for its data: what is out of use opens rows, so that a copy from before an exchange of keys opens too. */
export const keyringOf = ({ live, retired }: MasterKeys, sealed: readonly SealedColumn[]): MasterKeyring =>
  createKeyring(live, { retired, purposes: new Set([CANARY, ...sealed.map(({ purpose }) => purpose)]) })

/**
 * Notes for the next time which key opens this data. To be called when it has.
 */
export async function fixCanary(store: Store, keyring: MasterKeyring): Promise<void> {
  if (checkCanary(store.read, keyring) && canaryKid(store.read) === keyring.kid) return
  const ctx = { actor: "system:boot", requestId: "boot", reason: "the key of this data" }
  await store.write(ctx, (tx) => saveCanaryIn(tx, keyring))
}

interface Kids {
  /** Out of use from then on. */
  retiring: readonly string[]
  /** All but the one that seals. */
  old: readonly string[]
}

/** Row by row until none is left. @throws AppError conflict when somebody goes on writing with an old key */
async function resealRows(
  deps: VaultDeps,
  ctx: WriteContext,
  kids: Kids,
): Promise<{ sealed: { what: string; rows: number }[]; lost: number }> {
  const rows = new Map(deps.sealed.map(({ what }) => [what, 0]))
  let left = { old: 0, lost: 0 }
  for (let round = 0; round < ROUNDS_MAX; round++) {
    for (const column of deps.sealed) {
      const sealed = await resealAll(deps, ctx, column, kids.old)
      rows.set(column.what, rows.get(column.what)! + sealed)
    }
    left = await deps.store.write(ctx, (tx) => retireIn(deps, tx, kids))
    if (left.old === 0) return { sealed: Array.from(rows, ([what, n]) => ({ what, rows: n })), lost: left.lost }
  }
  throw stillWritten(left.old)
}

/** Notes that older keys are out of use, unless a row still needs one. @returns how many do */
function retireIn({ keyring, sealed }: VaultDeps, tx: Tx, { old, retiring }: Kids): { old: number; lost: number } {
  const counts = sealed.map((column) => countSealed(tx, column, { current: keyring.kid, old }))
  const sum = (of: "old" | "lost") => counts.reduce((all, one) => all + one[of], 0)
  if (sum("old") === 0) {
    saveCanaryIn(tx, keyring)
    auditIn(tx, { action: "key.resealed", subject: `key_${keyring.kid}`, after: { retired: [...retiring] } })
  }
  return { old: sum("old"), lost: sum("lost") }
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
    sealed: sealed.map((column) => countSealed(reader, column, { current: kid, old: [...old, ...retired] })),
  }
}

/** A copy of another key is none of this one. */
function exportedMs(reader: Reader, kid: string): number | null {
  const note = readNote(reader, EXPORTED)
  if (note === null) return null
  const { kid: ofKey, atMs } = JSON.parse(note) as { kid: string; atMs: number }
  return ofKey === kid ? atMs : null
}

const stillWritten = (rows: number): AppError =>
  new AppError(
    "conflict",
    `${rows} values were sealed with an older key meanwhile, so that key stays in use. Stop what else writes to this database, then run: purser keys reseal`,
  )

const fromEnvironment = (): AppError =>
  new AppError(
    "conflict",
    "The secret key comes from PURSER_SECRET_KEY. Make a new one (openssl rand -hex 32), set PURSER_SECRET_KEY=NEW,OLD, " +
      "start the server again, then run: purser keys reseal",
  )
