// A sealed key that was read before it is used: since then every row may have been sealed anew, by another master key.
import type { Keyring, Log } from "../../app/index.ts"
import type { SealedColumn } from "../../part/index.ts"

/** @param anew the row's of now; null = it is gone. @returns null when neither can be opened */
export function openedFrom(
  log: Log,
  keyring: Pick<Keyring, "open">,
  { purpose, place }: SealedColumn,
  publicId: string,
  sealed: string,
  anew: () => string | null,
): string | null {
  try {
    return keyring.open(purpose, place(publicId), sealed)
  } catch {
    const now = anew()
    if (now === null) return null
    try {
      return keyring.open(purpose, place(publicId), now)
    } catch (error) {
      log.error("gateway.personal_key_unreadable", { key: publicId, error })
      return null
    }
  }
}
