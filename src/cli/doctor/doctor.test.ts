// Each misconfiguration, seeded alone into an installation that is well, is found by its name and comes with its mend.
import { Database } from "bun:sqlite"
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { SMTPServer } from "smtp-server"
import { S3Server } from "../../../test/replica/s3.ts"
import { DAY_MS, inspectConfig, mistypedVariables, silentLog, systemClock } from "../../app/index.ts"
import { compose } from "../../compose.ts"
import { findLitestream } from "../../replica/index.ts"
import { fixIssuer } from "../../store/index.ts"
import { examine, type Finding, type Patient } from "./index.ts"

setDefaultTimeout(60_000)
const CTX = { actor: "cli", requestId: "req_test", reason: "test data" }
const TLS = join(import.meta.dir, "../../../test/fixtures/tls")
const root = mkdtempSync(join(tmpdir(), "purser-doctor-"))
const well = join(root, "well")
const BASE_URL = "http://localhost:9"
const INSTANCE = "ins_01ARZ3NDEKTSV4RRFFQ69G5FAV"
const OTHER = "ins_01BX5ZZKBKACTAV9WEVGEMMVRZ"
const KEYS = { accessKeyId: "AKIATEST", secretAccessKey: "a secret of the store" }
const store = new S3Server({ ...KEYS, buckets: ["ours"] })
let smtpPort = 0
const smtp = new SMTPServer({ authOptional: true, disabledCommands: ["STARTTLS"], logger: false })
const secure = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  tls: {
    key: readFileSync(join(TLS, "localhost.key.pem"), "utf8"),
    cert: readFileSync(join(TLS, "localhost.cert.pem"), "utf8"),
  },
  fetch: () => new Response("ok"),
})

beforeAll(async () => {
  const listening = smtp.listen(0, "127.0.0.1")
  await new Promise<void>((done) => listening.once("listening", () => done()))
  smtpPort = (listening.address() as { port: number }).port
  const { config } = inspectConfig({ "data-dir": well, port: "0", "base-url": BASE_URL }, {})
  mkdirSync(well, { mode: 0o700 })
  const app = await compose(config, { log: silentLog })
  await app.identity.createUser(CTX, { email: "ada@example.com", password: "a long test password", isAdmin: true })
  const upstream = await app.gateway.addUpstream(CTX, { kind: "sandbox", name: "sandbox" })
  await app.gateway.testUpstream(CTX, upstream.publicId)
  await app.vault.noteExport(CTX)
  await fixIssuer(app.store, BASE_URL)
  await app.verification.run(CTX)
  await app.stop()
  for (const name of ["purser.db", "secret.key"]) chmodSync(join(well, name), 0o600)
})
afterAll(async () => {
  await secure.stop(true)
  await store.down()
  smtp.close()
  rmSync(root, { recursive: true, force: true })
})

interface Seed {
  /** What the doctor must find. */
  finds: string
  state?: "warn"
  mend: RegExp
  flags?: Record<string, string>
  env?: Record<string, string>
  /** Harms a copy of the folder; answers with what is otherwise outside the process. */
  seed?: (dataDir: string) => unknown
}

const sql = (dataDir: string, ...statements: string[]) => {
  const db = new Database(join(dataDir, "purser.db"))
  for (const statement of statements) db.run(statement)
  db.close(true)
}
const key = (dataDir: string) => join(dataDir, "secret.key")
const server = (label: string, state: "warn" | "bad") => () => ({
  server: [{ label, state, text: "seeded", remedy: "Do this." }],
})

/** Settings of a replica in the store. */
const inStore = (more: Record<string, string> = {}) => ({
  PURSER_REPLICA_URL: "s3://ours/purser",
  PURSER_REPLICA_ENDPOINT: store.endpoint,
  PURSER_REPLICA_ACCESS_KEY_ID: KEYS.accessKeyId,
  PURSER_REPLICA_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
  ...more,
})
const named = (dataDir: string, epoch = 1) =>
  sql(
    dataDir,
    `INSERT INTO meta (key, value) VALUES ('instance_id', '${INSTANCE}'), ('replica_epoch', '${epoch}')
     ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
  )
/** A replica in a folder, with this mark. */
function marked(name: string, mark: Record<string, unknown> = {}): string {
  const folder = join(root, name)
  mkdirSync(folder, { recursive: true })
  const whole = { epoch: 1, format: "0.5", heldMs: 1 }
  const mine = { purser: 1, instance: INSTANCE, epoch: 1, format: "0.5", holder: "h1", host: "elsewhere", boot: "b1" }
  writeFileSync(join(folder, "purser.json"), JSON.stringify({ ...mine, released: true, beat: 1, whole, ...mark }))
  return `file://${folder}`
}

