// Durable hold + settle cycles per second through the ledger, against a floor: raw grouped SQLite writes of the very same
// rows in groups of the same size in the same run, with no reads, no decisions, no hashing, no savepoints. `--quick` runs about 1 % of it.
import { Database } from "bun:sqlite"
import { closeSync, copyFileSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs"
import { cpus, tmpdir } from "node:os"
import { join } from "node:path"
import { createIds, DAY_MS, dayOf, systemClock } from "../src/app/index.ts"
import { createLedger, type Ledger, type Owner } from "../src/ledger/index.ts"
import { openStore, type Store } from "../src/store/index.ts"

export interface LedgerBenchOptions {
  quick?: boolean
  print?: (line: string) => void
}
export interface LedgerBenchResult {
  bench: "ledger"
  /** The worst of the three. */
  ratio: number
  ratios: Record<string, number>
  cycles_per_s: Record<string, number>
  floor_per_s: Record<string, number>
  cpus: number
  fsync_ms: number
  users: number
  lots: number
}

const LOTS_PER_USER = 5
const CALLERS = [1, 32, 256]
const LOT_NANO = 1_000_000_000_000
const HOLD_NANO = 2_000_000
const CHARGE = { totalNano: 1_400_000, upstreamNano: 700_000, developerNano: 350_000, platformNano: 350_000 }
const CLIENT_ID = 7
const SCOPE = "llm"
/** Odd; ours and the floor take turns, and the median of the rounds' ratios counts: a busy machine hits both. */
const ROUNDS = 7
const CTX = { actor: "app:cli_bench", onBehalfOf: "user:usr_bench", requestId: "req_bench", reason: "chat call" }

export async function run(options: LedgerBenchOptions = {}): Promise<LedgerBenchResult> {
  const print = options.print ?? console.log
  const users = options.quick ? 100 : 10_000
  const roundMs = options.quick ? 40 : 500
  const folder = mkdtempSync(join(tmpdir(), "purser-bench-"))
  try {
    const path = join(folder, "ledger.db")
    await seed(path, users)
    copyFileSync(path, join(folder, "floor.db"))
    const fsyncMs = measureFsync(folder)
    print(`${cpus().length} CPUs (${cpus()[0]?.model}), fsync ${fsyncMs.toFixed(3)} ms, ${folder}`)
    print(`${users} users, ${users * LOTS_PER_USER} lots, synchronous=FULL, ${ROUNDS} rounds of ${roundMs} ms each`)

    const store = openStore(path)
    const ledger = createLedger({ store, clock: systemClock, ids: createIds(), bootId: "bench" })
    const floor = openFloor(join(folder, "floor.db"), users)
    const result: LedgerBenchResult = {
      bench: "ledger",
      ratio: Number.POSITIVE_INFINITY,
      ratios: {},
      cycles_per_s: {},
      floor_per_s: {},
      cpus: cpus().length,
      fsync_ms: Number(fsyncMs.toFixed(3)),
      users,
      lots: users * LOTS_PER_USER,
    }
    for (const callers of CALLERS) {
      const rounds: { ours: number; floor: number; group: number }[] = []
      await cycles(ledger, users, callers, roundMs / 2)
      floor.cycles(callers, roundMs / 2)
      for (let round = 0; round < ROUNDS; round++) {
        const before = { ...store.stats }
        const ours = await cycles(ledger, users, callers, roundMs)
        const bodies = (store.stats.bodies - before.bodies) / (store.stats.commits - before.commits)
        const group = Math.max(1, Math.round(bodies))
        rounds.push({ ours, group, floor: floor.cycles(group, roundMs) })
      }
      const rate = median(rounds.map((round) => round.ours))
      const floorRate = median(rounds.map((round) => round.floor))
      const ratio = median(rounds.map((round) => round.ours / round.floor))
      result.ratios[callers] = Number(ratio.toFixed(3))
      result.cycles_per_s[callers] = Math.round(rate)
      result.floor_per_s[callers] = Math.round(floorRate)
      result.ratio = Math.min(result.ratio, result.ratios[callers]!)
      print(
        `${String(callers).padStart(4)} callers: ${Math.round(rate)} cycles/s, ${median(rounds.map((r) => r.group))} a commit; ` +
          `floor, same groups: ${Math.round(floorRate)}; ratio ${ratio.toFixed(2)}`,
      )
    }
    printRows(store, floor.db, print)
    const report = ledger.verify()
    print(`books ${report.ok ? "verify" : "DO NOT VERIFY"}: ${report.transactions} transactions`)
    floor.db.close()
    await store.close()
    if (!report.ok) throw new Error("the books do not verify after the benchmark")
    print(JSON.stringify(result))
    return result
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const owner = (id: number): Owner => ({ kind: "principal", id })
const DEVELOPER = owner(1_000_000)

async function seed(path: string, users: number): Promise<void> {
  const store = openStore(path)
  const ledger = createLedger({ store, clock: systemClock, ids: createIds(), bootId: "seed" })
  const expiresMs = Date.now() + 30 * DAY_MS
  for (let first = 1; first <= users; first += 100) {
    await store.write(CTX, (tx) => {
      for (let user = first; user < Math.min(first + 100, users + 1); user++) {
        for (let lot = 0; lot < LOTS_PER_USER; lot++) {
          const paid = lot >= 3
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
      }
    })
  }
  // Opens the developer's account, so that the floor can know its id.
  await cycle(ledger, 1)
  await store.close()
}

const random = (max: number) => 1 + Math.floor(Math.random() * max)

async function cycle(ledger: Ledger, user: number): Promise<void> {
  const hold = await ledger.hold(CTX, {
    owner: owner(user),
    mode: "live",
    amountNano: HOLD_NANO,
    callId: "req_01KDVDNA000FRJB5FE3RN6SHAB",
    scope: SCOPE,
    limit: { clientId: CLIENT_ID, scope: SCOPE, dailyNano: LOT_NANO },
    leaseMs: 600_000,
    inputCostNano: 100_000,
    developer: DEVELOPER,
    split: { upstream: 2, developer: 1, platform: 1 },
  })
  await ledger.settle(CTX, { holdId: hold.id, charge: CHARGE, developer: DEVELOPER })
}

/** @returns cycles per second of `callers` that each wait for one durable answer before the next call */
async function cycles(ledger: Ledger, users: number, callers: number, ms: number): Promise<number> {
  const started = performance.now()
  let done = 0
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() - started < ms) {
        await cycle(ledger, random(users))
        done++
      }
    }),
  )
  return (done / (performance.now() - started)) * 1_000
}

