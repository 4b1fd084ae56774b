// For tests of the ledger only: a fresh ledger on real SQLite with a clock that is turned by hand.
import { Database, type SQLQueryBindings } from "bun:sqlite"
import { expect, onTestFinished } from "bun:test"
import { AppError, createIds, type ErrorCode, type LotId, nano, PrincipalId, type VirtualClock } from "../app/index.ts"
import { columnsOf, type Lane, openTestStore, type Store, type StoreFaults, type Tx, testCtx } from "../store/index.ts"
import type { Mode, Owner, Principal, Sql } from "./books/types.ts"
import type { ChargeRow } from "./charges/store.ts"
import { charges } from "./charges/tables.ts"
import type { Charge } from "./charges/types.ts"
import type { ClaimInput } from "./claims/types.ts"
import type { Hold, HoldInput } from "./holds/types.ts"
import { createLedger, type Ledger } from "./index.ts"
import type { GrantInput } from "./lots/types.ts"

export const ctx = testCtx
export const person = (id: number): Principal => ({ kind: "principal", id: PrincipalId(id) })
export const ANN = person(1)
export const BOB = person(2)
export const DEV = person(9)

/** Without brands: a test writes plain numbers, bad ones among them. */
export type Plain<T> = T extends number
  ? number
  : T extends string | boolean | null | undefined
    ? T
    : { [Field in keyof T]: Plain<T[Field]> }

/** Every `…In` verb without its suffix, as a write of its own. */
type Writes = {
  [Verb in keyof Ledger as Verb extends `${infer Name}In` ? Name : never]: Ledger[Verb] extends (
    tx: Tx,
    ...args: infer Args
  ) => infer Result
    ? (...args: Plain<Args>) => Promise<Result>
    : never
}

const LANES: Record<string, Lane> = {
  holdIn: "hold",
  raiseIn: "hold",
  markIn: "settle",
  renewIn: "settle",
  settleIn: "settle",
  releaseIn: "settle",
}

export function writesOf(store: Store, ledger: Ledger): Writes {
  const verbs = Object.entries(ledger).filter(([name]) => name.endsWith("In")) as [
    string,
    (...args: unknown[]) => unknown,
  ][]
  return Object.fromEntries(
    verbs.map(([name, verb]) => [
      name.slice(0, -"In".length),
      (...args: unknown[]) => store.write(ctx, (tx) => verb(tx, ...args), { lane: LANES[name] ?? "normal" }),
    ]),
  ) as Writes
}

export interface Kit {
  ledger: Ledger
  /** `ledger`, each verb as a write of its own. */
  write: Writes
  store: Store
  clock: VirtualClock
  path: string
  /** The same books as the next process would see them. */
  reboot(bootId: string): Ledger
  grant(amountNano: number, more?: Partial<Plain<GrantInput>>): Promise<LotId>
  hold(amountNano: number, more?: Partial<Plain<HoldInput>>): Promise<Hold>
  claim(amountNano: number, more?: Partial<Plain<ClaimInput>>): ReturnType<Writes["claimDaily"]>
  free(owner?: Owner, mode?: Mode): number
}

export async function kit(faults: StoreFaults = {}): Promise<Kit> {
  const { store, clock, close, path } = await openTestStore({ faults })
  // A hook of this module would run for the first file alone that imports it.
  onTestFinished(close)
  const ids = createIds(clock)
  const reboot = (bootId: string) => createLedger({ store, clock, ids, bootId })
  const ledger = reboot("boot-1")
  const write = writesOf(store, ledger)
  let grants = 0
  return {
    ledger,
    write,
    store,
    clock,
    path,
    reboot,
    async grant(amountNano, more = {}) {
      const defaults = { owner: ANN, mode: "live", type: "bonus", bucket: "bonus", paid: false } as const
      return (await write.grant({ ...defaults, amountNano, key: `test:${++grants}`, ...more })).lotId
    },
    hold: (amountNano, more = {}) => write.hold(holdOf(amountNano, more)),
    claim: (amountNano, more = {}) =>
      write.claimDaily({ owner: ANN, mode: "live", amountNano, freeBudgetNano: null, auto: false, ...more }),
    free: (owner = ANN, mode = "live") => ledger.wallet(owner, mode).balanceNano,
  }
}