const absent = () => findLitestream(join(root, "nowhere"))
const unsafe = () => ({ version: "0.5.16", unsafe: "its SQLite has a fault" })

const SEEDS: Seed[] = [
  // Settings and addresses.
  { finds: "base-url-http", mend: /Correct PURSER_BASE_URL/, flags: { "base-url": "http://ai.example.com" } },
  { finds: "setting", mend: /Correct PURSER_PORT/, flags: { port: "eighty" } },
  { finds: "base-url-local", state: "warn", mend: /cannot be changed later/, flags: { host: "0.0.0.0" } },
  {
    finds: "setting-unknown",
    state: "warn",
    mend: /Rename it/,
    env: { PURSER_PORTT: "80" },
  },
  {
    finds: "base-url-changed",
    mend: /Set PURSER_BASE_URL=http:\/\/localhost:9/,
    flags: { "base-url": "http://localhost:10" },
  },
  { finds: "mail-from", state: "warn", mend: /PURSER_MAIL_FROM/, flags: { "mail-from": "Purser <purser@localhost>" } },
  // Folder and disk.
  { finds: "data-folder", state: "warn", mend: /Check --data-dir/, flags: { "data-dir": join(root, "nowhere") } },
  { finds: "data-folder-modes", state: "warn", mend: /chmod -R go-rwx/, seed: (dataDir) => chmodSync(dataDir, 0o755) },
  {
    finds: "data-folder-modes",
    state: "warn",
    mend: /chmod -R go-rwx/,
    seed: (dataDir) => chmodSync(join(dataDir, "purser.db"), 0o644),
  },
  { finds: "data-folder-in-memory", mend: /on a disk or a volume/, seed: () => ({ isInMemory: () => true }) },
  { finds: "disk-space", mend: /Free some room/, seed: () => ({ freeBytes: () => 50_000_000 }) },
  { finds: "disk-space", state: "warn", mend: /before it is full/, seed: () => ({ freeBytes: () => 500_000_000 }) },
  {
    finds: "room-for-upgrade",
    state: "warn",
    mend: /twice the size/,
    seed(dataDir) {
      const size = 800_000_000
      // A database that was large once: free pages at its end are left out of what is read.
      truncateSync(join(dataDir, "purser.db"), size)
      return { freeBytes: () => 2 * size - 1 }
    },
  },
  // Key.
  { finds: "key-missing", mend: /purser keys import/, seed: (dataDir) => rmSync(key(dataDir)) },
  { finds: "key-readable", mend: /chmod 600/, seed: (dataDir) => chmodSync(key(dataDir), 0o640) },
  {
    finds: "key-malformed",
    mend: /key file of this data/,
    seed: (dataDir) => writeFileSync(key(dataDir), "not hex\n"),
  },
  {
    finds: "key-of-other-data",
    mend: /keys import/,
    seed: (dataDir) => writeFileSync(key(dataDir), `${"0".repeat(64)}\n`),
  },
  {
    finds: "key-copy",
    state: "warn",
    mend: /keys export/,
    seed: (dataDir) => sql(dataDir, "DELETE FROM meta WHERE key = 'key_exported'"),
  },
  {
    finds: "key-old",
    state: "warn",
    mend: /keys reseal/,
    seed: (dataDir) => writeFileSync(key(dataDir), `${readFileSync(key(dataDir), "utf8")}${"0".repeat(64)}\n`),
  },
  // Database.
  {
    finds: "database-newer",
    mend: /migrate back/,
    seed: (dataDir) => sql(dataDir, "INSERT INTO schema_migrations VALUES (9000, '9000_later.sql', 'x', 1)"),
  },
  {
    finds: "database-pending",
    state: "warn",
    mend: /migrate status/,
    seed: (dataDir) =>
      sql(dataDir, "DELETE FROM schema_migrations WHERE number = (SELECT MAX(number) FROM schema_migrations)"),
  },
  {
    finds: "database",
    mend: /Restore a backup/,
    seed: (dataDir) => writeFileSync(join(dataDir, "purser.db"), "x".repeat(9_000)),
  },
  {
    finds: "database-damaged",
    mend: /restore a backup/,
    seed(dataDir) {
      const path = join(dataDir, "purser.db")
      const bytes = readFileSync(path)
      // Pages in the middle: the first ones hold the schema, and with them broken nothing can be read at all.
      bytes.fill(0xab, Math.floor(bytes.length / 2), Math.floor(bytes.length * 0.7))
      writeFileSync(path, bytes)
    },
  },
  {
    finds: "wal-size",
    state: "warn",
    mend: /has the database open/,
    seed(dataDir) {
      const wal = join(dataDir, "purser.db-wal")
      writeFileSync(wal, "")
      truncateSync(wal, 1_100_000_000)
    },
  },
  { finds: "clock", mend: /timedatectl/, seed: () => ({ nowMs: systemClock.now() - DAY_MS }) },
  // Network.
  { finds: "port", mend: /ss -ltnp/, flags: { host: "127.0.0.1", port: String(secure.port) } },
  { finds: "certificate", mend: /public authority/, flags: { "base-url": `https://localhost:${secure.port}` } },
  {
    finds: "certificate",
    mend: /Renew it/,
    flags: { "base-url": `https://localhost:${secure.port}` },
    seed: () => ({ nowMs: systemClock.now() + 36_500 * DAY_MS }),
  },
  { finds: "address-unreachable", mend: /DNS, the proxy/, flags: { "base-url": "https://localhost:1" } },
  {
    finds: "proxies-untrusted",
    state: "warn",
    mend: /PURSER_TRUSTED_PROXIES/,
    flags: { "base-url": `https://localhost:${secure.port}` },
  },
  { finds: "mail-missing", state: "warn", mend: /PURSER_SMTP_URL/, flags: { "smtp-url": "" } },
  { finds: "mail-unreachable", mend: /host, port, user/, flags: { "smtp-url": "smtp://127.0.0.1:1" } },
  // House.
  { finds: "admin-missing", mend: /setup-link/, seed: (dataDir) => sql(dataDir, "UPDATE users SET is_admin = 0") },
  {
    finds: "provider-missing",
    state: "warn",
    mend: /Upstreams/,
    seed: (dataDir) => sql(dataDir, "UPDATE upstreams SET enabled = 0"),
  },
  {
    finds: "provider-failing",
    mend: /key and address/,
    seed: (dataDir) => sql(dataDir, "UPDATE upstreams SET test_ok = 0"),
  },
  {
    finds: "models-unpriced",
    state: "warn",
    mend: /Set a price/,
    seed: (dataDir) =>
      sql(
        dataDir,
        `INSERT INTO refused_days (day, user_id, client_id, key_id, mode, endpoint, scope, model, error_code, calls)
         VALUES (${Math.floor(systemClock.now() / DAY_MS)}, 1, 0, 0, 'live', 'chat', 'llm', 'gpt-99', 'model_not_priced', 3)`,
      ),
  },
  {
    finds: "books-wrong",
    mend: /ledger verify/,
    seed: (dataDir) =>
      sql(
        dataDir,
        `INSERT INTO book_runs (started_ms, took_ms, actor, ok, transactions, checks) VALUES (${systemClock.now()}, 1, 'cli', 0, 0, '[]')`,
      ),
  },
  {
    finds: "books-unverified",
    state: "warn",
    mend: /by the hour/,
    seed: () => ({ nowMs: systemClock.now() + 2 * DAY_MS }),
  },
  {
    finds: "jobs-failing",
    mend: /server’s log/,
    seed: (dataDir) => sql(dataDir, "INSERT INTO jobs (name, last_error) VALUES ('tidy', 'no')"),
  },
  {
    finds: "outbox-dead",
    mend: /PURSER_SMTP_URL/,
    seed: (dataDir) =>
      sql(
        dataDir,
        "INSERT INTO outbox (public_id, topic, subject, payload, created_ms, due_ms, state) VALUES ('e', 'mail', 's', '{}', 1, 1, 'dead')",
      ),
  },
  // Replica.
  { finds: "replica-missing", state: "warn", mend: /PURSER_REPLICA_URL/, env: { PURSER_REPLICA_URL: "" } },
  { finds: "litestream-missing", mend: /on PATH/, seed: () => ({ litestream: absent }) },
  { finds: "litestream-unsafe", mend: /0\.5\.17 or newer/, seed: () => ({ litestream: unsafe }) },
  { finds: "replica-bucket", mend: /correct its name in/, env: inStore({ PURSER_REPLICA_URL: "s3://theirs/purser" }) },
  {
    finds: "replica-credentials",
    mend: /access key and its secret/,
    env: inStore({ PURSER_REPLICA_SECRET_ACCESS_KEY: "another" }),
  },
  {
    finds: "replica-unreachable",
    mend: /DNS and the firewall/,
    env: inStore({ PURSER_REPLICA_ENDPOINT: "http://127.0.0.1:1" }),
  },
  {
    finds: "replica-refuses",
    mend: /^Use the right --data-dir/,
    env: { PURSER_REPLICA_URL: marked("named"), PURSER_INSTANCE_ID: OTHER },
    seed: (dataDir) => named(dataDir),
  },
  {
    finds: "replica-of-other-data",
    mend: /^Set PURSER_REPLICA_URL or --data-dir right/,
    env: { PURSER_REPLICA_URL: marked("theirs", { instance: OTHER }) },
    seed: (dataDir) => named(dataDir),
  },
  {
    finds: "replica-taken-over",
    mend: /^To follow it from here, start `purser standby`/,
    env: { PURSER_REPLICA_URL: marked("taken", { epoch: 7 }) },
    seed: (dataDir) => named(dataDir),
  },
  {
    finds: "replica-held",
    state: "warn",
    mend: /If that server still runs, stop it/,
    env: { PURSER_REPLICA_URL: marked("held", { released: false }) },
    seed: (dataDir) => named(dataDir),
  },
  {
    finds: "replica-doubtful",
    mend: /^Set PURSER_REPLICA_URL right, or put the object back/,
    env: { PURSER_REPLICA_URL: `file://${root}` },
    flags: { "data-dir": join(root, "nothing") },
  },
  // What the running server says of itself: a replica that is behind, a proxy nobody trusts.
  { finds: "server-replica", mend: /Do this/, seed: server("Replica", "bad") },
  { finds: "server-proxy", state: "warn", mend: /Do this/, seed: server("Proxy", "warn") },
]

