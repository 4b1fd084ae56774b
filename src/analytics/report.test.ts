// A generated month against a naive recomputation, call by call: apps of two kinds of credits, people, endpoints, models, failures,
// refusals, people who came newly; at three ranges, by every cut, with filters, before and after the roll-ups are rebuilt from the rows.
import { beforeEach, describe, expect, test } from "bun:test"
import { ClientId, createIds, DAY_MS, dayOf, UserId } from "../app/index.ts"
import type { CallEnd } from "../ledger/index.ts"
import { type Filter, lastDays, RANGES, type Span, spanBefore } from "./index.ts"
import { OldKinds } from "./old-kinds.ts"
import { report } from "./store.ts"
import { kindsFromDay } from "./store-fold.ts"
import { activeUsers } from "./store-people.ts"
import {
  callIn,
  env,
  FAILED,
  foldAllIn,
  fund,
  GONE,
  ledger,
  openEach,
  rebuildIn,
  sumsOf,
  usage,
  write,
} from "./testing.ts"
import type { Cut, DayFigures, Figures } from "./types.ts"

openEach()

/** What was done, as a notebook beside the house would have it. */
interface Noted {
  client: number
  user: number
  day: number
  endpoint: string
  model: string
  scope: string
  /** "" of refused ones. */
  payer: string
  refused: boolean
  failed: boolean
  input: number
  output: number
  latency: number
  charge: number
  earned: number
}
let noted: Noted[]
let newcomers: { client: number; day: number }[]
beforeEach(() => {
  noted = []
  newcomers = []
})

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
const random = seeded(18)
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!

const APPS = [7, 8, 9]
/** The third is in test mode. */
const modeOf = (client: number) => (client === 9 ? "test" : "live")
const PEOPLE = [1, 2, 3, 4, 5, 6]
const KINDS = [
  { endpoint: "chat", scope: "llm", model: "gpt-5-mini" },
  { endpoint: "chat", scope: "llm", model: "claude" },
  { endpoint: "embeddings", scope: "embeddings", model: "small" },
] as const
/** As routes have it in their prices. */
const PAYERS: Readonly<Record<string, object>> = { platform: {}, own: { rule: { own: 1 } }, cache: { cached: 1_000 } }
const ENDS: Partial<CallEnd>[] = [{}, {}, {}, FAILED, GONE]

async function oneCall(): Promise<void> {
  const [client, user, kind, end] = [pick(APPS), pick(PEOPLE), pick(KINDS), pick(ENDS)]
  const day = dayOf(env.clock.now())
  const said = { client, user, day, endpoint: kind.endpoint, model: kind.model, scope: kind.scope }
  if (random() < 0.15) {
    usage.recordRefused({
      publicId: createIds(env.clock).next("req"),
      atMs: env.clock.now(),
      mode: modeOf(client),
      userId: UserId(user),
      clientId: ClientId(client),
      keyId: null,
      endpoint: kind.endpoint,
      scope: kind.scope,
      requested: kind.model,
      model: kind.model,
      stream: false,
      status: 429,
      errorCode: "rate_limit_exceeded",
      latencyMs: 1,
    })
    noted.push({
      ...said,
      payer: "",
      refused: true,
      failed: false,
      input: 0,
      output: 0,
      latency: 0,
      charge: 0,
      earned: 0,
    })
    return
  }
  const more = {
    inputTokens: Math.floor(random() * 100) + 3,
    outputTokens: Math.floor(random() * 100) + 1,
    latencyMs: Math.floor(random() * 5_000),
  }
  const payer = pick(Object.keys(PAYERS))
  const chargeNano = end === FAILED ? 0 : 4 * Math.floor(random() * 50)
  await write((tx) =>
    callIn(tx, {
      user,
      clientId: client,
      mode: modeOf(client),
      scope: kind.scope,
      chargeNano,
      route: { endpoint: kind.endpoint, requested: kind.model, prices: JSON.stringify({ v: 1, ...PAYERS[payer] }) },
      end: { ...end, ...more },
    }),
  )
  noted.push({
    ...said,
    payer,
    refused: false,
    failed: end === FAILED,
    input: more.inputTokens,
    output: more.outputTokens,
    latency: more.latencyMs,
    charge: chargeNano,
    earned: chargeNano / 4,
  })
}

