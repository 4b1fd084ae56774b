import { expect, test } from "bun:test"
import { Versions, writeOf } from "./written.ts"

const changed = (table: string) => ({ table, adds: false })
const added = (table: string) => ({ table, adds: true })
const anything = { table: null, adds: false }

test("what leaves rows as they are writes nothing", () => {
  for (const sql of [
    "SELECT * FROM users",
    "  select replace(name, 'a', 'b') from users;",
    "VALUES (1)",
    "PRAGMA data_version",
    "WITH a AS (SELECT 1), b (x) AS NOT MATERIALIZED (SELECT 2) SELECT * FROM a, b",
    "WITH update_ AS (SELECT 'DELETE FROM users') SELECT * FROM update_",
    "BEGIN IMMEDIATE",
    "SAVEPOINT mutation",
    "RELEASE mutation",
    "COMMIT",
    "SELECT ';' AS text -- ; DELETE FROM users",
  ])
    expect([sql, writeOf(sql)]).toEqual([sql, null])
})

test("a plain INSERT adds rows; what may change one that is there says so", () => {
  for (const [sql, write] of [
    ["INSERT INTO users (id) VALUES (?)", added("users")],
    ['insert into "users" ("id") values (?) returning "id"', added("users")],
    ["INSERT OR IGNORE INTO users SELECT id FROM old", added("users")],
    ["INSERT INTO users (name) VALUES ('ON CONFLICT DO UPDATE')", added("users")],
    ["INSERT INTO users (id) VALUES (?) ON CONFLICT DO NOTHING", added("users")],
    ["WITH a AS (SELECT 1 AS id) INSERT INTO users SELECT id FROM a", added("users")],
    [
      "INSERT INTO users (id) VALUES (?) ON CONFLICT (id) DO NOTHING ON CONFLICT (a) do\n update SET x = 1",
      changed("users"),
    ],
    ["INSERT OR REPLACE INTO users (id) VALUES (?)", changed("users")],
    ["INSERT OR ROLLBACK INTO users (id) VALUES (?)", changed("users")],
    ["REPLACE INTO users (id) VALUES (?)", changed("users")],
  ] as const)
    expect([sql, writeOf(sql)]).toEqual([sql, write])
})

test("updates and deletions name their table, however it is written", () => {
  for (const [sql, write] of [
    ["UPDATE users SET name = (SELECT 'DELETE FROM plans') WHERE id = ?", changed("users")],
    ["UPDATE OR IGNORE main.Users AS u SET name = 1 RETURNING id", changed("users")],
    ['update "users" set "name" = ?', changed("users")],
    ["DELETE FROM users WHERE id IN (SELECT id FROM plans LIMIT ?)", changed("users")],
    ["-- why\n  DELETE FROM users", changed("users")],
    ["WITH a AS (SELECT 1) UPDATE users SET id = (SELECT 1 FROM a)", changed("users")],
    ["WITH delete_ AS (SELECT ')' AS x), values_ AS (SELECT 2) DELETE FROM users", changed("users")],
    [
      "WITH select_ (a, b) AS (SELECT 1, (2)) INSERT INTO users SELECT a FROM select_ WHERE true ON CONFLICT DO UPDATE SET x = 1",
      changed("users"),
    ],
    ["WITH values AS (SELECT 1) DELETE FROM users", changed("users")],
  ] as const)
    expect([sql, writeOf(sql)]).toEqual([sql, write])
})

test("what cannot be told counts as everything", () => {
  for (const sql of [
    "CREATE TABLE a (b)",
    "DROP TABLE users",
    "VACUUM",
    "SELECT 1; DELETE FROM users",
    "UPDATE aux.users SET id = 1",
    "DELETE FROM [users]",
    'UPDATE "odd name" SET id = 1',
    "/* */ SELECT 1",
    "WITH broken DELETE FROM users",
    "",
  ])
    expect([sql, writeOf(sql)]).toEqual([sql, anything])
})

test("counts grow by table; a statement that cannot be told moves the epoch", () => {
  const versions = new Versions()
  const users = versions.of("Users")
  expect(versions.of("users")).toBe(users)
  versions.counter(added("users"))()
  versions.counter(changed("users"))()
  versions.counter(changed("users"))()
  versions.counter(changed("plans"))()
  expect([users, versions.writes, versions.epoch]).toEqual([{ changes: 2, adds: 1 }, 4, 0])
  versions.counter(anything)()
  versions.forgetAll()
  expect([users.changes, versions.writes, versions.epoch]).toEqual([2, 5, 2])
})