let made = 0
/** A copy of the folder that is well, with this fault. */
async function found({ flags = {}, env = {}, seed }: Partial<Seed>): Promise<Finding[]> {
  const dataDir = join(root, `seed-${made++}`)
  cpSync(well, dataDir, { recursive: true })
  chmodSync(dataDir, 0o700)
  const outside = seed?.(dataDir)
  const given = {
    "data-dir": dataDir,
    port: "0",
    "base-url": BASE_URL,
    "smtp-url": `smtp://127.0.0.1:${smtpPort}`,
    "mail-from": "Purser <purser@example.com>",
    ...flags,
  }
  const variables = { PURSER_REPLICA_URL: `file://${root}/replica`, ...env }
  const { config, problems } = inspectConfig(given, variables)
  return examine({
    config,
    problems,
    mistyped: mistypedVariables(variables),
    path: join(config.dataDir, "purser.db"),
    nowMs: systemClock.now(),
    freeBytes: () => 100_000_000_000,
    isInMemory: () => false,
    server: null,
    litestream: () => ({ version: "0.5.17", unsafe: null }),
    ...(outside as Partial<Patient> | undefined),
  })
}
const unwell = (findings: Finding[]) => findings.filter(({ state }) => state !== "ok").map(({ id }) => id)

test("an installation that is well has nothing to mend but its start", async () => {
  expect(unwell(await found({}))).toEqual(["server"])
  expect(
    unwell(await found({ seed: () => ({ server: [{ label: "Service", state: "ok", text: "answering" }] }) })),
  ).toEqual([])
})

