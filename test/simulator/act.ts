// One thing that somebody does: how to do it to the real ledger, and what the model says must come of it.
import { AppError } from "../../src/app/index.ts"
import type { HoldRef, Ledger } from "../../src/ledger/index.ts"
import type { Plans } from "../../src/plans/index.ts"
import type { Lane, Store, Tx } from "../../src/store/index.ts"
import { type Books, Defect, Refused } from "./model/books.ts"
import { ctx } from "./operations/people.ts"
import type { Random } from "./random.ts"
import { InjectedFault } from "./seam.ts"

export interface Real {
  ledger: Ledger
  plans: Plans
  store: Store
  /** By call: what names its hold. Also of holds that were undone, which nobody asks for. */
  names: Map<string, HoldRef>
}

export interface Act {
  /** For the log: everything that matters, in one line. */
  text: string
  /** Without it, `realIn` is a write of its own. */
  real?(real: Real): Promise<unknown>
  /** Inside a write, alone or among others. */
  realIn?: (real: Real, tx: Tx) => unknown
  /** Of the write, when `realIn` stands alone. */
  lane?: Lane
  /** Throws Refused or Defect before it changes anything. @returns figures that the answer must have */
  predict(books: Books, now: number): unknown
  /** Several mutations, or reads between them: never together with other acts. */
  solo?: boolean
  /** The same wish once more, when the act itself cannot be done twice. */
  again?: () => Act
}

export interface Operation {
  name: string
  weight: number
  /** @returns null when there is nothing to do it with just now */
  make(scene: Scene): Act | null
}

/** What operations choose from. */
export interface Scene {
  random: Random
  books: Books
  /** What a mutation sees now. */
  now: number
  clockNow: number
  bootId: string
  wallet(): string
  /** Public id of a row that is committed; a made-up one when there is none. */
  publicId(table: "lots" | "v_transactions" | "payouts", id: number): string
  nameOf(callId: string): HoldRef
  /** Up to which charge days are summed. */
  foldedThrough(): number
  /** Never used before. */
  key(word: string): string
}

export const perform = (act: Act, real: Real): Promise<unknown> =>
  act.real?.(real) ?? real.store.write(ctx, (tx) => act.realIn!(real, tx) as unknown, { lane: act.lane ?? "normal" })

export type Outcome = { value: unknown } | { refused: string } | { defect: string } | { broken: true }

export const isRefusal = (outcome: Outcome): boolean => !("value" in outcome)

export async function outcomeOf(run: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { value: await run() }
  } catch (error) {
    if (error instanceof AppError) return { refused: error.code }
    if (error instanceof InjectedFault) return { broken: true }
    // A broken trigger or CHECK means that the ledger let something through that only SQLite caught.
    if ((error as Error).name === "SQLiteError") throw error
    return { defect: (error as Error).message }
  }
}

export function predicted(run: () => unknown): Outcome {
  try {
    return { value: run() }
  } catch (error) {
    if (error instanceof Refused) return { refused: error.code }
    if (error instanceof Defect) return { defect: error.message }
    throw error
  }
}

/** Figures of several answers, by the place of each. */
export const flat = (answers: unknown[]) =>
  Object.fromEntries(
    answers.flatMap((answer, at) => Object.entries(answer as object).map(([key, value]) => [`${at}.${key}`, value])),
  )
