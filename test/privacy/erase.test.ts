// A person with something in every table is erased: not a word of them is found anywhere, the books prove, and nobody gets their id.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { strFromU8, unzipSync } from "fflate"
import { PARTS } from "../../src/compose/parts.ts"
import { verify } from "../../src/ledger/index.ts"
import { CTX, PASSWORD } from "../build.ts"
import type { RouteWorld } from "../routes.ts"
import { eraseNow, openFullWorld, WORDS } from "./full-person.ts"
import { findWords } from "./scan.ts"

let world: RouteWorld
beforeAll(async () => {
  world = await openFullWorld()
}, 60_000)
afterAll(() => world.server.close())

const OWNER = /^(user|owner|principal|caller|payer)_id$/
/** What this person has nothing in, with the reason. */
const EMPTY_BEFORE: Readonly<Record<string, string>> = {
  charge_days: "folds come later than the calls of this test",
  open_holds: "no call runs",
  payouts: "who has earnings is not erased",
  payout_orders: "who has earnings is not erased",
  login_links: "for admins and test users",
  wallet_callers: "they call from their own wallet",
  model_choices: "their plan has none; deleted by the same statement as preferences",
  erasures: "they did not ask",
  oauth_device_codes: "of the last minutes",
}

/** Rows of this person by table, where a column says whose they are. */
function rowsOf(userId: number): Map<string, number> {
  const { read } = world.server.app.store
  const tables = PARTS.flatMap((part) => Object.keys(part.personal?.tables ?? {}))
  return new Map(
    tables.flatMap((table): [string, number][] => {
      const columns = read.all<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`)
      const owner = columns.map(({ name }) => name).find((name) => OWNER.test(name))
      if (!owner) return []
      return [[table, read.get<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE ${owner} = ?`, userId)!.n]]
    }),
  )
}

test("a copy holds all of theirs, nobody else's, and no secret", async () => {
  const { app } = world.server
  const { person } = world
  await app.store.write(CTX, (tx) => app.privacy.askCopyIn(tx, person.id))
  await app.privacy.makeCopy(new AbortController().signal)
  const file = app.privacy.fileOf(person.id, app.privacy.copyOf(person.id)!.publicId)!
  const zip = unzipSync(new Uint8Array(await Bun.file(file).arrayBuffer()))
  const text = Object.entries(zip).map(([name, bytes]) => (name.startsWith("pictures/") ? name : strFromU8(bytes)))
  const all = text.join("\n")
  const found = [WORDS.company, WORDS.agent, WORDS.ip, WORDS.key, WORDS.list, WORDS.app, WORDS.site, person.email]
  expect(found.filter((word) => !all.includes(word))).toEqual([])
  expect(text.some((name) => /^pictures\/img_\w+-\d+\.(webp|png|jpeg)$/.test(name))).toBe(true)
  // A heading alone would be an empty file: each has rows, but for what this person has nothing of.
  const empty = Object.entries(zip).flatMap(([name, bytes]) =>
    name.endsWith(".csv") && bytes.length === 0 ? [name] : [],
  )
  expect(empty.toSorted()).toEqual(["earnings.csv", "payout-orders.csv", "payouts.csv"])
  const others = [world.admin, world.stranger].flatMap(({ email, publicId }) => [email, publicId])
  const secrets = app.store.read
    .all<{ secret: string }>(
      `SELECT password_hash AS secret FROM users WHERE id = ?1 UNION ALL SELECT token_hash FROM sessions WHERE user_id = ?1
       UNION ALL SELECT secret FROM totp_secrets WHERE user_id = ?1 UNION ALL SELECT code_hash FROM recovery_codes WHERE user_id = ?1
       UNION ALL SELECT s.hash FROM api_key_secrets s JOIN api_keys k ON k.id = s.key_id WHERE k.user_id = ?1
       UNION ALL SELECT s.hash FROM oauth_client_secrets s JOIN oauth_clients c ON c.id = s.client_id WHERE c.owner_id = ?1
       UNION ALL SELECT sealed FROM kept_answers WHERE user_id = ?1 UNION ALL SELECT customer_id FROM billing_customers WHERE user_id = ?1`,
      person.id,
    )
    .map(({ secret }) => secret)
  expect(secrets.length).toBeGreaterThan(15)
  expect([...others, ...secrets].filter((word) => all.includes(word))).toEqual([])
})

test("a person with something everywhere leaves no word behind, and what is declared as deleted is", async () => {
  const { app, dataDir } = world.server
  const { person } = world
  const words = [...Object.values(WORDS), person.email]
  const before = rowsOf(person.id)
  expect([...before].flatMap(([table, n]) => (n === 0 && !EMPTY_BEFORE[table] ? [table] : []))).toEqual([])
  const found = findWords(app.store.read, words).map((find) => find.split(":")[0])
  for (const where of [
    "users.email",
    "sessions.ip",
    "audit_log.after",
    "transactions.reason",
    "oauth_clients.name",
    "users_search_data.block",
  ])
    expect(found).toContain(where)

  await eraseNow(world, person.publicId)
  await app.outbox.flush()
  // Papers stay as they were issued: the law asks for them.
  expect(findWords(app.store.read, words).filter((find) => !find.startsWith("invoices.document"))).toEqual([])
  const after = rowsOf(person.id)
  const left = PARTS.flatMap((part) => Object.entries(part.personal?.tables ?? {})).flatMap(([table, { erased }]) =>
    erased === "deleted" && (after.get(table) ?? 0) > 0 ? [table] : [],
  )
  expect(left).toEqual([])
  expect(readFileSync(join(dataDir, "erased"), "utf8")).toContain(person.publicId)
})

test("the books prove, and nothing is left to spend", async () => {
  const { app } = world.server
  const { ok, checks } = verify(app.store.read)
  expect([ok, checks.filter(({ violations }) => violations > 0)]).toEqual([true, []])
  const owner = { kind: "principal", id: world.person.id } as const
  expect(app.ledger.wallet(owner, "live").spendableNano).toBe(0)
  const kept = app.store.read.get<{ n: number }>(
    `SELECT count(*) AS n FROM charges WHERE caller_id = ? AND (route_id IS NOT NULL OR key_id IS NOT NULL OR input_tokens > 0)`,
    world.person.id,
  )
  expect(kept).toEqual({ n: 0 })
})

test("their address is free, for somebody new with another id; the old one is nobody's", async () => {
  const { app } = world.server
  const { person } = world
  expect([app.identity.userById(person.id), app.identity.userByEmail(person.email)]).toEqual([null, null])
  const fresh = await app.identity.createUser(CTX, { email: person.email, password: PASSWORD })
  expect(fresh.publicId).not.toBe(person.publicId)
  expect([fresh.name, app.keys.of(fresh.id), app.oauth.consentsOf(fresh.id)]).toEqual([null, [], []])
  expect(app.identity.searchUsers({ query: "Quillfeather", limit: 5 })).toEqual([])
})

test("nobody else lost anything", () => {
  const { app } = world.server
  for (const other of [world.admin, world.developer, world.stranger])
    expect(app.identity.userById(other.id)?.email).toBe(other.email)
  expect(app.oauth.clientByPublicId(world.clientId)?.name).not.toBe("Deleted app")
  // The key that is used beside an erased one is noted as ever.
  return app.keys.flushUses()
})