let calls = 0

/** A call of its own each time. */
export const holdOf = (amountNano: number, more: Partial<Plain<HoldInput>> = {}): Plain<HoldInput> => ({
  owner: ANN,
  mode: "live",
  amountNano,
  callId: `req_${++calls}`,
  scope: "llm",
  leaseMs: 60_000,
  inputCostNano: 0,
  ...more,
})

/** Balance of a platform account, or of the developer's, as exact text. */
export const balanceOf = (k: Kit, kind: string, mode = "live") =>
  k.store.read.get<{ nano: string }>(
    "SELECT balance_nano AS nano FROM v_ledger_accounts WHERE kind = ? AND mode = ? AND owner_id IN (0, 9)",
    kind,
    mode,
  )?.nano

/** A charge whose parts are 2 : 1 : 1, as SPEC §2 shares an app's call. */
export function chargeOf(totalNano: number): Charge {
  const developerNano = Math.floor(totalNano / 4)
  const platformNano = Math.floor(totalNano / 4)
  return {
    totalNano: nano(totalNano),
    upstreamNano: nano(totalNano - developerNano - platformNano),
    developerNano: nano(developerNano),
    platformNano: nano(platformNano),
  }
}

/** Every charge as its row says, in order. */
export const chargesOf = (k: Kit): ChargeRow[] =>
  k.store.read.all<ChargeRow>(`SELECT ${columnsOf(charges)} FROM charges ORDER BY id`)

export async function refused(promise: Promise<unknown>): Promise<AppError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error("was not refused")
}

/** Runs all at once and counts how many went through, and how many were refused with each code. */
export async function race(attempts: Promise<unknown>[]): Promise<Partial<Record<ErrorCode | "ok", number>>> {
  const counts: Partial<Record<ErrorCode | "ok", number>> = {}
  for (const result of await Promise.allSettled(attempts)) {
    if (result.status === "rejected" && !(result.reason instanceof AppError)) throw result.reason
    const name = result.status === "fulfilled" ? "ok" : result.reason.code
    counts[name as ErrorCode | "ok"] = (counts[name as ErrorCode | "ok"] ?? 0) + 1
  }
  return counts
}

export const readerOf = (db: Database): Sql => ({
  get: <R>(sql: string, ...params: SQLQueryBindings[]) => db.query(sql).get(...params) as R | null,
  all: <R>(sql: string, ...params: SQLQueryBindings[]) => db.query(sql).all(...params) as R[],
})

const TABLES = [
  "accounts",
  "lots",
  "open_holds",
  "charges",
  "charge_lots",
  "charge_days",
  "charge_client_days",
  "charge_fold",
  "charge_clear",
  "transactions",
  "entries",
  "claims",
  "free_budget_day",
  "corrections",
  "clawed_calls",
  "claw_repays",
  "earning_days",
  "earning_takes",
  "earning_maturities",
  "payouts",
  "sales",
  "wallet_callers",
]

/** Every row of the ledger, to compare before and after. */
export const everything = (sql: Sql): string =>
  JSON.stringify(TABLES.map((table) => [table, sql.all(`SELECT * FROM ${table}`)]))

export function expectHealthy(ledger: Ledger, sql?: Sql): void {
  const report = ledger.verify(sql)
  const broken = report.checks.filter((check) => check.violations > 0)
  expect(broken.map(({ name, violations, examples }) => ({ name, violations, examples }))).toEqual([])
  expect(report.ok).toBe(true)
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export const openRaw = (path: string): Database => new Database(path, { readwrite: true })
