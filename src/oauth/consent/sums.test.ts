// How many people let apps in, as triggers keep it, against a count of all permissions: whatever happens to them and to their app.
import { expect, test } from "bun:test"
import { openTestStore, type Store, testCtx } from "../../store/index.ts"
import { seeded } from "../testing.ts"

const DAY = 86_400_000
const SCOPES = ["openid", "openid llm", "llm", "profile openid", "openidx"]
const APPS = [1, 2, 3]

const addApps = (store: Store, ids: readonly number[]): Promise<void> =>
  store.write(testCtx, (tx) => {
    for (const id of ids)
      tx.run(
        `INSERT INTO oauth_clients (id, public_id, holder_id, type, mode, name, scopes, created_ms, updated_ms)
         VALUES (?1, 'cli_' || ?1, 9, 'public', 'live', 'App', 'openid', 1, 1)`,
        id,
      )
  })

test("sums of permissions are those of a count, after each of 600 changes", async () => {
  const { store, clock, close } = await openTestStore()
  const random = seeded(122)
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!
  const write = (sql: string, ...params: (string | number | null)[]) =>
    store.write(testCtx, (tx) => void tx.run(sql, ...params))
  const told = () => ({
    counts: store.read.all("SELECT * FROM v_oauth_consent_counts WHERE standing > 0 ORDER BY 1"),
    days: store.read.all("SELECT * FROM v_oauth_consent_days WHERE people > 0 ORDER BY 1, 2"),
  })
  const counted = () => ({
    counts: store.read.all(
      `SELECT n.client_id, COUNT(*) AS standing, SUM(n.scopes IN ('openid', 'openid llm', 'profile openid')
         AND n.granted_ms > COALESCE(c.moved_ms, 0)) AS users
       FROM oauth_consents n JOIN oauth_clients c ON c.id = n.client_id WHERE n.revoked_ms IS NULL GROUP BY 1 ORDER BY 1`,
    ),
    days: store.read.all(
      `SELECT client_id, created_ms / ${DAY} AS day, COUNT(*) AS people FROM oauth_consents GROUP BY 1, 2 ORDER BY 1, 2`,
    ),
  })
  await addApps(store, APPS)
  const GIVEN = `INTO oauth_consents (public_id, user_id, client_id, scopes, declined, created_ms, granted_ms)
    VALUES (?1, ?2, ?3, ?4, '', ?5, ?5)`
  const given = () => [`con_${random()}`, Math.floor(random() * 40), pick(APPS), pick(SCOPES), clock.now()]
  const changes = {
    // As a benchmark fills it, and as a consent is written.
    ignored: () => write(`INSERT OR IGNORE ${GIVEN}`, ...given()),
    given: () =>
      write(
        `INSERT ${GIVEN}
         ON CONFLICT (user_id, client_id) DO UPDATE SET scopes = excluded.scopes, granted_ms = excluded.granted_ms, revoked_ms = NULL`,
        ...given(),
      ),
    revoked: () =>
      write("UPDATE oauth_consents SET revoked_ms = ? WHERE user_id % 7 = ?", clock.now(), Math.floor(random() * 7)),
    deleted: () => write("DELETE FROM oauth_consents WHERE user_id = ?", Math.floor(random() * 40)),
    moved: () => write("UPDATE oauth_clients SET moved_ms = ? WHERE id = ?", clock.now(), pick(APPS)),
    unmoved: () => write("UPDATE oauth_clients SET moved_ms = NULL WHERE id = ?", pick(APPS)),
    later: async () => clock.advance(Math.floor(random() * DAY)),
  }
  const kinds = Object.keys(changes) as (keyof typeof changes)[]
  const seen = new Set<string>()
  for (let at = 0; at < 600; at++) {
    const kind = random() < 0.6 ? pick(["given", "ignored"] as const) : pick(kinds)
    await changes[kind]()
    expect([at, kind, told()]).toEqual([at, kind, counted()])
    if (told().counts.length === APPS.length) seen.add(kind)
  }
  expect([...seen].sort()).toEqual(kinds.toSorted())
  // An app whose people are all gone takes its sums along: its number may come again.
  await write("DELETE FROM oauth_consents WHERE client_id = 1")
  await write("DELETE FROM oauth_clients WHERE id = 1")
  expect(store.read.all("SELECT client_id FROM oauth_consent_counts WHERE client_id = 1")).toEqual([])
  expect(store.read.all("SELECT client_id FROM oauth_consent_days WHERE client_id = 1")).toEqual([])
  await close()
})

test("whose permission it is, for which app and since when does not change", async () => {
  const { store, close } = await openTestStore()
  await addApps(store, [1, 2])
  await store.write(testCtx, (tx) =>
    tx.run(
      `INSERT INTO oauth_consents (public_id, user_id, client_id, scopes, declined, created_ms, granted_ms)
       VALUES ('con_1', 5, 1, 'openid', '', 1, 1)`,
    ),
  )
  for (const change of ["client_id = 2", "user_id = 6", "created_ms = 2"]) {
    const write = store.write(testCtx, (tx) => void tx.run(`UPDATE oauth_consents SET ${change}`))
    await expect(write).rejects.toThrow("does not change")
  }
  await close()
})
