// Between the ledger and the real store: notes in which order mutations ran and at what time, lets a test break a mutation or a
// commit, and lets a mutant change what a mutation does. The store and its SQLite are the real ones.
import type { Store, StoreFaults, Tx, WriteContext } from "../../src/store/index.ts"

export interface Ran {
  /** The act that asked for this mutation. */
  act: number
  now: number
}

/** Thrown inside a mutation after it did its work: everything of it must be undone. */
export class InjectedFault extends Error {
  override name = "InjectedFault"
}

export class Seam {
  /** Mutations in the order in which they ran. */
  ran: Ran[] = []
  /** The act whose verb is being called just now. */
  act = 0
  /** When set, every mutation dies at its end. */
  breakMutations = false
  /** When set, every commit throws this instead (a batch that takes long is several commits). */
  breakCommit: (() => Error) | null = null
  /** A mutant's view of a transaction. */
  decorate: ((tx: Tx) => Tx) | null = null

  readonly faults: StoreFaults = {
    beforeCommit: (): void => {
      if (this.breakCommit) throw this.breakCommit()
    },
  }

  wrap(store: Store): Store {
    const write: Store["write"] = (ctx: WriteContext, mutation, options) => {
      const { act } = this
      return store.write(
        ctx,
        (tx) => {
          this.ran.push({ act, now: tx.now })
          const value = mutation(this.decorate ? this.decorate(tx) : tx)
          if (this.breakMutations) throw new InjectedFault("the mutation died at its end")
          return value
        },
        options,
      )
    }
    return {
      write,
      committed: (listener) => store.committed(listener),
      checkpointWith: (copy) => store.checkpointWith(copy),
      read: store.read,
      path: store.path,
      stats: store.stats,
      close: () => store.close(),
    }
  }
}
