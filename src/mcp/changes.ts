// Who wants to know that a group offers something else now: sessions of programs with it. In memory; told between commit and answer.
import type { Tx } from "../store/index.ts"

export class Changes {
  private readonly listeners = new Map<number, Set<() => void>>()

  /** @returns to be called when nobody listens any more */
  on(groupId: number, listener: () => void): () => void {
    const all = this.listeners.get(groupId) ?? new Set()
    this.listeners.set(groupId, all)
    all.add(listener)
    return () => {
      all.delete(listener)
      if (all.size === 0) this.listeners.delete(groupId)
    }
  }

  toldIn(tx: Tx, groupId: number): void {
    tx.afterCommit(() => {
      for (const listener of this.listeners.get(groupId) ?? []) listener()
    })
  }
}
