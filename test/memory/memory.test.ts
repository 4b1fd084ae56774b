// What mutations remember of rarely changing rows: random histories of everything that can change an answer, in commits that hold,
// fail or are taken back in part, and each answer compared with SQLite's. And the schema, which must not write behind its back.

import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import { Glob } from "bun"
import { testCtx } from "../../src/store/index.ts"
import { rememberedTables } from "../../src/store/remember.ts"
import { createRandom, type Random } from "../crash/random.ts"
import { ACTS, chance, openWorld, pick, type World } from "./world.ts"

const HISTORIES = 12
const COMMITS = 120

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const NAMES = Object.keys(ACTS)
const succeeded = new Set<string>()
const answers = new Set<string>()
const keyAnswers = new Set<string>()

/** One mutation: acts and holds in turns. Returns what was done; what memory got wrong is put down, also when it is taken back. */
function mutation(random: Random, wrong: unknown[]): Promise<unknown> {
  const done: string[] = []
  return world.store.write(testCtx, (tx) => {
    const hold = () => {
      const { remembered, fresh } = world.compare(tx, random)
      keyAnswers.add(typeof fresh.at(-1) === "string" ? String(fresh.at(-1)).split(".")[0]! : "alive")
      answers.add(typeof fresh[0] === "string" ? fresh[0] : "alive").add(fresh[2] ? "due" : "not due")
      if (!Bun.deepEquals(remembered, fresh)) wrong.push({ remembered, fresh, done: [...done] })
    }
    for (let turn = random.between(1, 4); turn > 0; turn--) {
      hold()
      if (chance(random, 3)) continue
      done.push(pick(random, NAMES))
      ACTS[done.at(-1)!]!(world, tx, random)
      succeeded.add(done.at(-1)!)
      hold()
    }
    if (chance(random, 5)) throw new Error("taken back")
  })
}

async function history(random: Random): Promise<unknown[]> {
  const wrong: unknown[] = []
  for (let commit = 0; commit < COMMITS && wrong.length === 0; commit++) {
    world.faults.failing = chance(random, 12)
    await Promise.allSettled(Array.from({ length: random.between(1, 5) }, () => mutation(random, wrong)))
    world.faults.failing = false
    if (chance(random, 10)) world.clock.advance(random.between(0, 20 * 86_400_000))
  }
  return wrong
}

test("every answer is the one SQLite gives in the same moment", async () => {
  const first = createRandom()
  for (const name of [
    "join",
    "join",
    "join",
    "register",
    "register",
    "consent",
    "consent",
    "signIn",
    "signIn",
    "makeKey",
    "makeKey",
  ])
    await world.store.write(testCtx, (tx) => void ACTS[name]!(world, tx, first))
  for (let seed = first.seed; seed < first.seed + HISTORIES; seed++) {
    const wrong = await history(createRandom(seed))
    expect({ seed, "play again with PURSER_TEST_SEED": first.seed, wrong }).toEqual({
      seed,
      "play again with PURSER_TEST_SEED": first.seed,
      wrong: [],
    })
  }
}, 60_000)

test("the histories were rich: each act succeeded, and each answer was given", () => {
  expect(NAMES.filter((name) => !succeeded.has(name))).toEqual([])
  expect([...answers].map((answer) => answer.split(".")[0]).sort()).toEqual([
    "AppError: This access was revoked",
    "AppError: This account is suspended",
    "AppError: This app is suspended",
    "AppError: This app may not use embeddings",
    "AppError: This app may not use llm",
    "AppError: This app may not use speech",
    "alive",
    "due",
    "not due",
  ])
  for (const answer of [
    "was revoked",
    "was replaced",
    "has expired",
    "is switched off",
    "lacks the permission",
    "alive",
  ])
    expect([answer, [...keyAnswers].some((given) => given.includes(answer))]).toEqual([answer, true])
})

interface SchemaRow {
  type: string
  name: string
  tbl_name: string
  sql: string | null
}

