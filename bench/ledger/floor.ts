// The floor: raw grouped SQLite writes of the very same rows as a hold and a settle, in groups of the same size, with no reads,
// no decisions, no hashing, no savepoints. Works on a copy of the file that the ledger works on.
import { Database } from "bun:sqlite"
import { dayOf } from "../../src/app/index.ts"
import { CHARGE, CLIENT_ID, CTX, DEVELOPER, HOLD_NANO, random, SCOPE } from "./world.ts"

export interface Floor {
  db: Database
  /** Cycles per second in groups of `group`, for `ms`. @param syncMs what the simulated disk adds to each commit */
  cycles(group: number, ms: number, syncMs?: number): Promise<number>
  close(): void
}

/** The same inserts and updates as a hold and a settle on one lot, values computed beforehand. */
export function openFloor(path: string, users: number): Floor {
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
    earned: db.prepare(
      `INSERT INTO earning_days (account_id, day, source, earned_nano) VALUES (?, ?, 'paid', ?)
       ON CONFLICT DO UPDATE SET earned_nano = earned_nano + excluded.earned_nano`,
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

  const group = (size: number) => {
    const now = Date.now()
    const day = dayOf(now)
    const picks = Array.from({ length: size }, () => first[random(users) - 1]!)
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
    for (let index = 0; index < size; index++) {
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
      sql.earned.run(developer, day, CHARGE.developerNano)
      sql.limitUsed.run(HOLD_NANO, CHARGE.totalNano, account, CLIENT_ID, SCOPE, day)
    }
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
