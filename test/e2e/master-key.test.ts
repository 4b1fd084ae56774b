// The secret key exchanged while the server runs, and put on paper: calls go on, and in the end nothing is sealed with the old one.
import { Database } from "bun:sqlite"
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createKeyring, credits, readConfig, readMasterKeys, silentLog } from "../../src/app/index.ts"
import { controlVerbs } from "../../src/cli/control.ts"
import { keyOfText, wordsOf, wordTable } from "../../src/cli/keys-export.ts"
import { cli } from "../../src/cli/testing.ts"
import { compose } from "../../src/compose.ts"
import type { User } from "../../src/identity/index.ts"
import { serveControl } from "../../src/store/index.ts"
import {
  addSandbox,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { bundled } from "../bundle.ts"

setDefaultTimeout(60_000)

let server: TestServer
let control: { stop(): Promise<void> }
let user: User
let token = ""
const SECRET = "sk-provider-secret"
const root = mkdtempSync(join(tmpdir(), "purser-master-"))
const run = (...argv: string[]) => cli(...argv, "--data-dir", server.dataDir, "--base-url", server.url)
const keyFile = () => join(server.dataDir, "secret.key")

beforeAll(async () => {
  server = await startTestServer()
  const { app } = server
  control = serveControl(server.dataDir, controlVerbs(app))
  await addSandbox(app)
  await app.gateway.addUpstream(CTX, {
    kind: "openai-compatible",
    name: "other",
    baseUrl: "http://127.0.0.1:9/v1",
    apiKey: SECRET,
    models: ["gpt-4o-mini"],
    priceProvider: "openai",
  })
  user = await makeUser(app, { email: "ada@example.com" })
  await giveCredits(app, user, credits(1_000))
  token = (await mintTokens(app, { user, ...(await makeClient(app)) })).accessToken
})
afterAll(async () => {
  await control?.stop()
  await server?.close()
  rmSync(root, { recursive: true, force: true })
})

/** Whether any text of any row was sealed by this key. */
function sealedWith(kid: string): string[] {
  const db = new Database(join(server.dataDir, "purser.db"), { readonly: true })
  const columns = db
    .query<{ table: string; name: string }, []>(
      `SELECT m.name AS "table", c.name AS name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`,
    )
    .all()
  const found = columns.filter(
    ({ table, name }) =>
      db.query(`SELECT 1 FROM "${table}" WHERE "${name}" GLOB ? LIMIT 1`).get(`*v1.${kid}.*`) !== null,
  )
  db.close()
  return found.map(({ table, name }) => `${table}.${name}`)
}

const call = (key: string) =>
  fetch(`${server.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ model: "sandbox", messages: [{ role: "user", content: "Tell me something." }] }),
  })

test("rotate and reseal through the running server: calls, repeats and provider keys go on, nothing old is left", async () => {
  const first = await (await call("one")).text()
  const [old] = createdKids()
  expect(sealedWith(old!)).toEqual(
    expect.arrayContaining([
      "oauth_signing_keys.private_jwk",
      "upstreams.api_key_sealed",
      "idempotency_keys.answer_sealed",
      "meta.value",
    ]),
  )
  const before = await run("keys", "list")
  expect(before.code).toBe(0)
  expect(before.out).toContain(`${old}  seals now, from ${keyFile()}; no copy was made`)
  const rotated = await run("keys", "rotate")
  expect(rotated.err).toBe("")
  const [now] = createdKids()
  expect(rotated.out).toStartWith(`${now} seals from on; ${old} still opens.`.replace("from on", "from now on"))
  expect(statSync(keyFile()).mode & 0o077).toBe(0)
  expect((await chat(server.url, token)).status).toBe(200)
  expect(await (await call("one")).text()).toBe(first)
  await call("two")
  expect(JSON.parse((await run("keys", "list", "--json")).out)).toMatchObject({ kid: now, old: [old], retired: [] })
  const resealed = await run("keys", "reseal")
  expect(resealed.err).toBe("")
  expect(resealed.out).toContain("keys that sign tokens")
  expect(resealed.out).toContain(`Out of use: ${old}.`)
  expect(sealedWith(old!)).toEqual([])
  const state = JSON.parse((await run("keys", "list", "--json")).out)
  expect(state).toMatchObject({ kid: now, old: [], retired: [old] })
  expect(state.sealed.filter((one: { old: number; lost: number }) => one.old + one.lost > 0)).toEqual([])
  expect(await (await call("one")).text()).toBe(first)
  expect((await chat(server.url, token)).status).toBe(200)
  // A second time there is nothing to do.
  expect((await run("keys", "reseal")).out).toBe("No key was taken out of use.\n")
  // Each act is in the audit log.
  const actions = server.app.store.read.all<{ action: string }>(
    "SELECT action FROM audit_log WHERE action LIKE 'key.%' ORDER BY id",
  )
  expect(actions.map(({ action }) => action)).toEqual(["key.rotated", "key.resealed", "key.resealed"])
})

const createdKids = (): string[] => {
  const { live } = readMasterKeys(server.dataDir, null)!
  return live.map((key) => createKeyring(key).kid)
}

test("a copy on paper is noted and ends the reminder, until the next key; the paper gives the key back", async () => {
  const reminds = () => server.app.vault.exportedMs() === null
  expect(reminds()).toBe(true)
  const printed = await run("keys", "export")
  expect(printed.code).toBe(0)
  expect(reminds()).toBe(false)
  const [key] = readMasterKeys(server.dataDir, null)!.live
  expect(printed.out).toContain(wordTable(key!))
  expect(printed.out).toMatch(/[▀▄█]{10}/)
  const out = join(root, "key.html")
  expect((await run("keys", "export", "--out", out)).code).toBe(0)
  expect(statSync(out).mode & 0o077).toBe(0)
  const page = readFileSync(out, "utf8")
  expect(page).toContain("<svg")
  expect(page.match(/<li>[a-z]+<\/li>/g)).toHaveLength(24)
  expect((await run("keys", "export", "--out", out)).code).toBe(1)
  // As typed from the table, with its numbers, and as the code has it.
  for (const text of [wordsOf(key!), wordsOf(key!).toUpperCase(), key!.toString("hex")])
    expect(keyOfText(text).equals(key!)).toBe(true)
  await run("keys", "rotate")
  expect(reminds()).toBe(true)
})

test("words that were read wrong are told", () => {
  const words = wordsOf(Buffer.alloc(32, 9)).split(" ")
  expect(() => keyOfText(words.slice(1).join(" "))).toThrow("a key has 24 words; these are 23")
  expect(() => keyOfText(["purser", ...words.slice(1)].join(" "))).toThrow("not of the list: purser")
  const swapped = [words[0] === "abandon" ? "zoo" : "abandon", ...words.slice(1)]
  expect(() => keyOfText(swapped.join(" "))).toThrow("one of them was read wrong")
})

test("keys import writes the key of the database, and no other", async () => {
  const dataDir = join(root, "restored")
  mkdirSync(dataDir)
  const config = readConfig({ "data-dir": dataDir, port: "0", "base-url": "http://localhost:9" }, {})
  await (await compose(config, { log: silentLog })).stop()
  const file = join(dataDir, "secret.key")
  const right = readFileSync(file, "utf8").trim()
  const stdin = (text: string) => {
    const ran = Bun.spawnSync([...bundled("src/main.ts"), "keys", "import", "--data-dir", dataDir], {
      stdin: Buffer.from(text),
    })
    return { code: ran.exitCode, out: ran.stdout.toString(), err: ran.stderr.toString() }
  }
  expect(stdin(right)).toMatchObject({ code: 1, err: expect.stringContaining("there is a key already") })
  rmSync(file)
  const wrong = stdin(wordsOf(Buffer.alloc(32, 3)))
  expect(wrong.err).toContain("sealed with another secret key")
  expect(wrong.code).toBe(1)
  expect(stdin("hello there")).toMatchObject({ code: 2 })
  const words = wordsOf(Buffer.from(right, "hex"))
  expect(stdin(words)).toMatchObject({ code: 0, err: "" })
  expect(readFileSync(file, "utf8").trim()).toBe(right)
  // The environment cannot be changed from here: it is told how.
  rmSync(file)
  process.env.PURSER_SECRET_KEY = right
  const rotated = await cli("keys", "rotate", "--data-dir", dataDir, "--base-url", "http://localhost:9")
  expect(rotated.code).toBe(1)
  expect(rotated.err).toContain("set PURSER_SECRET_KEY=NEW,OLD")
  process.env.PURSER_SECRET_KEY = `${"ab".repeat(32)},${right}`
  const resealed = await cli("keys", "reseal", "--data-dir", dataDir, "--base-url", "http://localhost:9")
  delete process.env.PURSER_SECRET_KEY
  expect(resealed).toMatchObject({ code: 0, err: "" })
  expect(resealed.out).toContain("keys that sign tokens")
  writeFileSync(file, `${"ab".repeat(32)}\n`, { mode: 0o600 })
  await (await compose(config, { log: silentLog })).stop()
})
