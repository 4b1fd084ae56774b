// Whose calls are cached without asking each time, in memory: every call asks.
import type { Reader, Tx } from "../../store/index.ts"
import type { Caller } from "../caller.ts"
import { allSwitches, type CacheOf } from "./store.ts"

export class Switches {
  private keys = new Map<number, number>()
  private apps = new Map<number, number>()

  constructor(private readonly reader: Reader) {
    this.load()
  }

  /** Seconds; 0 = off. */
  of(of: CacheOf): number {
    return ("keyId" in of ? this.keys.get(of.keyId) : this.apps.get(of.clientId)) ?? 0
  }

  /** What the key or app of a caller is set to. */
  ofCaller({ keyId, clientId }: Pick<Caller, "keyId" | "clientId">): number {
    if (keyId !== null) return this.of({ keyId })
    return clientId === null ? 0 : this.of({ clientId })
  }

  /** In force right after the change is committed. */
  changedIn(tx: Tx): void {
    tx.afterCommit(() => this.load())
  }

  private load(): void {
    this.keys = new Map()
    this.apps = new Map()
    for (const { keyId, clientId, seconds } of allSwitches(this.reader)) {
      if (keyId !== null) this.keys.set(keyId, seconds)
      if (clientId !== null) this.apps.set(clientId, seconds)
    }
  }
}
