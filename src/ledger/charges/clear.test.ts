// What a call was can be forgotten: retention and erasure. What it cost, and every sum of it, stays as it was.
import { describe, expect, test } from "bun:test"
import { DAY_MS, KeyId, RouteId } from "../../app/index.ts"
import type { SqlValue, Tx } from "../../store/index.ts"
import type { CallEnd } from "../index.ts"
import { ANN, BOB, chargeOf, ctx, DEV, expectHealthy, type Kit, kit } from "../testing.ts"
import { DAY_KEY, DAY_SUMS, foldCharges, SUMMED } from "./store.ts"

const END: CallEnd = {
  status: 502,
  errorCode: "upstream_failed",
  end: "failed",
  latencyMs: 250,
  firstTokenMs: 40,
  inputTokens: 7,
  cachedTokens: 2,
  outputTokens: 5,
  reasoningTokens: 1,
  units: { images: 2 },
  source: "reported",
}

async function call(k: Kit, owner = ANN, chargeNano = 1_000): Promise<string> {
  const hold = await k.hold(2_000, { owner, clientId: 3, dailyNano: null, keyId: KeyId(4), routeId: RouteId(5) })
  const settled = await k.write.settle({ hold, charge: chargeOf(chargeNano), developer: DEV, call: END })
  return settled.transactionId!
}

/** Three calls of the first day, one of them refunded in part, one of the next; those of the first day are folded but for the last. */
async function used(): Promise<{ k: Kit; secondDayMs: number }> {
  const k = await kit()
  await k.grant(100_000)
  await k.grant(100_000, { owner: BOB })
  await call(k, BOB)
  await call(k)
  const refunded = await call(k)
  await call(k)
  await k.write.refundCharge({ transactionId: refunded, amountNano: 300, key: "back" })
  await k.store.write({ actor: "cli", requestId: "t", reason: "fold" }, (tx) => foldCharges(tx, 0, 5))
  k.clock.advance(DAY_MS)
  const secondDayMs = k.clock.now()
  await call(k)
  return { k, secondDayMs }
}

const detailOf = (k: Kit, ownerId: number) =>
  k.store.read.all<{ detail: string }>(
    `SELECT json_array(route_id, key_id, error_code, units, first_token_ms, latency_ms, input_tokens, cached_tokens,
                       output_tokens, reasoning_tokens) AS detail
     FROM charges WHERE account_id = (SELECT id FROM accounts WHERE owner_id = ? AND kind = 'wallet') ORDER BY id`,
    ownerId,
  )

const FULL = '[5,4,"upstream_failed","{\\"images\\":2}",40,250,7,2,5,1]'
const NOTHING = "[null,null,null,null,null,0,0,0,0,0]"

/** Whoever paid, how much, through which app: all that must stay. */
const kept = (k: Kit): unknown => [
  k.store.read.all(
    `SELECT id, call_id, at_ms, account_id, lot_id, charge_nano, upstream_nano, collected_nano, earned_nano,
            balance_after_nano, hash, caller_id, client_id, scope, held_day, status, end_reason FROM charges`,
  ),
  k.ledger.wallet(ANN, "live"),
  k.ledger.history(ANN, "live", { limit: 50 }),
  k.store.read.all(
    "SELECT day, client_id, held_day, SUM(calls), SUM(collected_nano - back_nano) FROM charge_days GROUP BY 1, 2, 3",
  ),
]

/** Days as they stand, and as the charges tell them. */
const days = (k: Kit) =>
  k.store.read.all(
    `SELECT day, account_id, client_id, scope, route_id, held_day, caller_id, ${SUMMED.join(", ")} FROM charge_days
     WHERE calls > 0 ORDER BY 1, 2, 3, 4, 5, 6, 7`,
  )
const daysToBe = (k: Kit) =>
  k.store.read.all(
    `SELECT ${DAY_KEY}, ${DAY_SUMS} FROM charges WHERE id <= (SELECT through FROM charge_fold)
     GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7`,
  )

