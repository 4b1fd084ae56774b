// What rows of people keep beside them, and how far a search on the thread of streams looks.
import { expect, test } from "bun:test"
import { openTestStore, type Tx, testCtx } from "../../store/index.ts"
import { searchUsers } from "./users.ts"

function addIn(tx: Tx, id: number, name = "Somebody"): void {
  tx.run("INSERT INTO principals (id, kind, created_ms) VALUES (?, 'user', 1)", id)
  tx.run(
    `INSERT INTO users (id, public_id, email, name, sort_name, created_ms, updated_ms)
     VALUES (?1, 'usr_' || ?1, 'p' || ?1 || '@example.com', ?2, 'x', 1, 1)`,
    id,
    name,
  )
}

test("how many people there are of each sort is what a count says, whatever happens to their rows", async () => {
  const { store, close } = await openTestStore()
  const changes: ((tx: Tx) => unknown)[] = [
    (tx) => {
      for (const id of [1, 2, 3, 4, 5]) addIn(tx, id)
    },
    (tx) => tx.run("UPDATE users SET email_verified_ms = 5 WHERE id < 4"),
    (tx) => tx.run("UPDATE users SET status = 'suspended', status_ms = 1, status_reason = 'x' WHERE id IN (1, 5)"),
    (tx) => tx.run("UPDATE users SET test_of = 1, test_ends_ms = 9 WHERE id = 4"),
    (tx) => tx.run("UPDATE users SET status = 'active', status_ms = NULL, status_reason = NULL WHERE id = 5"),
    (tx) => tx.run("DELETE FROM users WHERE id IN (3, 4)"),
    (tx) => tx.run("INSERT OR IGNORE INTO users SELECT * FROM users WHERE id = 1"),
  ]
  const sorts = new Set<number>()
  for (const change of changes) {
    await store.write(testCtx, (tx) => void change(tx))
    const told = store.read.all("SELECT * FROM v_identity_user_counts WHERE people > 0 ORDER BY 1, 2, 3")
    expect(told).toEqual(
      store.read.all(
        `SELECT status, email_verified_ms IS NOT NULL AS verified, test_of IS NOT NULL AS test, COUNT(*) AS people
         FROM users GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      ),
    )
    sorts.add(told.length)
  }
  expect(Math.max(...sorts)).toBeGreaterThan(3)
  await close()
})

test("words too short for the index are looked for among the newest 20,000, longer ones among all", async () => {
  const { store, close } = await openTestStore()
  await store.write(testCtx, (tx) => {
    for (const id of [1, 30_000, 50_000]) addIn(tx, id, `Zq ${id}`)
  })
  const found = (query: string, beforeId?: number) =>
    searchUsers(store.read, { query, limit: 10, beforeId: beforeId ?? null }).map(({ id }) => Number(id))
  expect(found("zq")).toEqual([50_000])
  expect(found("zq", 50_000)).toEqual([30_000])
  expect(found("example")).toEqual([50_000, 30_000, 1])
  expect(found("example zq")).toEqual([50_000, 30_000, 1])
  expect(found("")).toEqual([50_000, 30_000, 1])
  await close()
})
