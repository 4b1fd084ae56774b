// What people of an app used there, against a notebook: from their own wallet, a team's and the app's pool; for money and for nothing; summed
// in days and not yet; and nobody else's.
import { expect, test } from "bun:test"
import { ClientId, DAY_MS, dayOf } from "../app/index.ts"
import { usedByPeople } from "./store-used.ts"
import { callIn, env, FAILED, fund, openEach, seeded, write } from "./testing.ts"

openEach()

const PEOPLE = [1, 2, 3, 4]
/** Principals that are nobody: a team and a pool. */
const SHARED = [20, 21]
const APPS = [7, 8]

test("what people used in an app is what a notebook says, whoever paid", async () => {
  const random = seeded(18)
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!
  await write((tx) => {
    for (const id of PEOPLE) {
      tx.run("INSERT INTO principals (id, kind, created_ms) VALUES (?, 'user', 1)", id)
      tx.run(
        "INSERT INTO users (id, public_id, email, created_ms, updated_ms) VALUES (?1, 'usr_' || ?1, 'p' || ?1 || '@example.com', 1, 1)",
        id,
      )
    }
  })
  for (const owner of [...PEOPLE, ...SHARED]) await fund(owner)
  const noted: { user: number; client: number; day: number; charge: number }[] = []
  for (let at = 0; at < 1_300; at++) {
    const [user, client, charge] = [pick(PEOPLE), pick(APPS), random() < 0.3 ? 0 : 4 * Math.ceil(random() * 50)]
    // The fourth only ever called from others' wallets, and never for money.
    const said =
      user === 4 ? { payer: pick(SHARED), chargeNano: 0 } : { payer: pick([user, user, ...SHARED]), chargeNano: charge }
    await write((tx) => callIn(tx, { user, clientId: client, ...said, ...(charge === 0 ? { end: FAILED } : {}) }))
    noted.push({ user, client, day: dayOf(env.clock.now()), charge: said.chargeNano })
    if (at % 30 === 0) env.clock.advance(DAY_MS / 3)
  }
  const folded = env.store.read.get<{ through: number }>("SELECT through FROM v_charge_fold")!.through
  expect(folded).toBeGreaterThan(100)
  const last = dayOf(env.clock.now())
  for (const client of APPS) {
    for (const [fromDay, toDay] of [
      [last - 29, last],
      [last - 5, last - 2],
      [last, last],
    ] as const) {
      for (const asked of [PEOPLE, [4], [1, 2]]) {
        const own = noted.filter(
          (one) => one.client === client && asked.includes(one.user) && one.day >= fromDay && one.day <= toDay,
        )
        const expected = [...Map.groupBy(own, ({ user }) => `usr_${user}`)].map(([userId, calls]) => ({
          userId,
          calls: calls.length,
          chargeNano: calls.reduce((sum, { charge }) => sum + charge, 0),
        }))
        const said = usedByPeople(env.store.read, {
          clientId: ClientId(client),
          userIds: [...asked.map((id) => `usr_${id}`), "usr_none"],
          fromDay,
          toDay,
        })
        expect(said.toSorted((a, b) => (a.userId < b.userId ? -1 : 1))).toEqual(
          expected.toSorted((a, b) => (a.userId < b.userId ? -1 : 1)),
        )
      }
    }
  }
})
