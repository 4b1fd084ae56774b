// What every verb of keys works with, and the count of changes by which looked-up secrets know that they are old.
import { AppError, type KeyId } from "../app/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { keyByPublicId } from "./store.ts"
import type { ApiKeyShown, KeyRef, KeysDeps } from "./types.ts"

export interface Core extends KeysDeps {
  /** How often each key was changed since the start; changed between the commit and its answer. */
  readonly changes: Map<KeyId, number>
}

/** After the commit nothing that was looked up before counts any more. */
export function changedIn(core: Core, tx: Tx, keyId: KeyId): void {
  tx.afterCommit(() => void core.changes.set(keyId, changesOf(core, keyId) + 1))
}

export const changesOf = (core: Pick<Core, "changes">, keyId: KeyId): number => core.changes.get(keyId) ?? 0

/** Another person's key is not there. @throws AppError not_found */
export function mineIn(reader: Reader, { userId, keyPublicId }: KeyRef, nowMs: number): ApiKeyShown {
  const key = keyByPublicId(reader, userId, keyPublicId, nowMs)
  if (!key) throw new AppError("not_found", "There is no such key. Your keys are listed under API keys.")
  return key
}

/** @throws AppError not_found, conflict */
export function aliveIn(tx: Tx, ref: KeyRef): ApiKeyShown {
  const key = mineIn(tx, ref, tx.now)
  if (key.revokedMs !== null) throw new AppError("conflict", "This key was revoked. Make a new one.")
  return key
}
