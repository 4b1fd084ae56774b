// What was spent in a window, from sums of days and the charges behind them, against the charges one by one: whatever is folded and
// whatever was cleared since.
import { expect, test } from "bun:test"
import { ClientId, createIds, DAY_MS, dayOf, type KeyId, silentLog, UserId } from "../src/app/index.ts"
import { createKeys, type Keys } from "../src/keys/index.ts"
import { spentOn } from "../src/keys/spend.ts"
import { BooksMemory } from "../src/ledger/books/memory.ts"
import { ANN, BOB, chargeOf, type Kit, kit, person, seeded } from "../src/ledger/testing.ts"
import { spanOf } from "../src/limits/kinds.ts"
import { spentIn } from "../src/limits/store-spent.ts"
import type { Span, Spender } from "../src/limits/types.ts"
import { testCtx } from "../src/store/index.ts"

const APPS = [3, 4]

/** Each charge that counts, read by itself. */
const oneByOne = ({ store }: Kit, { payerId, callerId, keyId, clientId }: Spender, { startMs, endMs }: Span): number =>
  store.read.get<{ n: number }>(
    `SELECT COALESCE(SUM(collected_nano), 0) AS n FROM charges
     WHERE account_id IN (SELECT id FROM accounts WHERE owner_id = ?1 AND kind = 'wallet' AND (mode = 'live' OR ?2 IS NOT NULL))
       AND (?2 IS NULL OR key_id = ?2) AND (?3 IS NULL OR client_id = ?3) AND at_ms >= ?4 AND at_ms < ?5
       AND (?6 IS NULL OR caller_id = ?6)`,
    payerId,
    keyId,
    clientId,
    startMs,
    endMs,
    callerId,
  )!.n

async function world(): Promise<{ k: Kit; keys: Keys; made: KeyId[] }> {
  const k = await kit()
  const people = [1, 2]
  for (const id of people)
    await k.store.write(testCtx, (tx) => {
      tx.run("INSERT OR IGNORE INTO principals (id, kind, created_ms) VALUES (?, 'user', 0)", id)
      tx.run(
        "INSERT INTO users (id, public_id, email, created_ms, updated_ms) VALUES (?, ?, ?, 0, 0)",
        id,
        `usr_${id}`,
        `p${id}@example.com`,
      )
    })
  const keys = createKeys({
    store: k.store,
    clock: k.clock,
    ids: createIds(k.clock),
    log: silentLog,
    mails: { queueIn: () => {} },
    identity: {
      userById: (id: number) => ({
        id: UserId(id),
        publicId: `usr_${id}`,
        email: "",
        emailVerified: true,
        isAdmin: false,
      }),
      isSuspended: () => false,
      requireActiveIn: () => ({ emailVerified: true }),
    },
  })
  const make = async (userId: number) => {
    const { secret } = await keys.create(testCtx, { userId: UserId(userId), name: "Key", scopes: ["llm"] })
    return keys.claimsOf(secret)
  }
  const claims = [await make(1), await make(1), await make(2)]
  for (const one of claims) keys.assertAlive(one, () => "")
  return { k, keys, made: claims.map(({ keyId }) => keyId) }
}

test("what a key spent on a day is its sum and a range of its newest calls", async () => {
  const { k, keys, made } = await world()
  await k.grant(1_000)
  const hold = await k.hold(10, { keyId: made[0]! })
  await k.write.settle({ hold, charge: chargeOf(7), developer: person(9) })
  const plans: string[] = []
  const get = <R>(sql: string, ...params: never[]) => {
    plans.push(...k.store.read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...params).map((row) => row.detail))
    return k.store.read.get<R>(sql, ...params)
  }
  const key = keys.of(UserId(1)).find(({ id }) => id === made[0])!
  expect(Number(spentOn({ ...k.store.read, get }, key, dayOf(k.clock.now())))).toBe(7)
  expect(plans.join("\n")).toContain(
    "charges USING INDEX charges_of_key (account_id=? AND <expr>=? AND key_id=? AND rowid>?)",
  )
})

test("sums of days with the charges behind them are the charges one by one", async () => {
  const before = BooksMemory.limits.foldSlice
  BooksMemory.limits.foldSlice = 7
  try {
    const { k, keys, made } = await world()
    const random = seeded(12)
    const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!
    for (const owner of [ANN, BOB])
      for (const mode of ["live", "test"] as const) await k.grant(1_000_000_000, { owner, mode })
    const keysOf = (userId: number) => (userId === 1 ? made.slice(0, 2) : userId === 2 ? made.slice(2) : [])
    const ofDay = (keyId: KeyId, day: number) =>
      k.store.read.get<{ n: number }>(
        "SELECT COALESCE(SUM(collected_nano), 0) AS n FROM charges WHERE key_id = ? AND mode = 'live' AND at_ms / 86400000 = ?",
        keyId,
        day,
      )!.n
    const compareDays = () => {
      for (const userId of [1, 2].map(UserId))
        for (const key of keys.of(userId))
          for (let day = dayOf(k.clock.now()) - 9; day <= dayOf(k.clock.now()); day++)
            expect([key.id, day, Number(keys.spentOn(key, day))]).toEqual([key.id, day, ofDay(key.id, day)])
    }
    const compare = () => {
      for (const userId of [1, 2, 3].map(UserId)) {
        const spenders: Spender[] = [
          { keyId: null, clientId: null },
          ...APPS.map((id) => ({ keyId: null, clientId: ClientId(id) })),
          ...keysOf(userId).map((keyId) => ({ keyId, clientId: null })),
          // Somebody who calls from a wallet that is not theirs.
          ...[1, 2, 3].map((id) => ({ callerId: UserId(id), keyId: null, clientId: null })),
        ].map((of) => ({ payerId: userId, callerId: null, ...of }))
        for (const of of spenders)
          for (const span of ["day", "week", "month", "total"] as const) {
            const window = spanOf(span, k.clock.now())
            expect([of, span, spentIn(k.store.read, of, window)]).toEqual([of, span, oneByOne(k, of, window)])
          }
      }
    }
    compare()
    for (let step = 0; step < 150; step++) {
      const [owner, mode] = [one([ANN, BOB]), one(["live", "live", "test"] as const)]
      const through = random() < 0.5 ? { clientId: one(APPS) } : { keyId: one(keysOf(owner.id)) }
      const caller = one([ANN, BOB]).id
      const hold = await k.hold(1_000, { owner, mode, callerId: caller, ...through })
      await k.write.settle({ hold, charge: chargeOf(Math.floor(random() * 1_000)), developer: person(9) })
      if (random() < 0.2) k.clock.advance(Math.floor(random() * 3 * DAY_MS))
      if (random() < 0.1) {
        for (const keyId of made) keys.assertAlive({ keyId, userId: UserId(1), worksFrom: null } as never, () => "")
        await keys.flushUses()
      }
      if (step % 10 === 0) compare()
      if (step % 10 === 0) compareDays()
    }
    compare()
    compareDays()
    expect(k.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM charge_days")!.n).toBeGreaterThan(10)
    expect(k.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM api_key_days")!.n).toBeGreaterThan(3)
  } finally {
    BooksMemory.limits.foldSlice = before
  }
})
