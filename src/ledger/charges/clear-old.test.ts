// What calls were is forgotten by age, of everybody, slice by slice; what they came to by day stays as it was.
import { describe, expect, test } from "bun:test"
import { DAY_MS, dayOf, KeyId } from "../../app/index.ts"
import type { SqlValue, Tx } from "../../store/index.ts"
import { expectTruth } from "../books/testing.ts"
import { ANN, BOB, chargeOf, ctx, DEV, expectHealthy, type Kit, kit } from "../testing.ts"
import { foldedThrough } from "./testing.ts"

const END = { status: 502, errorCode: "upstream_failed", end: "failed", latencyMs: 250, firstTokenMs: 40 } as const
const TOKENS = { inputTokens: 7, cachedTokens: 2, outputTokens: 5, reasoningTokens: 1, units: { images: 2 } }

async function call(k: Kit, owner = ANN): Promise<string> {
  const hold = await k.hold(2_000, { owner, clientId: 3, dailyNano: null, keyId: KeyId(4), routeId: 5 })
  const end = { ...END, ...TOKENS, source: "reported" } as const
  return (await k.write.settle({ hold, charge: chargeOf(1_000), developer: DEV, call: end })).transactionId!
}

/** Three calls of two people on a day, two on the next. */
async function used(): Promise<{ k: Kit; first: string[]; secondDayMs: number }> {
  const k = await kit()
  for (const owner of [ANN, BOB]) await k.grant(100_000, { owner })
  const first = [await call(k, BOB), await call(k), await call(k)]
  k.clock.advance(DAY_MS)
  const secondDayMs = dayOf(k.clock.now()) * DAY_MS
  await call(k)
  await call(k, BOB)
  return { k, first, secondDayMs }
}

const DETAILS = `json_array(route_id, key_id, error_code, units, first_token_ms, latency_ms, input_tokens, cached_tokens,
  output_tokens, reasoning_tokens)`
const FULL = '[5,4,"upstream_failed","{\\"images\\":2}",40,250,7,2,5,1]'
const NOTHING = "[null,null,null,null,null,0,0,0,0,0]"
const details = (k: Kit): string[] =>
  k.store.read.all<{ d: string }>(`SELECT ${DETAILS} AS d FROM charges ORDER BY id`).map((row) => row.d)

/** Sums by day, model and whatever else, of what is folded and what is not: what pages add up. */
const sums = (k: Kit) =>
  k.store.read.all(
    `SELECT day, account_id, client_id, scope, route_id, caller_id, SUM(calls), SUM(errors), SUM(input_tokens), SUM(output_tokens),
            SUM(latency_ms), SUM(charge_nano), SUM(collected_nano) FROM (
       SELECT day, account_id, client_id, scope, route_id, caller_id, calls, errors, input_tokens, output_tokens, latency_ms,
              charge_nano, collected_nano FROM v_charge_days
       UNION ALL
       SELECT day, account_id, client_id, scope, route_id, caller_id, 1, errors, input_tokens, output_tokens, latency_ms, charge_nano,
              collected_nano FROM v_charges WHERE id > (SELECT through FROM v_charge_fold))
     GROUP BY 1, 2, 3, 4, 5, 6 HAVING SUM(calls) > 0 ORDER BY 1, 2, 3, 4, 5, 6`,
  )

const cleared = (k: Kit): number => k.store.read.get<{ id: number }>("SELECT through AS id FROM charge_clear")!.id

