// Between the ledger and the real store: notes in which order mutations ran and at what time, lets a test break a mutation or a
// commit, and lets a mutant change what a mutation does or what is remembered beside the writer. Store and SQLite are the real ones.
import type { Kept, SqlValue, Store, StoreFaults, Tx, WriteContext } from "../../src/store/index.ts"

export interface Ran {
  /** The act that asked for this mutation. */
  act: number
  now: number
  /** In which commit, counted from the start of the process. A batch that takes long is several. */
  commit: number
}

/** Thrown inside a mutation after it did some of its work: everything of it must be undone. */
export class InjectedFault extends Error {
  override name = "InjectedFault"
}

/** A transaction, but for what is given. */
export const viewOf = (tx: Tx, members: Partial<Tx>): Tx => Object.assign(Object.create(tx) as Tx, members)

export class Seam {
  /** Mutations in the order in which they ran. */
  ran: Ran[] = []
  /** The act whose verb is being called just now. */
  act = 0
  /** When set, every mutation dies after so many statements that write, or at its end. */
  breakAfter: number | null = null
  /** When set, SQLite takes the whole transaction back at the end of this mutation, counted from 0, as it does when the disk is full. */
  rollBackAt: number | null = null
  /** The commit that was lost by that; null when the mutation that was to do it was refused before. */
  rolledBack: number | null = null
  /** When set, every commit throws this instead (a batch that takes long is several commits). */
  breakCommit: (() => Error) | null = null
  /** A mutant's view of a transaction. */
  decorate: ((tx: Tx) => Tx) | null = null
  /** A mutant's change of what is kept in memory, when that is made. */
  remember: ((kept: Kept, seam: Seam) => void) | null = null
  /** Somebody else wrote since the last mutation. */
  isForeign = false
  private readonly known = new WeakSet<Kept>()

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
          this.isForeign = false
          this.ran.push({ act, now: tx.now, commit: store.stats.commits })
          const value = mutation(this.viewFor(tx))
          if (this.ran.length - 1 === this.rollBackAt) this.rollBack(tx)
          if (this.breakAfter !== null) throw new InjectedFault("the mutation died at its end")
          return value
        },
        options,
      )
    }
    return {
      write,
      committed: (listener) => store.committed(listener),
      checkpointWith: (copy) => store.checkpointWith(copy),
      leaveLog: (isLeft) => store.leaveLog(isLeft),
      emptyLog: () => store.emptyLog(),
      logPages: () => store.logPages(),
      read: store.read,
      path: store.path,
      stats: store.stats,
      close: () => store.close(),
    }
  }

  private rollBack(tx: Tx): never {
    this.rolledBack = this.ran.at(-1)!.commit
    tx.run("ROLLBACK")
    throw new InjectedFault("the disk is full")
  }

  private viewFor(tx: Tx): Tx {
    const seen = this.breakAfter === null ? tx : dying(tx, this.breakAfter)
    const noticed =
      this.decorate || this.remember ? viewOf(seen, { kept: (make) => this.noticed(seen.kept(make)) }) : seen
    return this.decorate?.(noticed) ?? noticed
  }

  /** What is written once a commit goes through the mutant, too. */
  private noticed<K extends Kept>(kept: K): K {
    if (this.known.has(kept)) return kept
    this.known.add(kept)
    const { decorate } = this
    const bring = kept.beforeCommit.bind(kept)
    if (decorate) kept.beforeCommit = (tx) => bring(decorate(tx))
    this.remember?.(kept, this)
    return kept
  }
}

function dying(tx: Tx, statements: number): Tx {
  let left = statements
  const count = () => {
    if (left-- <= 0) throw new InjectedFault("the mutation died half way")
  }
  return viewOf(tx, {
    run(sql: string, ...params: SqlValue[]) {
      count()
      return tx.run(sql, ...params)
    },
    insert(sql: string, values: SqlValue[]) {
      count()
      return tx.insert(sql, values)
    },
  })
}
