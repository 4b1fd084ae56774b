// The people, the calls and the file that the ledger's benchmarks work on; everything is made through the ledger's own verbs.
import { ClientId, createIds, DAY_MS, nano, PrincipalId, RouteId, systemClock } from "../../src/app/index.ts"
import { type CallEnd, createLedger, type Ledger, type Principal } from "../../src/ledger/index.ts"
import { openStore, type Store, type StoreFaults, type Tx } from "../../src/store/index.ts"

export const LOT_NANO = nano(1_000_000_000_000)
export const HOLD_NANO = nano(2_000_000)
export const CHARGE = {
  totalNano: nano(1_400_000),
  upstreamNano: nano(700_000),
  developerNano: nano(350_000),
  platformNano: nano(350_000),
}
/** What every call came to. */
export const CALL: CallEnd = {
  status: 200,
  errorCode: null,
  end: "done",
  latencyMs: 840,
  firstTokenMs: 210,
  inputTokens: 1_200,
  cachedTokens: 0,
  outputTokens: 340,
  reasoningTokens: 0,
  source: "reported",
}
const ids = createIds()
export const CLIENT_ID = ClientId(7)
export const SCOPE = "llm"
export const CTX = { actor: "app:cli_bench", onBehalfOf: "user:usr_bench", requestId: "req_bench", reason: "chat call" }

export const owner = (id: number): Principal => ({ kind: "principal", id: PrincipalId(id) })
export const DEVELOPER = owner(10_000_000)

export const random = (max: number) => 1 + Math.floor(Math.random() * max)

export interface Bench {
  store: Store
  ledger: Ledger
}

export function open(path: string, faults: StoreFaults = {}): Bench {
  const store = openStore(path, { faults })
  return { store, ledger: createLedger({ store, clock: systemClock, ids: createIds(), bootId: "bench" }) }
}

/** Gives each of `users` their lots, the first three promo, the rest paid. */
export async function seed({ store, ledger }: Bench, users: number, lotsPerUser: number): Promise<void> {
  const expiresMs = Date.now() + 30 * DAY_MS
  const grant = (tx: Tx, user: number, lot: number) => {
    const paid = lot >= 3 || lotsPerUser === 1
    ledger.grantIn(tx, {
      owner: owner(user),
      mode: "live",
      type: paid ? "topup" : "bonus",
      bucket: paid ? "purchase" : "bonus",
      amountNano: LOT_NANO,
      paid,
      expiresMs: paid ? null : expiresMs + lot,
      key: `seed:${user}:${lot}`,
    })
  }
  for (let first = 1; first <= users; first += 100) {
    await store.write(CTX, (tx) => {
      for (let user = first; user < Math.min(first + 100, users + 1); user++) {
        for (let lot = 0; lot < lotsPerUser; lot++) grant(tx, user, lot)
      }
    })
  }
  // Opens the developer's account, so that the floor can know its id.
  await cycle({ store, ledger }, 1)
}

/** Grows the file by `count` charged calls of random users, many to a write. @param heavy user who makes every second call */
export async function fill({ store, ledger }: Bench, users: number, count: number, heavy?: number): Promise<void> {
  const perWrite = 200
  for (let done = 0; done < count; done += perWrite) {
    await store.write(CTX, (tx) => {
      for (let index = 0; index < perWrite; index++) {
        const user = heavy !== undefined && index % 2 === 0 ? heavy : random(users)
        const hold = ledger.holdIn(tx, holdInput(user))
        ledger.settleIn(tx, { hold, charge: CHARGE, developer: DEVELOPER, call: CALL })
      }
    })
  }
}

const holdInput = (user: number) => ({
  owner: owner(user),
  mode: "live" as const,
  amountNano: HOLD_NANO,
  callId: ids.next("req"),
  scope: SCOPE,
  clientId: CLIENT_ID,
  routeId: RouteId(1),
  dailyNano: nano(1_000 * LOT_NANO),
  leaseMs: 600_000,
  inputCostNano: nano(100_000),
  developer: DEVELOPER,
  split: { upstream: 2, developer: 1, platform: 1 },
})

async function cycle({ store, ledger }: Bench, user: number): Promise<void> {
  const hold = await store.write(CTX, (tx) => ledger.holdIn(tx, holdInput(user)), { lane: "hold" })
  const settle = { hold, charge: CHARGE, developer: DEVELOPER, call: CALL }
  await store.write(CTX, (tx) => ledger.settleIn(tx, settle), { lane: "settle" })
}

/** @returns cycles per second of `callers` that each wait for one durable answer before the next call */
export async function cycles(bench: Bench, users: number, callers: number, ms: number): Promise<number> {
  const started = performance.now()
  let done = 0
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() - started < ms) {
        await cycle(bench, random(users))
        done++
      }
    }),
  )
  return (done / (performance.now() - started)) * 1_000
}
