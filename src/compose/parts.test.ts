// What the parts declare, held against the folders, the schema and the rules of DESIGN §2.
import { expect, test } from "bun:test"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { render } from "../mail/index.ts"
import { declared } from "../part/index.ts"
import { openTestStore } from "../store/index.ts"
import { DECLARED, PARTS } from "./parts.ts"
import { READERS } from "./readers.ts"

const SRC = join(import.meta.dir, "..")
const HOUSE = { productName: "Purser", baseUrl: "https://ai.example.com" }
/** In the order of the folders; see architecture.test.ts. */
const ORDER = [
  "replica",
  "audit",
  "outbox",
  "jobs",
  "mail",
  "media",
  "brand",
  "settings",
  "vault",
  "observe",
  "tls",
  "webhooks",
  "ledger",
  "identity",
  "notices",
  "legal",
  "plans",
  "teams",
  "billing",
  "referrals",
  "pricing",
  "oauth",
  "keys",
  "usage",
  "analytics",
  "kept",
  "limits",
  "sponsors",
  "gateway",
  "metering",
  "mcp",
  "developers",
  "marketplace",
  "directory",
  "support",
  "announcements",
  "spending",
  "payouts",
  "privacy",
  "backup",
  "docs",
  "sites/auth",
  "sites/console",
  "sites/portal",
  "sites/admin",
  "sites/public",
  "sites/api",
]

const sources = (folder: string): string[] =>
  readdirSync(join(SRC, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !/\.test\.ts$|testing/.test(name))
    .map((name) => readFileSync(join(SRC, folder, name), "utf8"))

test("every part.ts is one of the parts, in the order of the folders", () => {
  const written = ORDER.filter((folder) => existsSync(join(SRC, folder, "part.ts")))
  expect(PARTS.map(({ name }) => name)).toEqual(written)
  const all = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith("/part.ts"))
  expect(all.filter((path) => path !== "part/part.ts").toSorted()).toEqual(
    written.map((name) => `${name}/part.ts`).toSorted(),
  )
})

/** Whose row it is: a person, or who owns apps or accounts. */
const OWNER_COLUMN = /(^|_)(user|owner|principal|developer)_id$/

/** The folder that writes a table. */
function writerOf(table: string): string | undefined {
  const writes = new RegExp(`(INSERT (OR \\w+ )?INTO|UPDATE) ${table}\\b|sqliteTable\\(\\s*"${table}"`)
  return ORDER.find((folder) => !folder.startsWith("sites/") && sources(folder).some((text) => writes.test(text)))
}

test("a domain with rows of people answers every act of the lifecycle, with a hook or a reason", async () => {
  const { store, close } = await openTestStore()
  const owned = store.read.all<{ name: string; column: string }>(
    `SELECT m.name AS name, c.name AS column FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`,
  )
  await close()
  const tables = [...new Set(owned.filter(({ column }) => OWNER_COLUMN.test(column)).map(({ name }) => name))]
  const writers = new Map(tables.map((table) => [table, writerOf(table)]))
  expect([...writers].filter(([, writer]) => writer === undefined)).toEqual([])
  const domains = new Set(writers.values())
  // The rule must not become empty when somebody renames a column.
  expect([...domains].toSorted()).toEqual([
    "analytics",
    "announcements",
    "billing",
    "developers",
    "directory",
    "gateway",
    "identity",
    "kept",
    "keys",
    "ledger",
    "legal",
    "marketplace",
    "mcp",
    "media",
    "notices",
    "oauth",
    "payouts",
    "plans",
    "privacy",
    "referrals",
    "spending",
    "sponsors",
    "support",
    "teams",
    "usage",
    "webhooks",
  ])
  const silent = [...domains].filter(
    (domain) => PARTS.find(({ name }) => name === domain)?.run?.(NEVER)?.lifecycle === undefined,
  )
  expect(silent).toEqual([])
})

/** Parts look at the house when they are asked to work, not when they say what they do. */
const NEVER = new Proxy({} as never, { get: () => ({}) })

