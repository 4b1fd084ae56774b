// The executable on data it did not make, must not open or cannot use: each a clear message, its exit code, and nothing changed.
import { Database } from "bun:sqlite"
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { chmodSync, copyFileSync, cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { credits, readConfig, silentLog } from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import { fixIssuer } from "../../src/store/index.ts"
import { freePort, giveCredits, makeClient, makeUser, mintTokens } from "../build.ts"
import { canDropRights, type Executable, openExecutable } from "./binary.ts"

const BASE_URL = "http://localhost:9"
const EVENTS = 12
// Building, on a machine that may be busy.
setDefaultTimeout(60_000)

let purser: Executable
/** A folder that was used and closed in order. */
let used = ""
let token = ""
let upstream: Bun.Server<undefined>

/** A model that needs over a second for its answer. */
const slowModel = () =>
  Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    // A generator is a body for Bun, though its type does not say so.
    fetch: () =>
      new Response(slowWords() as unknown as ReadableStream, { headers: { "content-type": "text/event-stream" } }),
  })

async function* slowWords(): AsyncGenerator<string> {
  const chunk = (delta: object, finish: string | null = null) =>
    `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "gpt-4o-mini", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
  for (let n = 0; n < EVENTS; n++) {
    yield chunk({ content: `word${n} ` })
    await Bun.sleep(100)
  }
  yield chunk({}, "stop")
  yield "data: [DONE]\n\n"
}

beforeAll(async () => {
  purser = await openExecutable()
  used = purser.folder("used")
  upstream = slowModel()
  const config = readConfig({ port: "0", "data-dir": used, "base-url": BASE_URL }, {}, true)
  const app = await compose(config, { log: silentLog })
  // A folder belongs to its address once a server listened on it.
  await fixIssuer(app.store, BASE_URL)
  const user = await makeUser(app)
  await giveCredits(app, user, credits(1_000))
  token = (await mintTokens(app, { user, ...(await makeClient(app)) })).accessToken
  await app.gateway.addUpstream(
    { actor: "cli", requestId: "req_test", reason: "test data" },
    {
      kind: "openai-compatible",
      name: "slow",
      baseUrl: `http://127.0.0.1:${upstream.port}/v1`,
      priceProvider: "openai",
      models: ["gpt-4o-mini"],
    },
  )
  await app.stop()
})
afterAll(async () => {
  await upstream?.stop(true)
  await purser?.remove()
})

/** A copy of the used folder, to be harmed. */
function copyOfUsed(name: string): string {
  const folder = purser.folder(name)
  cpSync(used, folder, { recursive: true })
  return folder
}
const serve = (dataDir: string) => purser.run(["serve", "--data-dir", dataDir, "--port", "0", "--base-url", BASE_URL])

