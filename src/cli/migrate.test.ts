// The upgrade and the way back as an operator does them: on a folder of the schema before the newest.
import { Database } from "bun:sqlite"
import { afterEach, beforeEach, expect, test } from "bun:test"
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { nano, PrincipalId, systemClock } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { createLedger } from "../ledger/index.ts"
import { lockFolder, openStore, testCtx } from "../store/index.ts"
import { cli } from "./testing.ts"

const MIGRATIONS = join(import.meta.dir, "../../migrations")
const newest = readdirSync(MIGRATIONS).toSorted().at(-1)!
const [NEW, OLD] = [Number(newest.slice(0, 4)), Number(readdirSync(MIGRATIONS).toSorted().at(-2)!.slice(0, 4))]
let root = ""
let dataDir = ""
let path = ""
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "purser-migrate-"))
  dataDir = join(root, "data")
  path = join(dataDir, "purser.db")
  cpSync(MIGRATIONS, join(root, "migrations"), { recursive: true })
  rmSync(join(root, "migrations", newest))
  lockFolder(dataDir).release()
  await give("first", join(root, "migrations"))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** A transaction in the books, written by the executable whose migrations these are. */
async function give(key: string, migrationsFolder = MIGRATIONS): Promise<void> {
  const store = openStore(path, { migrationsFolder })
  let made = 0
  const ids = { next: (prefix: string) => `${prefix}_${key}_${++made}` }
  const ledger = createLedger({ store, clock: systemClock, ids, bootId: key })
  const owner = { kind: "principal", id: PrincipalId(1) } as const
  const terms = { mode: "live", type: "bonus", bucket: "bonus", paid: false } as const
  await store.write(testCtx, (tx) => ledger.grantIn(tx, { owner, ...terms, amountNano: nano(1_000), key }))
  await store.close()
}
const run = (...argv: string[]) => cli(...argv, "--data-dir", dataDir)
const schemaOf = async (): Promise<number> => JSON.parse((await run("migrate", "status", "--json")).out).schema