/** The same inserts and updates as a hold and a settle on one lot, values computed beforehand. */
function openFloor(path: string, users: number) {
  const db = new Database(path, { readwrite: true, strict: true })
  for (const pragma of ["journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "cache_size = -65536"]) {
    db.run(`PRAGMA ${pragma}`)
  }
  const first = db
    .query<{ account: number; lot: number }, []>(
      `SELECT l.account_id AS account, MIN(l.id) AS lot FROM lots l GROUP BY l.account_id ORDER BY l.account_id`,
    )
    .all()
  const developer = db.query<{ id: number }, []>("SELECT id FROM accounts WHERE kind = 'pending'").get()!.id
  const hash = new Uint8Array(32).fill(7)
  let txn = db.query<{ n: number }, []>("SELECT MAX(id) AS n FROM transactions").get()!.n
  let hold = db.query<{ n: number }, []>("SELECT MAX(id) AS n FROM holds").get()!.n
  const sql = {
    begin: db.prepare("BEGIN IMMEDIATE"),
    commit: db.prepare("COMMIT"),
    hold: db.prepare(
      `INSERT INTO holds (account_id, call_id, boot_id, reason, client_id, scope, limit_scope, day, amount_nano, stage,
         input_cost_nano, known_cost_nano, split_upstream, split_developer, split_platform, developer_id,
         lease_until_ms, created_ms) VALUES (?, ?, ?, 'bench', ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)`,
    ),
    holdLot: db.prepare("INSERT INTO hold_lots (hold_id, lot_id, seq, amount_nano) VALUES (?, ?, ?, ?)"),
    lotHeld: db.prepare("UPDATE lots SET held_nano = held_nano + ? WHERE id = ?"),
    limitHeld: db.prepare(
      `INSERT INTO limit_day (account_id, client_id, scope, day, used_nano, held_nano) VALUES (?, ?, ?, ?, 0, ?)
       ON CONFLICT DO UPDATE SET held_nano = held_nano + excluded.held_nano`,
    ),
    lotUsed: db.prepare(
      `UPDATE lots SET held_nano = held_nano - ?, consumed_nano = consumed_nano + ?, expired_nano = expired_nano + ?,
         remaining_nano = remaining_nano - ? WHERE id = ?`,
    ),
    txn: db.prepare(
      `INSERT INTO transactions (id, public_id, type, mode, at_ms, actor, on_behalf_of, request_id, reason, key, reverses,
         hold_id, usage_id, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    balance: db.prepare("UPDATE accounts SET balance_nano = balance_nano + ? WHERE id = ?"),
    entry: db.prepare(
      `INSERT INTO entries (transaction_id, seq, account_id, amount_nano, lot_id, balance_after_nano)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    resolve: db.prepare(
      `UPDATE holds SET state = ?, resolved_ms = ?, transaction_id = ?, charge_nano = ?, charge_upstream_nano = ?,
         charge_developer_nano = ?, charge_platform_nano = ?, collected_nano = ?, uncollected_nano = ?, developer_id = ?
       WHERE id = ? AND state = 'open'`,
    ),
    limitUsed: db.prepare(
      `UPDATE limit_day SET held_nano = held_nano - ?, used_nano = used_nano + ?
       WHERE account_id = ? AND client_id = ? AND scope = ? AND day = ?`,
    ),
  }
  const entries = (account: number, lot: number) =>
    [
      [account, -CHARGE.totalNano, lot],
      [2, CHARGE.upstreamNano, null],
      [developer, CHARGE.developerNano, null],
      [1, CHARGE.platformNano, null],
    ] as const

  const group = (callers: number) => {
    const now = Date.now()
    const day = dayOf(now)
    const picks = Array.from({ length: callers }, () => first[random(users) - 1]!)
    const firstHold = hold + 1
    sql.begin.run()
    for (const { account, lot } of picks) {
      hold++
      sql.hold.run(account, "req_01KDVDNA000FRJB5FE3RN6SHAB", "bench", CLIENT_ID, SCOPE, SCOPE, day, HOLD_NANO, "held",
        100_000, 2, 1, 1, DEVELOPER.id, now + 600_000, now) // biome-ignore format: one row
      sql.lotHeld.run(HOLD_NANO, lot)
      sql.holdLot.run(hold, lot, 0, HOLD_NANO)
      sql.limitHeld.run(account, CLIENT_ID, SCOPE, day, HOLD_NANO)
    }
    sql.commit.run()
    sql.begin.run()
    for (let index = 0; index < callers; index++) {
      const { account, lot } = picks[index]!
      txn++
      sql.lotUsed.run(HOLD_NANO, CHARGE.totalNano, 0, CHARGE.totalNano, lot)
      const publicId = `txn_01KDVDNA00${String(txn).padStart(16, "0")}`
      sql.txn.run(txn, publicId, "usage", "live", now, CTX.actor, CTX.onBehalfOf, CTX.requestId, CTX.reason, null, null,
        firstHold + index, null, hash, hash) // biome-ignore format: one row
      let seq = 0
      for (const [id, amount, lotId] of entries(account, lot)) {
        sql.balance.run(amount, id)
        sql.entry.run(txn, seq++, id, amount, lotId, 1_000_000_000)
      }
      sql.resolve.run("settled", now, txn, CHARGE.totalNano, CHARGE.upstreamNano, CHARGE.developerNano,
        CHARGE.platformNano, CHARGE.totalNano, 0, DEVELOPER.id, firstHold + index) // biome-ignore format: one row
      sql.limitUsed.run(HOLD_NANO, CHARGE.totalNano, account, CLIENT_ID, SCOPE, day)
    }
    sql.commit.run()
  }
  return {
    db,
    cycles(callers: number, ms: number): number {
      const started = performance.now()
      let done = 0
      while (performance.now() - started < ms) {
        group(callers)
        done += callers
      }
      return (done / (performance.now() - started)) * 1_000
    },
  }
}

function measureFsync(folder: string): number {
  const path = join(folder, "fsync")
  const file = openSync(path, "w")
  const times: number[] = []
  for (let index = 0; index < 50; index++) {
    writeSync(file, "x".repeat(4096))
    const started = performance.now()
    fsyncSync(file)
    times.push(performance.now() - started)
  }
  closeSync(file)
  return median(times)
}

function printRows(store: Store, floor: Database, print: (line: string) => void): void {
  const count = (table: string) => {
    const text = `SELECT COUNT(*) AS n FROM ${table}`
    const ours = store.read.get<{ n: number }>(text)?.n
    return `${table} ${ours} (floor ${floor.query<{ n: number }, []>(text).get()?.n})`
  }
  print(`rows: ${["accounts", "lots", "holds", "hold_lots", "transactions", "entries"].map(count).join(", ")}`)
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

if (import.meta.main) await run({ quick: process.argv.includes("--quick") })
