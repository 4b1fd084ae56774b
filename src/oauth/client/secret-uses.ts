// When each secret was last used: gathered in memory and written together, so that no token request waits for it or writes for itself.
import type { Store } from "../../store/index.ts"
import type { ClientSecret } from "../types.ts"
import { saveSecretUse, secretsOf } from "./store-secrets.ts"

const CTX = { actor: "system:oauth", requestId: "job:secret-uses", reason: "client secrets were used" }

/** As many as there are secrets that were used since the last write; each is a row already. */
export class SecretUses {
  private gathered = new Map<number, number>()

  constructor(private readonly store: Store) {}

  note(id: number, atMs: number): void {
    this.gathered.set(id, atMs)
  }

  shown(clientId: number): ClientSecret[] {
    return secretsOf(this.store.read, clientId).map(({ id, ...row }) => ({
      ...row,
      usedMs: this.gathered.get(id) ?? row.usedMs,
    }))
  }

  /** What cannot be written is kept for the next time. */
  async flush(): Promise<number> {
    const waiting = this.gathered
    if (waiting.size === 0) return 0
    this.gathered = new Map()
    try {
      await this.store.write(CTX, (tx) => {
        for (const [id, atMs] of waiting) saveSecretUse(tx, id, atMs)
      })
      return waiting.size
    } catch (error) {
      this.gathered = new Map([...waiting, ...this.gathered])
      throw error
    }
  }
}
