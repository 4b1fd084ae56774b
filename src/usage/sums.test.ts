// What pages are told of calls in sums: by person, app and day.
import { describe, expect, test } from "bun:test"
import { ClientId, DAY_MS, dayOf, UserId } from "../app/index.ts"
import type { CallEnd } from "../ledger/index.ts"
import { call, env, FAILED, fund, GONE, openEach, usage } from "./testing.ts"

openEach()

describe("sums", () => {
  test("days, clients, scopes and people stay apart", async () => {
    await fund(1)
    await fund(2)
    await call()
    await call({ clientId: 8, chargeNano: 300 })
    await call({ user: 2 })
    env.clock.advance(DAY_MS)
    await call({ chargeNano: 0, end: FAILED })
    const summary = usage.summary(UserId(1), "live", env.clock.now())
    expect(summary.today).toMatchObject({ calls: 1, errors: 1, refused: 0, chargeNano: 0 })
    expect(summary.month).toMatchObject({ calls: 3, chargeNano: 400, inputTokens: 30, outputTokens: 15 })
    expect(summary.days).toHaveLength(30)
    expect(summary.days.at(-2)).toEqual({
      day: dayOf(env.clock.now()) - 1,
      calls: 2,
      collectedNano: summary.month.collectedNano,
    })
    expect(usage.summary(UserId(1), "live", env.clock.now(), 1).days).toHaveLength(1)
    expect(usage.summary(UserId(1), "test", env.clock.now()).month.calls).toBe(0)
    expect(summary.byClient.map((client) => client.clientId as number)).toEqual([8, 7])
    expect(summary.byScope).toHaveLength(1)
    const app = usage.byClient(ClientId(7), env.clock.now())
    expect(app).toMatchObject({ calls: 3, errors: 1, developerNano: 50 })
  })

  /** What the figures must be: sums over the charges themselves. */
  const naive = (where: string, ...params: number[]) =>
    env.store.read.get<Record<string, number>>(
      `SELECT COUNT(*) AS calls, COALESCE(SUM(error_code IS NOT NULL AND end_reason <> 'client_gone'), 0) AS errors,
              0 AS refused, COALESCE(SUM(input_tokens), 0) AS inputTokens, COALESCE(SUM(output_tokens), 0) AS outputTokens,
              COALESCE(SUM(charge_nano), 0) AS chargeNano, COALESCE(SUM(collected_nano), 0) AS collectedNano
       FROM charges WHERE ${where}`,
      ...params,
    )!

  function compare(accountId: number, at: number): void {
    const [today, month] = [dayOf(at), dayOf(Date.UTC(new Date(at).getUTCFullYear(), new Date(at).getUTCMonth(), 1))]
    const summary = usage.summary(UserId(1), "live", at)
    const own = `account_id = ${accountId} AND at_ms >= ? * 86400000`
    expect(summary.today as unknown).toEqual(naive(own, today))
    expect(summary.month as unknown).toEqual(naive(own, month))
    const byClient = summary.byClient.map(({ clientId, ...sums }) => [clientId, sums])
    for (const [clientId, sums] of byClient) {
      expect(sums as unknown).toEqual(naive(`${own} AND client_id IS ${clientId ?? "NULL"}`, today - 29))
    }
    for (const { day, calls, collectedNano } of summary.days.slice(-6)) {
      const is = naive(`${own} AND at_ms < ? * 86400000`, day, day + 1)
      expect([day, calls, collectedNano as number]).toEqual([day, is.calls!, is.collectedNano!])
    }
    const app = "client_id = 7 AND at_ms >= ? * 86400000"
    const { developerNano, ...sums } = usage.byClient(ClientId(7), at)
    expect(sums as unknown).toEqual(naive(app, today - 29))
    const earned = usage.clientDays(ClientId(7), at).reduce((sum, day) => sum + day.developerNano, 0)
    expect({ developerNano: developerNano as number, earned }).toEqual(
      env.store.read.get(
        `SELECT SUM(earned_nano) AS developerNano, SUM(earned_nano) AS earned
         FROM charges WHERE client_id = 7`,
      )!,
    )
  }

  /** The whole house, as the views say and as the charges do. */
  function compareHouse(): void {
    const said = (columns: string, from: string) =>
      env.store.read.all(`SELECT ${columns} FROM ${from} GROUP BY 1, 2 ORDER BY 1, 2`)
    expect(
      said(
        `day, mode, SUM(calls) AS calls, SUM(errors) AS errors, COUNT(DISTINCT user_id) AS users,
         SUM(charge_nano) AS charge_nano, SUM(collected_nano) AS collected_nano, SUM(developer_nano) AS developer_nano`,
        "v_usage_parts",
      ),
    ).toEqual(
      said(
        `at_ms / 86400000 AS day, mode, COUNT(*) AS calls,
         SUM(error_code IS NOT NULL AND end_reason <> 'client_gone') AS errors, COUNT(DISTINCT caller_id) AS users,
         SUM(charge_nano) AS charge_nano, SUM(collected_nano) AS collected_nano, SUM(earned_nano) AS developer_nano`,
        "charges",
      ),
    )
    expect(said("model, mode, SUM(calls) AS calls", "v_usage_parts")).toEqual(
      said(
        "requested AS model, mode, COUNT(*) AS calls",
        "charges JOIN usage_routes ON usage_routes.id = charges.route_id",
      ),
    )
  }

  test("are exact after each of 1,100 calls, before, while and after charges are folded into days", async () => {
    // A month ends on the way.
    env.clock.advance(28 * DAY_MS)
    for (const user of [1, 2]) await fund(user)
    await fund(1, "test")
    const account = env.store.read.get<{ id: number }>(
      "SELECT id FROM accounts WHERE owner_id = 1 AND mode = 'live' AND kind = 'wallet'",
    )!.id
    const ends: Partial<CallEnd>[] = [{}, {}, FAILED, GONE]
    const through = () => env.store.read.get<{ through: number }>("SELECT through FROM charge_fold")!.through
    const folds = new Set<number>()
    for (let at = 0; at < 1_100; at++) {
      const chargeNano = 4 * (at % 11)
      await call({
        user: at % 5 === 0 ? 2 : 1,
        clientId: [7, 7, 8, null][at % 4]!,
        mode: at % 13 === 5 ? "live" : at % 10 === 1 ? "test" : "live",
        scope: at % 3 === 0 ? "embeddings" : "llm",
        chargeNano: at % 10 === 1 || ends[at % 4] === FAILED ? 0 : chargeNano,
        route: { requested: `model-${at % 3}` },
        end: ends[at % 4]!,
      })
      folds.add(through())
      compare(account, env.clock.now())
      if (at % 50 === 0 || at > 1_000) compareHouse()
      env.clock.advance(DAY_MS / 200)
    }
    expect(folds.size).toBe(2)
    expect(Math.max(...folds)).toBeGreaterThan(500)
  }, 60_000)
})