async function letIn(client: number, user: number): Promise<void> {
  const day = dayOf(env.clock.now())
  await write((tx) =>
    tx.run(
      `INSERT INTO oauth_consents (public_id, user_id, client_id, scopes, declined, created_ms, granted_ms)
       VALUES (?, ?, ?, 'openid llm', '', ?4, ?4)`,
      `con_${client}_${user}`,
      user,
      client,
      tx.now,
    ),
  )
  newcomers.push({ client, day })
}

const within = (span: Span, day: number): boolean => day >= span.from && day <= span.to

function naive(calls: readonly Noted[]): Figures {
  const sum = (of: (one: Noted) => number) => calls.reduce((total, one) => total + of(one), 0)
  return {
    calls: calls.filter(({ refused }) => !refused).length,
    errors: calls.filter(({ failed }) => failed).length,
    refused: calls.filter(({ refused }) => refused).length,
    activeUsers: new Set(calls.map(({ user }) => user)).size,
    inputTokens: sum(({ input }) => input),
    outputTokens: sum(({ output }) => output),
    latencyMs: sum(({ latency }) => latency),
    chargeNano: sum(({ charge }) => charge) as Figures["chargeNano"],
    earnedNano: sum(({ earned }) => earned) as Figures["earnedNano"],
  }
}

const inSpan = (clients: readonly number[], span: Span, filter: Filter): Noted[] =>
  noted.filter(
    (one) =>
      clients.includes(one.client) &&
      within(span, one.day) &&
      (["endpoint", "model", "scope"] as const).every(
        (name) => filter[name] === undefined || filter[name] === one[name],
      ),
  )
const newIn = (clients: readonly number[], span: Span): number =>
  newcomers.filter(({ client, day }) => clients.includes(client) && within(span, day)).length

function naiveRows(clients: readonly number[], span: Span, filter: Filter, by: Cut): DayFigures[] {
  const calls = inSpan(clients, span, filter)
  if (by === "day") {
    return Array.from({ length: span.to - span.from + 1 }, (_, at) => {
      const day = span.from + at
      const own = calls.filter((one) => one.day === day)
      return { key: day, ...naive(own), newUsers: newIn(clients, { from: day, to: day }) }
    })
  }
  const keyOf = (one: Noted) => (by === "app" ? `cli_${one.client}` : one[by])
  return [...Map.groupBy(calls, keyOf)].map(([key, own]) => ({ key, ...naive(own), newUsers: null }))
}

const byKey = (rows: DayFigures[]) => rows.toSorted((a, b) => (a.key < b.key ? -1 : 1))

function compare(cuts: readonly Cut[] = ["day", "endpoint", "model", "scope", "payer", "app"]): number {
  const now = env.clock.now()
  let compared = 0
  const spans = [...RANGES.map((range) => lastDays(range, now)), { from: dayOf(now) - 20, to: dayOf(now) - 11 }]
  const filters: Filter[] = [{}, { endpoint: "chat" }, { model: "claude" }, { scope: "embeddings" }, { model: "none" }]
  for (const clients of [[7], [8], [9], [7, 8], [404]]) {
    for (const span of spans) {
      const ids = clients.map(ClientId)
      expect(new Map(activeUsers(env.store.read, { clientIds: ids, span }))).toEqual(
        new Map(
          clients
            .map((client): [number, number] => [client, naive(inSpan([client], span, {})).activeUsers])
            .filter(([, people]) => people > 0),
        ),
      )
      for (const filter of filters) {
        for (const by of cuts) {
          const query = { clientIds: clients.map(ClientId), span, by, filter, rowsMax: 100 }
          const said = report(env.store.read, query)
          const before = spanBefore(span)
          const at = JSON.stringify([clients, span, filter, by])
          expect([at, said.totals]).toEqual([
            at,
            { ...naive(inSpan(clients, span, filter)), newUsers: newIn(clients, span) },
          ])
          expect([at, said.before]).toEqual([
            at,
            { ...naive(inSpan(clients, before, filter)), newUsers: newIn(clients, before) },
          ])
          expect([at, byKey(said.rows)]).toEqual([at, byKey(naiveRows(clients, span, filter, by))])
          compared += said.rows.length
        }
      }
    }
  }
  return compared
}

