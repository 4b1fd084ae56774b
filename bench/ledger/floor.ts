// The floor of the ledger's benchmark: the very rows that a hold and a settle write, written raw in groups with their values computed
// beforehand: no decision, no memory, no hash. Measuring code, on a copy of the same file.
import { Database } from "bun:sqlite"
import { dayOf } from "../../src/app/index.ts"
import { CALL, CHARGE, CLIENT_ID, DEVELOPER, HOLD_NANO, random, SCOPE } from "./world.ts"

export interface Floor {
  db: Database
  /** Cycles per second in groups of `size`; `syncMs`: what a slow disk adds to each commit. */
  cycles(size: number, ms: number, syncMs?: number): Promise<number>
  close(): void
}

const HOLD = `INSERT INTO open_holds (id, account_id, call_id, boot_id, caller_id, client_id, key_id, scope, limited, route_id, stream,
    amount_nano, lot_id, lots, stage, input_cost_nano, known_cost_nano, split_upstream, split_developer, split_platform,
    developer_id, promo_cap_nano, lease_until_ms, created_ms)
  VALUES (?, ?, ?, 'bench', ?, ?, NULL, ?, 1, 1, 0, ?, ?, NULL, 'held', 100000, 0, 2, 1, 1, ?, 9007199254740991, ?, ?)`
const CHARGED = `INSERT INTO charges (id, call_id, at_ms, mode, account_id, lot_id, charge_nano, upstream_nano, developer_nano,
    collected_nano, pending_id, earned_nano, promo_earned_nano, promo_cap_nano, balance_after_nano, hash, developer_id, caller_id,
    client_id, scope, held_day, held_nano, route_id, stream, status, end_reason, latency_ms, first_token_ms, input_tokens,
    cached_tokens, output_tokens, reasoning_tokens, usage_source)
  VALUES (?, ?, ?, 'live', ?, ?, ?, ?, ?, ?, ?, ?, 0, 9007199254740991, 1000000000, ?, ?, ?, ?, ?, ?, ?, 1, 0, 200, 'done', ?, ?, ?,
    0, ?, 0, 'reported')`
const LOT = `UPDATE lots SET consumed_nano = consumed_nano + ?, expired_nano = expired_nano + ?, remaining_nano = remaining_nano - ?
  WHERE id = ?`
const EARNED = `INSERT INTO earning_days (account_id, day, source, earned_nano) VALUES (?, ?, 'paid', ?)
  ON CONFLICT DO UPDATE SET earned_nano = earned_nano + excluded.earned_nano`

/** One hold and settle on the first lot of a random person. */
export function openFloor(path: string, users: number): Floor {
  const db = new Database(path, { readwrite: true, strict: true })
  for (const pragma of ["journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "cache_size = -65536"]) {
    db.run(`PRAGMA ${pragma}`)
  }
  const one = <T>(text: string): T => db.query<T, []>(text).get()!
  const people = db
    .query<{ account: number; owner: number; lot: number }, []>(
      `SELECT l.account_id AS account, a.owner_id AS owner, MIN(l.id) AS lot FROM lots l JOIN accounts a ON a.id = l.account_id
       GROUP BY l.account_id ORDER BY l.account_id`,
    )
    .all()
  const developer = one<{ id: number }>("SELECT id FROM accounts WHERE kind = 'pending'").id
  const hash = new Uint8Array(32).fill(7)
  let id = one<{ n: number }>(
    "SELECT max((SELECT COALESCE(MAX(id), 0) FROM charges), (SELECT COALESCE(MAX(id), 0) FROM transactions)) AS n",
  ).n
  const sql = {
    begin: db.prepare("BEGIN IMMEDIATE"),
    commit: db.prepare("COMMIT"),
    hold: db.prepare(HOLD),
    end: db.prepare("DELETE FROM open_holds WHERE account_id = ? AND id = ?"),
    lot: db.prepare(LOT),
    charge: db.prepare(CHARGED),
    balance: db.prepare("UPDATE accounts SET balance_nano = balance_nano + ? WHERE id = ?"),
    earned: db.prepare(EARNED),
  }

  const group = (size: number) => {
    const now = Date.now()
    const day = dayOf(now)
    const calls = Array.from({ length: size }, (_, at) => {
      const callId = `req_01KDVDNA00${String(id + 1 + at).padStart(16, "0")}`
      return { ...people[random(users) - 1]!, id: id + 1 + at, callId }
    })
    id += size
    sql.begin.run()
    for (const call of calls) {
      sql.hold.run(call.id, call.account, call.callId, call.owner, CLIENT_ID, SCOPE, HOLD_NANO, call.lot, DEVELOPER.id,
        now + 600_000, now) // biome-ignore format: one row
    }
    sql.commit.run()
    sql.begin.run()
    for (const call of calls) {
      sql.end.run(call.account, call.id)
      sql.lot.run(CHARGE.totalNano, 0, CHARGE.totalNano, call.lot)
      sql.charge.run(call.id, call.callId, now, call.account, call.lot, CHARGE.totalNano, CHARGE.upstreamNano,
        CHARGE.developerNano, CHARGE.totalNano, developer, CHARGE.developerNano, hash, DEVELOPER.id, call.owner, CLIENT_ID,
        SCOPE, day, HOLD_NANO, CALL.latencyMs, CALL.firstTokenMs, CALL.inputTokens, CALL.outputTokens) // biome-ignore format: one row
    }
    sql.balance.run(size * CHARGE.upstreamNano, 2)
    sql.balance.run(size * CHARGE.developerNano, developer)
    sql.balance.run(size * CHARGE.platformNano, 1)
    sql.earned.run(developer, day, size * CHARGE.developerNano)
    sql.commit.run()
  }
  return {
    db,
    async cycles(size, ms, syncMs = 0) {
      const started = performance.now()
      let done = 0
      while (performance.now() - started < ms) {
        group(size)
        // Two commits: the holds' and the settles'.
        if (syncMs > 0) await Bun.sleep(2 * syncMs)
        done += size
      }
      return (done / (performance.now() - started)) * 1_000
    },
    close() {
      for (const statement of Object.values(sql)) statement.finalize()
      db.close()
    },
  }
}