describe("a folder made by the same version from source", () => {
  test("opens, and a stream that is under way when SIGTERM comes ends whole, charged and with exit 0", async () => {
    const dataDir = copyOfUsed("stream")
    const port = freePort()
    const server = await purser.serve([
      "--data-dir",
      dataDir,
      "--port",
      String(port),
      "--base-url",
      BASE_URL,
      "--drain-seconds",
      "5",
    ])
    const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "gpt-4o-mini", stream: true, messages: [{ role: "user", content: "Hello." }] }),
    })
    expect(response.status).toBe(200)
    const body = response.text()
    await Bun.sleep(200)
    server.stop("SIGTERM")
    const text = await body
    expect(text).toContain(`word${EVENTS - 1} `)
    expect(text).toMatch(/^: charged [1-9]\d* remaining \d+$/m)
    expect(text).toEndWith("data: [DONE]\n\n")
    expect(await server.exited).toBe(0)
    const verified = await purser.run(["ledger", "verify", "--data-dir", dataDir])
    expect(verified.out).toContain("The books balance.")
    const db = new Database(join(dataDir, "purser.db"), { readonly: true })
    const row = db.query("SELECT end_reason AS end, charge_nano > 0 AS charged FROM charges").all()
    db.close()
    expect(row).toEqual([{ end: "done", charged: 1 }])
  })

  test("kill −9 in mid-stream: the next start recovers, charges what is known and serves", async () => {
    const dataDir = copyOfUsed("killed")
    const flags = ["--data-dir", dataDir, "--port", "0", "--base-url", BASE_URL, "--drain-seconds", "5"]
    const server = await purser.serve(flags)
    const [, address] = await server.saying(/"address":"([^"]+)"/)
    const response = await fetch(`${address}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "gpt-4o-mini", stream: true, messages: [{ role: "user", content: "Hello." }] }),
    })
    const body = response.text().catch(() => "")
    await Bun.sleep(200)
    server.stop("SIGKILL")
    await server.exited
    await body
    const again = await purser.serve(flags)
    expect(again.said()).toContain('"event":"ledger.recovered","resolved":1,"released":0')
    again.stop()
    expect(await again.exited).toBe(0)
    expect((await purser.run(["ledger", "verify", "--data-dir", dataDir])).out).toContain("The books balance.")
    const db = new Database(join(dataDir, "purser.db"), { readonly: true })
    const row = db.query(
      `SELECT c.end_reason AS end, c.charge_nano > 0 AS charged, r.endpoint, r.model
       FROM charges c LEFT JOIN usage_routes r ON r.id = c.route_id`,
    )
    expect(row.all()).toEqual([{ end: "recovered", charged: 1, endpoint: "chat", model: "gpt-4o-mini" }])
    db.close()
  })
})

describe("is refused", () => {
  test("a file that is no database", async () => {
    const dataDir = purser.folder("letter")
    const path = join(dataDir, "purser.db")
    writeFileSync(path, "this is a letter, not a database ".repeat(300))
    const before = readFileSync(path)
    const ran = await serve(dataDir)
    expect(ran.err).toContain(`${path} is not a database; move it away or restore a backup`)
    expect(ran.err).not.toContain("    at ")
    expect(ran.code).toBe(1)
    expect(readFileSync(path)).toEqual(before)
    // Not even a key is made for it.
    expect(existsSync(join(dataDir, "secret.key"))).toBe(false)
    expect(await purser.run(["ledger", "verify", "--data-dir", dataDir])).toMatchObject({ code: 1, out: "" })
  })

  test("a database that is damaged, without touching it", async () => {
    const dataDir = copyOfUsed("damaged")
    const path = join(dataDir, "purser.db")
    const bytes = readFileSync(path)
    bytes.fill(0xab, 4_096 * 4, 4_096 * 40)
    writeFileSync(path, bytes)
    const ran = await serve(dataDir)
    expect(ran.err).toMatch(/the database .* is damaged[\s\S]*; restore a backup/)
    expect(ran.err).not.toContain("    at ")
    expect(ran.code).toBe(1)
    expect(readFileSync(path)).toEqual(bytes)
  })

  test("a database of another program, without touching it", async () => {
    const dataDir = purser.folder("foreign")
    const path = join(dataDir, "purser.db")
    const db = new Database(path)
    db.run("CREATE TABLE recipes (name TEXT)")
    db.close()
    const before = readFileSync(path)
    const ran = await serve(dataDir)
    expect(ran.err).toContain(`${path} belongs to another program`)
    expect(ran.code).toBe(1)
    expect(readFileSync(path)).toEqual(before)
  })

  test("a database of a newer version, and one that ran another migration", async () => {
    const dataDir = copyOfUsed("newer")
    const db = new Database(join(dataDir, "purser.db"))
    db.run("INSERT INTO schema_migrations (number, name, checksum, applied_ms) VALUES (9000, '9000_later.sql', 'x', 1)")
    const newer = await serve(dataDir)
    expect(newer.err).toContain("written by a newer Purser")
    expect(newer.code).toBe(4)
    db.run("DELETE FROM schema_migrations WHERE number = 9000")
    db.run("UPDATE schema_migrations SET checksum = 'other' WHERE number = 1")
    db.close()
    const other = await serve(dataDir)
    expect(other.err).toContain("with other contents than this executable holds")
    expect(other.code).toBe(4)
  })

  test("another origin than the folder was made for", async () => {
    const ran = await purser.run(["serve", "--data-dir", copyOfUsed("origin"), "--port", "8080"])
    expect(ran.err).toContain(`belongs to ${BASE_URL}, not http://localhost:8080`)
    expect(ran.code).toBe(2)
  })

  test("a key that is missing, another, unreadable as hex or open to others; none is made in its place", async () => {
    const dataDir = copyOfUsed("key")
    const key = join(dataDir, "secret.key")
    const [right, mode] = [readFileSync(key, "utf8"), statSync(key).mode & 0o777]
    expect(mode).toBe(0o600)
    rmSync(key)
    const missing = await serve(dataDir)
    expect(missing.err).toContain(`${key} is missing`)
    expect(missing.code).toBe(1)
    expect(existsSync(key)).toBe(false)
    writeFileSync(key, `${"0".repeat(64)}\n`, { mode: 0o600 })
    const another = await serve(dataDir)
    expect(another.err).toContain("sealed with another secret key")
    expect(another.code).toBe(1)
    writeFileSync(key, "not hex\n")
    expect((await serve(dataDir)).err).toContain("must hold 64 hex digits")
    writeFileSync(key, right)
    chmodSync(key, 0o644)
    expect((await serve(dataDir)).err).toContain("can be read by others; run: chmod 600")
    // The right key, given by the environment instead.
    rmSync(key)
    const health = await purser.run(["setup-link", "--data-dir", dataDir, "--base-url", BASE_URL], {
      env: { PURSER_SECRET_KEY: right.trim() },
    })
    expect(health.code).toBe(0)
  })
})

describe.skipIf(!canDropRights)("a folder that cannot be written", () => {
  const unprivileged = (args: string[]) => purser.run(args, { unprivileged: true })

  test("is told before anything is opened", async () => {
    const dataDir = copyOfUsed("read-only")
    chmodSync(dataDir, 0o555)
    const ran = await unprivileged(["serve", "--data-dir", dataDir, "--port", "0", "--base-url", BASE_URL])
    // Whoever is not root cannot remove it otherwise.
    chmodSync(dataDir, 0o755)
    expect(ran.err).toContain(`cannot write to the data folder ${dataDir}`)
    expect(ran.err).toContain("make it writable or set --data-dir")
    expect(ran.code).toBe(1)
  })

  test("a database file that cannot be written is told by name", async () => {
    const dataDir = purser.folder("read-only-file")
    copyFileSync(join(used, "purser.db"), join(dataDir, "purser.db"))
    chmodSync(join(dataDir, "purser.db"), 0o444)
    chmodSync(dataDir, 0o777)
    const ran = await unprivileged(["serve", "--data-dir", dataDir, "--port", "0", "--base-url", BASE_URL])
    expect(ran.err).toContain(`cannot write the database ${join(dataDir, "purser.db")}`)
    expect(ran.code).toBe(1)
  })
})
