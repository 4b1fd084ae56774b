// When each product key was last used, and how often: gathered in memory and written together, so that no call waits for it.
import type { CallsCore } from "../core.ts"
import { CALL_LIMITS as L } from "../limits.ts"
import { saveUse } from "./store.ts"

const CTX = { actor: "system:marketplace", requestId: "job:product-key-uses", reason: "keys were used" }

interface Use {
  atMs: number
  calls: number
}

export class ProductKeyUses {
  private gathered = new Map<number, Use>()

  constructor(private readonly core: Pick<CallsCore, "store" | "log">) {}

  note(keyId: number, atMs: number, calls = 1): void {
    const use = this.gathered.get(keyId)
    if (!use) this.gathered.set(keyId, { atMs, calls })
    else {
      use.atMs = Math.max(use.atMs, atMs)
      use.calls += calls
    }
  }

  /** Not written yet. */
  of(keyId: number): Use | null {
    return this.gathered.get(keyId) ?? null
  }

  /** What cannot be written is kept for the next time. */
  async flush(): Promise<void> {
    const waiting = [...this.gathered]
    this.gathered = new Map()
    for (let at = 0; at < waiting.length; at += L.usesPerWriteMax) {
      try {
        await this.core.store.write(CTX, (tx) => {
          for (const [keyId, { atMs, calls }] of waiting.slice(at, at + L.usesPerWriteMax))
            saveUse(tx, keyId, atMs, calls)
        })
      } catch (error) {
        this.core.log.warn("marketplace.key_uses_not_written", { keys: waiting.length - at, error })
        for (const [keyId, { atMs, calls }] of waiting.slice(at)) this.note(keyId, atMs, calls)
        return
      }
    }
  }
}