test("every reason for doing nothing is a sentence, and every finding that is not well has a remedy to type", () => {
  const reasons = PARTS.flatMap((part) => Object.values(part.run?.(NEVER)?.lifecycle ?? {})).flatMap((hook) =>
    typeof hook === "function" ? [] : [hook.nothing],
  )
  expect(reasons.length).toBeGreaterThan(5)
  expect(reasons.filter((reason) => reason.length < 20)).toEqual([])
})

const HOSTILE = `<img src=x onerror=alert(1)>"'&\r\nBcc: eve@example.com\u2028`

/** The sample with every text replaced. */
const hostile = (sample: unknown): unknown => {
  if (typeof sample === "string") return HOSTILE
  if (Array.isArray(sample)) return sample.map(hostile)
  if (sample === null || typeof sample !== "object") return sample
  return Object.fromEntries(Object.entries(sample).map(([name, value]) => [name, hostile(value)]))
}

for (const letter of DECLARED.letters) {
  test(`the letter ${letter.kind} has a subject, text and HTML, and shows hostile data as text`, () => {
    const calm = render(letter, letter.sample, HOUSE)
    expect(calm.subject.length).toBeGreaterThan(5)
    expect(calm.subject.length).toBeLessThanOrEqual(78)
    expect(calm.text).toEndWith("\n\nPurser")
    expect(calm.html).not.toContain("undefined")
    for (const house of [HOUSE, { ...HOUSE, productName: HOSTILE }]) {
      const { subject, html } = render(letter, hostile(letter.sample), house)
      expect(subject).not.toMatch(/[\r\n\u2028]/)
      expect(html).not.toContain("<img")
      expect(html).not.toMatch(/href="(?!https?:\/\/)/)
    }
  })
}

test("every letter that is written is one of a part", () => {
  const written = ORDER.flatMap(sources).flatMap((text) => [...text.matchAll(/^export const (\w+): Letter</gm)])
  expect(written.length).toBe(DECLARED.letters.length)
  expect(written.length).toBeGreaterThan(0)
})

for (const setting of DECLARED.settings) {
  test(`the setting ${setting.key} has a default within its bounds that reads back as it is written`, () => {
    expect(setting.problem(setting.default)).toBeNull()
    const { look, read, write } = setting.field
    expect(read(write(setting.default), look)).toEqual({ value: setting.default })
    expect(JSON.parse(JSON.stringify(setting.default))).toEqual(setting.default)
    // A text takes any words, but not a book.
    const refused = ["nonsense", "x".repeat(100_000)].map((text) => read([text], look)).find((one) => "error" in one)
    expect(refused).toEqual({ error: expect.stringMatching(/\.$/) })
    for (const words of [setting.group, look.label]) expect(words).not.toBe("")
    // A form that meets no session keeps what was typed by the form's declaration, which does not know which setting it is about.
    expect(setting.field.secret ?? look.type === "password").toBe(false)
  })
}

test("every read of the Worker is named after its owner, and the wiring names no job, mail, read or page", () => {
  const reads = Object.keys({ ...DECLARED.reads, ...DECLARED.streams })
  expect(reads.length).toBeGreaterThanOrEqual(7)
  const jobs = PARTS.flatMap((part) => part.run?.(NEVER)?.jobs ?? []).map(({ name }) => name)
  expect(jobs.length).toBeGreaterThanOrEqual(8)
  const wiring = ["compose.ts", "worker.ts"]
    .map((name) => readFileSync(join(SRC, name), "utf8"))
    .concat(sources("compose"))
  const named = [...reads, ...jobs, ...DECLARED.letters.map(({ kind }) => kind), '"/admin', '"/dashboard']
  expect(named.filter((name) => wiring.some((text) => text.includes(name)))).toEqual([])
})

test("the read Worker knows the reads of every part", () => {
  const { reads, streams } = declared(READERS)
  expect([reads, streams]).toEqual([DECLARED.reads, DECLARED.streams])
  expect(Object.keys({ ...reads, ...streams }).length).toBeGreaterThan(2)
})