describe("a report", () => {
  test("of a generated month equals a naive recomputation, and so do roll-ups that are rebuilt", async () => {
    for (const client of APPS) {
      await write((tx) =>
        tx.run(
          `INSERT INTO oauth_clients (id, public_id, holder_id, type, mode, name, scopes, created_ms, updated_ms)
           VALUES (?1, 'cli_' || ?1, 9, 'public', ?2, 'App', 'openid llm', ?3, ?3)`,
          client,
          modeOf(client),
          tx.now,
        ),
      )
    }
    for (const user of PEOPLE) {
      await fund(user)
      await fund(user, "test")
    }
    for (let at = 0; at < 1_500; at++) {
      if (at % 70 === 0) await letIn(pick(APPS), 100 + at)
      await oneCall()
      env.clock.advance(DAY_MS / 40)
    }
    await usage.flush()
    const folded = env.store.read.get<{ through: number }>("SELECT through FROM charge_fold")!.through
    expect(folded).toBeGreaterThan(0)
    expect(noted.filter(({ refused }) => refused).length).toBeGreaterThan(100)
    // Nothing is summed here yet: every charge is read by itself.
    expect(compare(["day", "app"])).toBeGreaterThan(500)
    await write((tx) => foldAllIn(tx))
    const through = env.store.read.get<{ through: number }>("SELECT through FROM analytics_fold")!.through
    expect(through).toBeGreaterThan(folded)
    expect(compare()).toBeGreaterThan(2_000)
    // From nothing, and in other slices: the same sums.
    const sums = sumsOf(env.store.read)
    expect(sums.every((rows, at) => rows.length > 0 || at === 3)).toBe(true)
    await write((tx) => rebuildIn(tx))
    expect(sumsOf(env.store.read)).toEqual(sums)
    // As a house has it that never had sets by kind: counted from wallets, then made a few wallets at a time, and the same all along.
    await write((tx) => {
      tx.run("DELETE FROM analytics_kind_people")
      tx.run("UPDATE analytics_fold SET kinds_from_day = ?", dayOf(tx.now) + 1)
    })
    const old = new OldKinds()
    let slices = 0
    for (; await old.run(env.store, 2); slices++) if (slices % 100 === 40) compare(["endpoint", "app"])
    expect([slices > 100, kindsFromDay(env.store.read), await old.run(env.store, 2)]).toEqual([true, 0, false])
    compare(["scope", "payer", "model"])
    expect(await write((tx) => ledger.rebuildProjectionsIn(tx))).toEqual({ changed: 0 })
    await write((tx) => {
      tx.run("DELETE FROM charge_days")
      tx.run("DELETE FROM charge_client_days")
    })
    expect((await write((tx) => ledger.rebuildProjectionsIn(tx))).changed).toBeGreaterThan(0)
    compare(["endpoint"])
  }, 60_000)

  test("asks for an app's days by its index, however many others there are", () => {
    const plan = env.store.read.all<{ detail: string }>(
      `EXPLAIN QUERY PLAN SELECT day, SUM(calls) FROM v_app_calls a
       WHERE a.client_id IN (SELECT value FROM json_each('[7]')) AND a.day BETWEEN 1 AND 2 GROUP BY 1`,
    )
    const scans = plan
      .map(({ detail }) => detail)
      .filter((detail) => /^SCAN (charges|charge_days|refused_days)/.test(detail))
    expect([scans, plan.map(({ detail }) => detail).join("\n")]).toEqual([
      [],
      expect.stringContaining("charge_days_of_client"),
    ])
  })
})
