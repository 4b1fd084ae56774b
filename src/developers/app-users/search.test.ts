// The search of an app's users finds the same whether few people of the house have the text, which are looked up, or many, which are not.
import { expect, test } from "bun:test"
import { ClientId } from "../../app/index.ts"
import { openTestStore, testCtx } from "../../store/index.ts"
import { appUsers, countAppUsers } from "./store.ts"

const PEOPLE = 2_500

test("a text is found in what people let the app see, and nowhere else, however many of the house have it", async () => {
  const { store, close } = await openTestStore()
  const names = ['Zoë "Quill" Zimt', "Rare Bird", "rare bird", "Räre", "Common", "X%_y"]
  const scopes = ["openid", "openid profile", "openid email", "openid profile email", "profile email"]
  await store.write(testCtx, (tx) => {
    for (const id of [1, 2])
      tx.run(
        `INSERT INTO oauth_clients (id, public_id, holder_id, type, mode, name, scopes, created_ms, updated_ms)
         VALUES (?1, 'cli_' || ?1, 9, 'public', 'live', 'App', 'openid', 1, 1)`,
        id,
      )
    for (let id = 1; id <= PEOPLE; id++) {
      const name = id <= 60 ? names[id % names.length]! : "Common Person"
      tx.run("INSERT INTO principals (id, kind, created_ms) VALUES (?, 'user', 1)", id)
      tx.run(
        `INSERT INTO users (id, public_id, email, name, sort_name, created_ms, updated_ms)
         VALUES (?1, 'usr_' || ?1, 'p' || ?1 || '@mail.example', ?2, 'x', 1, 1)`,
        id,
        name,
      )
      if (id % 7 === 0) continue
      tx.run(
        `INSERT INTO oauth_consents (public_id, user_id, client_id, scopes, declined, created_ms, granted_ms, revoked_ms)
         VALUES ('con_' || ?1, ?1, ?2, ?3, '', ?1, ?1, ?4)`,
        id,
        1 + (id % 2),
        scopes[id % scopes.length]!,
        id % 11 === 0 ? 5_000 : null,
      )
    }
  })
  const all = store.read.all<{ userId: string; email: string; name: string; scopes: string }>(
    `SELECT u.public_id AS userId, u.email, u.name, n.scopes FROM oauth_consents n JOIN users u ON u.id = n.user_id
     WHERE n.client_id = 1 AND n.revoked_ms IS NULL ORDER BY n.granted_ms DESC`,
  )
  const ofApp = all.filter(({ scopes }) => scopes.split(" ").includes("openid"))
  expect(countAppUsers(store.read, [ClientId(1)])).toBe(ofApp.length)
  const counts: number[] = []
  for (const search of [
    "rare",
    "RARE B",
    "räre",
    "quill",
    '"Q',
    "ommon",
    "mail.example",
    "p12@",
    "usr_24",
    "usr_2",
    "X%_",
    "%",
    "re",
    "zz",
  ]) {
    const text = search.toLowerCase()
    const expected = ofApp.filter(
      ({ userId, email, name, scopes }) =>
        userId === search ||
        (scopes.includes("profile") && name.toLowerCase().includes(text)) ||
        (scopes.includes("email") && email.includes(text)),
    )
    const { rows } = appUsers(store.read, { clientId: ClientId(1), limit: PEOPLE, place: null, search })
    expect([search, rows.map(({ userId }) => userId)]).toEqual([search, expected.map(({ userId }) => userId)])
    counts.push(rows.length)
  }
  expect([Math.min(...counts), Math.max(...counts) > 300]).toEqual([0, true])
  await close()
})
