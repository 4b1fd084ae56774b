// The canary: a value whose only use is to be opened. It tells at the start, to doctor and to whoever restored a backup, whether the key
// at hand is the key of this data.
import { type Keyring, KeyringError, kidOfBlob } from "../app/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { readNote, saveNote } from "./store.ts"

/** What it is sealed for. */
export const CANARY = "canary"
const [KEY, PURPOSE, PLACE, WORDS] = ["key_canary", CANARY, "meta:key_canary", "this key opens this data"]

/** @returns false when there is none yet, @throws KeyringError when the key at hand does not open it */
export function checkCanary(reader: Reader, keyring: Pick<Keyring, "open">): boolean {
  const sealed = readNote(reader, KEY)
  if (sealed === null) return false
  if (keyring.open(PURPOSE, PLACE, sealed) !== WORDS) throw new KeyringError("a sealed value does not open here")
  return true
}

/** Which key this data was last sealed with; null = nobody noted it yet. */
export function canaryKid(reader: Reader): string | null {
  const sealed = readNote(reader, KEY)
  return sealed === null ? null : kidOfBlob(sealed)
}

export const saveCanaryIn = (tx: Tx, keyring: Pick<Keyring, "seal">): void =>
  saveNote(tx, KEY, keyring.seal(PURPOSE, PLACE, WORDS))