test("status says what is pending, up runs it after a copy, back puts the copy in place and says what to start", async () => {
  const before = await run("migrate")
  expect(before.code).toBe(0)
  expect(before.out).toContain(`Schema ${OLD}, written by Purser`)
  expect(before.out).toContain(`The next start runs ${newest}, after keeping a copy.`)
  expect(await run("migrate", "up")).toMatchObject({ code: 0, out: `ran ${newest}\n` })
  expect((await run("migrate", "up")).out).toBe("Nothing to do.\n")
  expect((await run("migrate", "status")).out).toContain(`  schema ${OLD}, `)
  expect(await schemaOf()).toBe(NEW)
  const back = await run("migrate", "back")
  expect(back.err).toBe("")
  expect(back.code).toBe(0)
  expect(back.out).toMatch(/^The database is as it was at .* UTC \(schema/)
  expect(back.out).toContain("a newer one would upgrade it again")
  expect(back.out).toContain("Nothing that people did is missing.")
  expect(await schemaOf()).toBe(OLD)
  // What stood there is kept, the proof leaves nothing behind, and both executables still open what they should.
  const files = readdirSync(dataDir)
  expect(files.filter((name) => name.startsWith("purser.db.set-aside-"))).toHaveLength(1)
  expect(files.filter((name) => name.startsWith("proof-") || name.endsWith(".new"))).toEqual([])
  await give("second", join(root, "migrations"))
  expect(await run("migrate", "up")).toMatchObject({ code: 0 })
})

test("what was written since is named, and lost only with --yes", async () => {
  await run("migrate", "up")
  await give("since")
  const refused = await run("migrate", "back")
  expect(refused.code).toBe(2)
  expect(refused.err).toContain("written since and not in it: 1 transaction. Add --yes")
  expect(await schemaOf()).toBe(NEW)
  const back = await run("migrate", "back", "--yes")
  expect(back.code).toBe(0)
  expect(back.out).toContain("only in that file: 1 transaction.")
  expect(back.out).toContain("Everybody has to sign in again")
  expect(await schemaOf()).toBe(OLD)
})

test("no copy, no database, a running server: each is told and nothing changes", async () => {
  expect(await run("migrate", "back")).toMatchObject({ code: 1, err: expect.stringContaining("there is no copy") })
  const lock = lockFolder(dataDir)
  for (const verb of ["up", "back"]) expect((await run("migrate", verb)).code).toBe(3)
  lock.release()
  const empty = join(root, "empty")
  for (const verb of ["status", "up", "back"])
    expect((await cli("migrate", verb, "--data-dir", empty)).err).toContain("there is no database")
  expect(existsSync(empty)).toBe(false)
  expect(await schemaOf()).toBe(OLD)
})

test("a copy that is no database of ours, or whose books do not balance, is not put in place", async () => {
  await run("migrate", "up")
  const copy = join(root, "copy.db")
  await Bun.write(copy, "a letter ".repeat(1_000))
  const foreign = await run("migrate", "back", "--to", copy)
  expect(foreign.code).toBe(1)
  expect(foreign.err).not.toContain("    at ")
  expect(await schemaOf()).toBe(NEW)
})

/** A person with a session, and an app that may renew its access. */
const SIGNED_IN = [
  "INSERT INTO principals (id, kind, created_ms) VALUES (1, 'user', 1) ON CONFLICT DO NOTHING",
  `INSERT INTO users (id, public_id, email, created_ms, updated_ms) VALUES (1, 'usr_1', 'ada@example.com', 1, 1)`,
  `INSERT INTO sessions (public_id, kind, user_id, token_hash, browser_hash, amr, auth_time_ms, created_ms, seen_ms, expires_ms, ip, user_agent)
     VALUES ('ses_1', 'auth', 1, '${"0".repeat(64)}', 'b', 'pwd', 1, 1, 1, 9, '', '')`,
  `INSERT INTO oauth_clients (id, public_id, key, type, mode, name, scopes, created_ms, updated_ms)
     VALUES (1, 'cli_1', 'console', 'first-party', 'live', 'Purser', 'llm', 1, 1)`,
  `INSERT INTO oauth_grants (public_id, user_id, client_id, session_id, scopes, auth_time_ms, created_ms)
     VALUES ('gnt_1', 1, 1, '1', 'llm', 1, 1)`,
]

test("with something missing, sessions and permissions of apps end; without, they go on", async () => {
  const openSignIns = () => {
    const db = new Database(path, { readonly: true })
    const open = db
      .query(
        `SELECT (SELECT COUNT(*) FROM sessions WHERE ended_ms IS NULL) AS sessions,
           (SELECT COUNT(*) FROM oauth_grants WHERE revoked_ms IS NULL) AS grants`,
      )
      .get()
    db.close(true)
    return open
  }
  const db = new Database(path)
  for (const sql of SIGNED_IN) db.run(sql)
  db.close(true)
  const signedIn = { sessions: 1, grants: 1 }
  expect(openSignIns()).toEqual(signedIn)
  await run("migrate", "up")
  expect(await run("migrate", "back")).toMatchObject({ code: 0, err: "" })
  expect(openSignIns()).toEqual(signedIn)
  await run("migrate", "up")
  const store = openStore(path)
  await store.write({ ...testCtx, actor: "admin:usr_1" }, (tx) =>
    auditIn(tx, { action: "user.suspended", subject: "usr_1" }),
  )
  await store.close()
  expect((await run("migrate", "back")).err).toContain("not in it: 1 act.")
  expect((await run("migrate", "back", "--yes")).code).toBe(0)
  expect(openSignIns()).toEqual({ sessions: 0, grants: 0 })
  await openStore(path, { migrationsFolder: join(root, "migrations") }).close()
})
