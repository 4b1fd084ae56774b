// For tests only: a person's own key at a provider, without a plan that has them.
import { type Keyring, UserId } from "../app/index.ts"
import { sealIn } from "../part/index.ts"
import type { Tx } from "../store/index.ts"
import { SEALED_PROVIDER_KEYS } from "./personal/ring.ts"
import { insertKey, setTest, setUseCredits } from "./personal/store.ts"

export function addProviderKeyIn(
  tx: Tx,
  keyring: Keyring,
  userId: number,
  publicId = "pky_01JD4Z9W5H7Q8R2T3V4X5Y6Z7A",
): string {
  const keySealed = sealIn(tx, keyring, SEALED_PROVIDER_KEYS, [publicId], "sk-a-key-of-a-person-0000")
  insertKey(tx, { publicId, userId: UserId(userId), provider: "openai", place: 0, keySealed, hint: "0000" })
  const { id } = tx.get<{ id: number }>("SELECT id FROM provider_keys WHERE public_id = ?", publicId)!
  setTest(tx, id, true, "Works: 84 models in 312 ms.")
  setUseCredits(tx, UserId(userId), true)
  return publicId
}