for (const one of SEEDS)
  test(`${one.finds}: ${one.mend.source}`, async () => {
    const findings = await found(one)
    const finding = findings.find(({ id }) => id === one.finds)
    expect({ found: unwell(findings), state: finding?.state }).toMatchObject({ state: one.state ?? "bad" })
    expect(finding!.remedy).toMatch(one.mend)
    expect(finding!.remedy).toMatch(/^[A-Z]/)
  })

test("at least 25 different ones, each of which would not be found without its fault", async () => {
  expect(new Set(SEEDS.map(({ finds }) => finds)).size).toBeGreaterThanOrEqual(45)
})

test("a check that fails is a finding, and the others are made", async () => {
  const findings = await found({
    seed: () => ({
      freeBytes() {
        throw new Error("no such disk")
      },
    }),
  })
  expect(findings.find(({ id }) => id === "check-failed")?.text).toContain("no such disk")
  expect(findings.map(({ id }) => id)).toContain("key")
})

test("a port that something else has taken is told also where nobody serves this folder", async () => {
  const other = createServer()
  await new Promise<void>((done) => other.listen(0, "127.0.0.1", done))
  const { port } = other.address() as { port: number }
  expect(unwell(await found({ flags: { port: String(port) } }))).toEqual(["port"])
  other.close()
})