describe("clearing calls", () => {
  test("forgets what they were, up to a moment, of one wallet; money, sums and the proof stay", async () => {
    const { k, secondDayMs } = await used()
    expectHealthy(k.ledger)
    expect(days(k)).toEqual(daysToBe(k))
    const before = kept(k)
    expect(await k.write.clearCalls({ owner: ANN, mode: "live", beforeMs: secondDayMs })).toEqual({ cleared: 3 })
    expect(detailOf(k, 1).map((row) => row.detail)).toEqual([NOTHING, NOTHING, NOTHING, FULL])
    expect(detailOf(k, 2).map((row) => row.detail)).toEqual([FULL])
    expect(kept(k)).toEqual(before)
    expect(days(k)).toEqual(daysToBe(k))
    const account = "account_id = (SELECT id FROM accounts WHERE owner_id = 1 AND kind = 'wallet')"
    expect(
      k.store.read.all(`SELECT route_id, calls, errors, latency_ms, back_nano FROM charge_days WHERE ${account}`),
    ).toEqual([{ route_id: 0, calls: 2, errors: 0, latency_ms: 0, back_nano: 300 }])
    expectHealthy(k.ledger)
  })

  test("once more changes nothing, and so does a person without a wallet", async () => {
    const { k, secondDayMs } = await used()
    const input = { owner: ANN, mode: "live", beforeMs: secondDayMs + 1 } as const
    expect(await k.write.clearCalls(input)).toEqual({ cleared: 4 })
    const all = k.store.read.all("SELECT * FROM charge_days")
    expect(await k.write.clearCalls(input)).toEqual({ cleared: 0 })
    expect(await k.write.clearCalls({ ...input, owner: DEV })).toEqual({ cleared: 0 })
    expect(await k.write.clearCalls({ ...input, mode: "test" })).toEqual({ cleared: 0 })
    expect(k.store.read.all("SELECT * FROM charge_days")).toEqual(all)
    expectHealthy(k.ledger)
  })

  test("goes window by window, and a refund afterwards counts for the same day", async () => {
    const { k, secondDayMs } = await used()
    const owner = ANN
    expect(await k.write.clearCalls({ owner, mode: "live", fromMs: secondDayMs, beforeMs: secondDayMs + 1 })).toEqual({
      cleared: 1,
    })
    expect(detailOf(k, 1).map((row) => row.detail)).toEqual([FULL, FULL, FULL, NOTHING])
    await k.write.clearCalls({ owner, mode: "live", beforeMs: secondDayMs })
    const first = k.store.read.get<{ id: string }>(
      "SELECT 'txn_' || substr(call_id, 5) AS id FROM charges WHERE id = 4",
    )!
    await k.write.refundCharge({ transactionId: first.id, key: "later" })
    expect(
      k.store.read.get("SELECT SUM(back_nano) AS back, COUNT(*) AS days FROM charge_days WHERE back_nano > 0"),
    ).toEqual({
      back: 1_300,
      days: 1,
    })
    expectHealthy(k.ledger)
  })

  test("reads the span alone, as ranges of each app's calls", async () => {
    const { k, secondDayMs } = await used()
    const asked: [string, SqlValue[]][] = []
    const input = { owner: ANN, mode: "live", beforeMs: secondDayMs } as const
    await k.store.write(ctx, (tx) => {
      const spy = (ask: "all" | "run", sql: string, params: SqlValue[]) => {
        asked.push([sql, params])
        return tx[ask](sql, ...params)
      }
      const seen = {
        ...tx,
        get: tx.get.bind(tx),
        all: (sql: string, ...params: SqlValue[]) => spy("all", sql, params),
        run: (sql: string, ...params: SqlValue[]) => spy("run", sql, params),
      } as Tx
      expect(k.ledger.clearCallsIn(seen, input)).toEqual({ cleared: 3 })
    })
    const plans = asked.flatMap(([sql, params]) =>
      k.store.read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...params).map((step) => step.detail),
    )
    const range = "charges_of_app (account_id=? AND client_id=? AND <expr>=? AND rowid>? AND rowid<?)"
    expect(plans.filter((step) => step.startsWith("SEARCH c "))).toEqual(Array(3).fill(`SEARCH c USING INDEX ${range}`))
  })
})
