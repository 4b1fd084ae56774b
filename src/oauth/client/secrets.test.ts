// Secrets of a client: two at a time while one takes over from the other, an end at a moment, and when each was last used.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { AppError, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../app/index.ts"
import { auditOf } from "../../audit/index.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { type Kit, type Made, openKit, refusal } from "../testing.ts"

let kit: Kit
let made: Made
beforeAll(async () => {
  kit = await openKit()
})
afterAll(() => kit.close())
beforeEach(async () => {
  made = await kit.register()
})

const owned = () => ({ ownerId: 9, clientPublicId: made.client.publicId })
const add = (terms: { name?: string; expiresMs?: number | null } = {}) =>
  kit.write((tx) => kit.oauth.addSecretIn(tx, { ...owned(), ...terms }))
const shown = () => kit.oauth.secretsOf(made.client.id)
/** What each door that takes a secret says: a well authenticated client gets as far as what it asks for. */
async function doors(secret: string): Promise<string[]> {
  const credentials = { client_id: made.client.publicId, client_secret: secret }
  const send = (more: Record<string, string>) => ({
    params: new URLSearchParams({ ...credentials, ...more }),
    authorization: null,
    requestId: "req_s",
  })
  const ask = (promise: Promise<unknown>) => promise.then(() => "in").catch((error: AppError) => error.code)
  return Promise.all([
    ask(kit.oauth.token(send({ grant_type: "authorization_code", code: "x", code_verifier: "x" }))),
    ask(kit.oauth.introspect(send({ token: "x" }))),
    ask(kit.oauth.revoke(send({ token: "x" }))),
    ask(kit.oauth.pushAuthorization({ ...send(Object.fromEntries(kit.params(made.client))) })),
  ])
}
const IN = ["invalid_grant", "in", "in", "in"]
const OUT = Array(4).fill("invalid_client")

test("a secret is changed without a gap: both work, then the old one is dead at once, everywhere", async () => {
  const first = made.secret!
  const second = await add({ name: " Production  2026 " })
  expect([await doors(first), await doors(second.secret)]).toEqual([IN, IN])
  const [newest, oldest] = shown()
  expect([newest!.name, newest!.hint, oldest!.name]).toEqual(["Production 2026", second.secret.slice(-4), ""])
  await kit.write((tx) => kit.oauth.revokeSecretIn(tx, { ...owned(), secretPublicId: oldest!.publicId }))
  expect([await doors(first), await doors(second.secret)]).toEqual([OUT, IN])
  const again = kit.write((tx) => kit.oauth.revokeSecretIn(tx, { ...owned(), secretPublicId: oldest!.publicId }))
  expect(await refusal(again)).toBe("not_found")
  const acts = auditOf(kit.store.read, made.client.publicId).map(({ action, after }) => [action, after])
  expect(acts).toContainEqual([
    "client.secret_added",
    JSON.stringify({ secret: newest!.publicId, name: "Production 2026", expiresMs: null }),
  ])
})

test("an end is to the millisecond, and the other secret goes on", async () => {
  const expiresMs = kit.clock.now() + 30 * DAY_MS
  const { secret, row } = await add({ expiresMs })
  kit.clock.set(expiresMs - 1)
  expect(await doors(secret)).toEqual(IN)
  kit.clock.set(expiresMs)
  expect([await doors(secret), await doors(made.secret!)]).toEqual([OUT, IN])
  const why = await kit
    .token({ ...made, secret }, { grant_type: "refresh_token", refresh_token: "x" })
    .catch((error: AppError) => error.message)
  expect(why).toContain("has expired")
  // It stands in the list until it is revoked, and counts there.
  expect(shown().map(({ publicId }) => publicId)).toContain(row.publicId)
})

test("of another client's, and of a public client's: nothing", async () => {
  const other = await kit.register()
  expect(await doors(other.secret!)).toEqual(OUT)
  const [row] = kit.oauth.secretsOf(other.client.id)
  const theirs = kit.write((tx) => kit.oauth.revokeSecretIn(tx, { ...owned(), secretPublicId: row!.publicId }))
  expect(await refusal(theirs)).toBe("not_found")
})

test("ends before now and names that cannot be seen are named, and no row is left", async () => {
  for (const [terms, field] of [
    [{ expiresMs: kit.clock.now() }, "expiresMs"],
    [{ name: "\u202eterces" }, "name"],
    [{ name: "x".repeat(81) }, "name"],
  ] as const) {
    const error = await add(terms).catch((error: AppError) => error)
    expect(error).toBeInstanceOf(AppError)
    expect(Object.keys((error as AppError).extra.formErrors ?? {})).toEqual([field])
  }
  expect(shown()).toHaveLength(1)
})

test("there is room for so many, and a revoked one makes place", async () => {
  while (shown().length < OAUTH_LIMITS.clientSecretsMax) await add()
  expect(await refusal(add())).toBe("conflict")
  await kit.write((tx) => kit.oauth.revokeSecretIn(tx, { ...owned(), secretPublicId: shown()[0]!.publicId }))
  await add()
})

test("the last use is seen at once and written once for many, by whom it was", async () => {
  const second = await add({ name: "Never used" })
  const writes = () =>
    kit.store.read.get<{ used: number | null }>(
      "SELECT used_ms AS used FROM oauth_client_secrets WHERE public_id = ?",
      shown()[1]!.publicId,
    )!.used
  kit.clock.advance(HOUR_MS)
  for (let call = 0; call < 20; call++) {
    kit.clock.advance(SECOND_MS)
    await doors(made.secret!)
  }
  await doors(`${second.secret}x`)
  const at = kit.clock.now()
  expect(shown().map(({ name, usedMs }) => [name, usedMs])).toEqual([
    ["Never used", null],
    ["", at],
  ])
  expect(writes()).toBeNull()
  await kit.oauth.flushSecretUses()
  expect(writes()).toBe(at)
  expect(await kit.oauth.flushSecretUses()).toBe(0)
  kit.clock.advance(MINUTE_MS)
  expect(shown()[1]!.usedMs).toBe(at)
})
