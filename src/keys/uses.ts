// When each key was last used: gathered in memory and written together, so that no call waits for it and none writes for itself. What
// was spent with them is summed in the same breath.
import type { AccountId, KeyId } from "../app/index.ts"
import type { Core } from "./core.ts"
import { KEY_LIMITS as L } from "./limits.ts"
import { foldSpendIn, spendWalletsOf } from "./spend.ts"
import { keyById, saveUse } from "./store.ts"
import { unsummedWallets } from "./store-spend.ts"

const CTX = { actor: "system:keys", requestId: "job:key-uses", reason: "keys were used" }

export class Uses {
  /** As many as were used since the last write. */
  private gathered = new Map<KeyId, number>()

  constructor(private readonly core: Pick<Core, "store" | "log">) {}

  note(keyId: KeyId, atMs: number): void {
    this.gathered.set(keyId, atMs)
  }

  /** Not written yet; null = nothing is known here. */
  of(keyId: KeyId): number | null {
    return this.gathered.get(keyId) ?? null
  }

  /** Writes everything noted before. What cannot be written is kept for the next time. @returns keys written */
  async flush(): Promise<number> {
    const waiting = [...this.gathered]
    this.gathered = new Map()
    for (let at = 0; at < waiting.length; at += L.usesPerWriteMax) {
      try {
        await this.core.store.write(CTX, (tx) => {
          for (const [keyId, atMs] of waiting.slice(at, at + L.usesPerWriteMax)) saveUse(tx, keyId, atMs)
        })
      } catch (error) {
        this.core.log.warn("keys.uses_not_written", { keys: waiting.length - at, error })
        for (const [keyId, atMs] of waiting.slice(at)) if (!this.gathered.has(keyId)) this.gathered.set(keyId, atMs)
        return at
      }
    }
    await this.fold(waiting.map(([keyId]) => keyId))
    return waiting.length
  }

  /** Sums what was spent from the wallets of these keys, a slice a mutation. */
  async fold(keyIds: readonly KeyId[]): Promise<void> {
    const { store, log } = this.core
    const keys = keyIds.flatMap((id) => keyById(store.read, id) ?? [])
    for (const accountId of spendWalletsOf(store.read, keys)) {
      try {
        await this.foldWallet(accountId)
      } catch (error) {
        // The sums are as they were; the next use of a key tries again.
        log.warn("keys.spend_not_summed", { account: accountId, error })
      }
    }
  }

  /** Sums all there is, also what a process that died left to the next use of a key. @throws when it cannot be written */
  async foldAll(): Promise<void> {
    for (const accountId of unsummedWallets(this.core.store.read)) await this.foldWallet(accountId)
  }

  private async foldWallet(accountId: AccountId): Promise<void> {
    while (await this.core.store.write(CTX, (tx) => foldSpendIn(tx, accountId)));
  }
}
