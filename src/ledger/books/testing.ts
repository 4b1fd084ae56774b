// For tests of what the writer remembers: whether it is what the rows say, and how often it was read.
import { expect, onTestFinished } from "bun:test"
import { LIMITS } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { usedOfApp } from "../charges/store.ts"
import { ANN, ctx, type Kit } from "../testing.ts"
import { BooksMemory, booksOf, type WalletEntry } from "./memory.ts"
import type { Principal } from "./types.ts"

/** What there is to know of a wallet, in a fixed order. */
function pictureOf(entry: WalletEntry | null) {
  return (
    entry && {
      id: entry.id,
      ownerId: entry.ownerId,
      debtNano: entry.debtNano,
      bookedNano: entry.bookedNano,
      lots: [...(entry.lots ?? [])].sort((a, b) => a.id - b.id),
      holds: [...entry.holds.values()].sort((a, b) => a.id - b.id),
    }
  )
}

/** Fails unless the memory knows of this wallet exactly what a fresh look at the rows of this transaction finds. */
export function assertTruth(tx: Tx, owner: Principal = ANN): void {
  const books = booksOf(tx)
  const known = books.walletOf(tx, owner, "live")
  if (known) books.lotsOf(tx, known)
  expect(pictureOf(known)).toEqual(pictureOf(new BooksMemory().walletOf(tx, owner, "live")))
  for (const [key, usedNano] of known?.used ?? []) {
    const [clientId, scope, day, callerId] = key.split(" ") as [string, string, string, string]
    const today = Math.floor(tx.now / 86_400_000)
    expect([key, usedNano]).toEqual([
      key,
      usedOfApp(
        tx,
        known!.id,
        { clientId: Number(clientId) as never, callerId: Number(callerId) as never, scope },
        Number(day),
        today,
      ),
    ])
  }
}

/** The same in a mutation of its own. */
export const expectTruth = (k: Kit, ...owners: Principal[]): Promise<void> =>
  k.store.write(ctx, (tx) => {
    for (const owner of owners.length > 0 ? owners : [ANN]) assertTruth(tx, owner)
  })

/** A mutation's own `tx` that notes every statement. */
export const spied = (tx: Tx, seen: string[]): Tx =>
  new Proxy(tx, {
    get(target, name) {
      const member = Reflect.get(target, name, target)
      if (typeof member !== "function") return member
      return (...args: unknown[]) => {
        if (name === "get" || name === "all" || name === "run") seen.push(args[0] as string)
        return member.apply(target, args)
      }
    },
  })

/** Statements that read what a wallet has: what the memory is there to spare. */
export const loadsIn = (seen: readonly string[]): string[] =>
  seen.filter((sql) => /FROM (accounts a|lots l INDEXED BY lots_of_wallet|open_holds)/.test(sql))

/** For the rest of this test a batch ends by its count alone, so that what is queued together is committed together. */
export function patientBatches(): void {
  const limits = LIMITS as { commitMutationsMsMax: number }
  const { commitMutationsMsMax } = limits
  limits.commitMutationsMsMax = 60_000
  onTestFinished(() => {
    limits.commitMutationsMsMax = commitMutationsMsMax
  })
}

/** For the rest of this test; to be called before its first kit. */
export function remembering(terms: { remembers?: boolean; walletsMax?: number }): void {
  const { remembers, limits } = BooksMemory
  BooksMemory.remembers = terms.remembers ?? remembers
  BooksMemory.limits = { ...limits, wallets: terms.walletsMax ?? limits.wallets }
  onTestFinished(() => {
    BooksMemory.remembers = remembers
    BooksMemory.limits = limits
  })
}