test("no trigger, cascade or conflict clause of the schema writes a remembered table behind its statement", () => {
  const remembered = rememberedTables()
  for (const name of ["oauth_grants", "api_keys", "users", "plan_assignments", "settings"])
    expect(remembered).toContain(name)
  const schema = world.store.read.all<SchemaRow>("SELECT type, name, tbl_name, sql FROM sqlite_schema")
  const existing = schema.filter((row) => row.type === "table").map((row) => row.name)
  expect(remembered.filter((name) => !existing.includes(name))).toEqual([])
  const writers = schema.filter(
    ({ type, sql }) => type === "trigger" && remembered.some((name) => writes(sql ?? "", name)),
  )
  expect(writers.map((row) => row.name)).toEqual([])
  for (const name of remembered) {
    const keys = world.store.read.all<{ on_delete: string; on_update: string }>(
      `SELECT on_delete, on_update FROM pragma_foreign_key_list('${name}')`,
    )
    const own = schema.filter((row) => row.tbl_name === name).map((row) => row.sql ?? "")
    expect([name, keys.filter((key) => key.on_delete !== "NO ACTION" || key.on_update !== "NO ACTION")]).toEqual([
      name,
      [],
    ])
    expect([name, own.filter((sql) => /ON\s+CONFLICT/i.test(sql))]).toEqual([name, []])
  }
})

const writes = (trigger: string, table: string): boolean =>
  new RegExp(`\\b(INTO|UPDATE(\\s+OR\\s+\\w+)?|DELETE\\s+FROM)\\s+"?${table}\\b(?!\\s+BEGIN)`, "i").test(body(trigger))
/** From BEGIN on: what the trigger does, not what it waits for. */
const body = (trigger: string): string => trigger.slice(trigger.search(/\bBEGIN\b/i))

test("the look at triggers finds what it looks for", () => {
  const made = (act: string) => `CREATE TRIGGER t AFTER UPDATE ON users BEGIN ${act}; END`
  for (const act of [
    "UPDATE users SET a = 1",
    'INSERT INTO "users" VALUES (1)',
    "DELETE FROM users",
    "REPLACE INTO users",
  ])
    expect([act, writes(made(act), "users")]).toEqual([act, true])
  for (const act of ["SELECT RAISE(ABORT, 'no')", "UPDATE users_old SET a = 1"])
    expect([act, writes(made(act), "users")]).toEqual([act, false])
})

/** Memories that keep a list and do not say that an insert ends them. */
function listsKept(source: string): string[] {
  const found: string[] = []
  for (const [, definition = ""] of source.matchAll(/\bremember\(\{([\s\S]*?)\}\)/g)) {
    if (definition.includes("absence: true")) continue
    const [, name] = /\bload(?:: (\w+))?(?:,|$| \})/.exec(definition.trim()) ?? []
    const start = name === undefined ? -1 : source.search(new RegExp(`\\b(function|const) ${name}\\b`))
    const body = start < 0 ? definition : source.slice(start).split(/\n(?=\S)(?!\})/, 1)[0]!
    if (/\.all[<(]/.test(body)) found.push(name ?? definition.trim())
  }
  return found
}

test("what keeps a list forgets it with each insert", async () => {
  const src = join(import.meta.dir, "..", "..", "src")
  const files = [...new Glob("**/*.ts").scanSync(src)].filter((path) => !path.endsWith(".test.ts"))
  const sources = await Promise.all(files.map((path) => Bun.file(join(src, path)).text()))
  expect(sources.filter((source) => /\bremember\(\{/.test(source)).length).toBeGreaterThan(5)
  expect(sources.flatMap(listsKept)).toEqual([])
  // It finds what it looks for.
  const named =
    'export function mine(reader: Reader) {\n  return reader.all("x")\n}\n\nconst known = remember({ of: [a], load: mine })'
  expect(listsKept(named)).toEqual(["mine"])
  expect(listsKept("remember({\n  of: [a],\n  load: (reader) => reader.all<Row>(sql),\n})")).toHaveLength(1)
  expect(listsKept("remember({\n  of: [a],\n  absence: true,\n  load: (reader) => reader.all<Row>(sql),\n})")).toEqual(
    [],
  )
})
