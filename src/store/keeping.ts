// What domains keep in memory beside one writer, told what becomes of every mutation and commit (`Kept`).
import type { Kept, Tx } from "./types.ts"

export class Keeping {
  private readonly byKind = new Map<() => Kept, Kept>()
  private readonly all: Kept[] = []

  /** The one of this kind, made at its first use. */
  of<K extends Kept>(make: () => K): K {
    const known = this.byKind.get(make)
    if (known) return known as K
    const made = make()
    this.byKind.set(make, made)
    this.all.push(made)
    return made
  }

  mutationEnded(undone: boolean): void {
    for (const kept of this.all) kept.mutationEnded(undone)
  }

  beforeCommit(tx: () => Tx): void {
    for (const kept of this.all) kept.beforeCommit(tx())
  }

  forget(): void {
    for (const kept of this.all) kept.forget()
  }
}