describe("forgetting by age", () => {
  test("clears everybody's calls before a moment, in slices; every sum by day stays, and the books prove", async () => {
    const { k, secondDayMs } = await used()
    const before = { sums: sums(k), history: k.ledger.history(ANN, "live", { limit: 50 }) }
    const step = (rows: number) => k.write.clearOldCalls({ beforeMs: secondDayMs, rows })
    expect(await step(2)).toEqual({ cleared: 2 })
    expect(details(k)).toEqual([NOTHING, NOTHING, FULL, FULL, FULL])
    expectHealthy(k.ledger)
    expect([await step(2), await step(2)]).toEqual([{ cleared: 1 }, { cleared: 0 }])
    expect(details(k)).toEqual([NOTHING, NOTHING, NOTHING, FULL, FULL])
    expect(sums(k)).toEqual(before.sums)
    expect(k.ledger.history(ANN, "live", { limit: 50 })).toEqual(before.history)
    expectHealthy(k.ledger)
    await expectTruth(k)
    expect(await k.store.write(ctx, (tx) => k.ledger.rebuildProjectionsIn(tx))).toEqual({ changed: 0 })
  })

  test("one slice reads and writes what it clears and no more, however much is left", async () => {
    const { k, secondDayMs } = await used()
    const asked: [string, SqlValue[]][] = []
    await k.store.write(ctx, (tx) => {
      const run = (sql: string, ...params: SqlValue[]) => {
        asked.push([sql, params])
        return tx.run(sql, ...params)
      }
      k.ledger.clearOldCallsIn(Object.assign(Object.create(tx), { run }) as Tx, { beforeMs: secondDayMs, rows: 1 })
    })
    const plans = asked
      .filter(([sql]) => sql.startsWith("UPDATE charges"))
      .flatMap(([sql, params]) => k.store.read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...params))
      .map(({ detail }) => detail)
    expect(plans).toEqual(["SEARCH charges USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"])
  })

  test("what comes later goes on: calls, folds, and a refund of what nobody knows any more", async () => {
    const { k, first, secondDayMs } = await used()
    await k.write.clearOldCalls({ beforeMs: secondDayMs, rows: 100 })
    expect([foldedThrough(k), cleared(k)].map((id) => details(k).length >= id || id > 0)).toEqual([true, true])
    await k.write.refundCharge({ transactionId: first[1]!, amountNano: 300, key: "late" })
    await call(k)
    k.clock.advance(DAY_MS)
    await call(k)
    expectHealthy(k.ledger)
    expect(await k.write.clearOldCalls({ beforeMs: k.clock.now(), rows: 100 })).toEqual({ cleared: 3 })
    expectHealthy(k.ledger)
    await expectTruth(k)
  })

  test("an erased person leaves no sums by model behind either; those of others stay", async () => {
    const { k, secondDayMs } = await used()
    await k.write.clearOldCalls({ beforeMs: secondDayMs, rows: 100 })
    const known = () =>
      k.store.read.all(
        `SELECT a.owner_id AS owner, SUM(d.input_tokens) AS tokens, SUM(d.calls) AS calls, MAX(d.route_id) AS route FROM charge_days d
         JOIN accounts a ON a.id = d.account_id GROUP BY 1 ORDER BY 1`,
      )
    expect(known()).toEqual([
      { owner: ANN.id, tokens: 14, calls: 2, route: 5 },
      { owner: BOB.id, tokens: 7, calls: 1, route: 5 },
    ])
    await k.write.clearCalls({ owner: ANN, mode: "live", beforeMs: k.clock.now() + 1 })
    expect(known()).toEqual([
      { owner: ANN.id, tokens: 0, calls: 2, route: 0 },
      { owner: BOB.id, tokens: 7, calls: 1, route: 5 },
    ])
    expectHealthy(k.ledger)
    await expectTruth(k)
  })

  test("sums of a cleared day are proved in money and number; a mark that is wrong is found and put right", async () => {
    const { k, secondDayMs } = await used()
    await k.write.clearOldCalls({ beforeMs: secondDayMs, rows: 100 })
    const wrong = [
      "UPDATE charge_days SET collected_nano = collected_nano - 1",
      "UPDATE charge_days SET calls = calls + 1",
      "UPDATE charge_days SET held_day = held_day - 1",
      "UPDATE charge_clear SET through = 100000",
      "DELETE FROM charge_clear",
      "INSERT INTO charge_clear VALUES (0)",
    ].map((sql) => sql.replace("", ""))
    for (const sql of wrong) {
      await k.store.write(ctx, (tx) => void tx.run(sql))
      expect(k.ledger.verify().ok).toBe(false)
      await k.store.write(ctx, (tx) => k.ledger.rebuildProjectionsIn(tx))
      expectHealthy(k.ledger)
    }
  })
})
