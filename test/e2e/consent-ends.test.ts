// A permission ends by its person, its app's developer, an admin, the end of an account or of the app: each tells the app's endpoints once.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { DAY_MS, VirtualClock } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { OAUTH_LIMITS } from "../../src/oauth/index.ts"
import { CTX, makeClient, makeDeveloper, makeUser, mintTokens, startTestServer, type TestServer } from "../build.ts"

const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
let server: TestServer
let developer: User
let sent: { type: string; data: Record<string, unknown> }[] = []
let isAway = false
beforeAll(async () => {
  server = await startTestServer({
    clock,
    safeFetch: async (_, { body = "{}" }) => {
      if (!isAway) sent.push(JSON.parse(body))
      return { status: isAway ? 500 : 200, headers: new Headers(), bytes: new Uint8Array(), text: () => "" }
    },
  })
  developer = await makeDeveloper(server.app)
}, 30_000)
afterAll(() => server?.close())
beforeEach(() => {
  sent = []
  isAway = false
})

/** An app that hears of everything, allowed by so many. */
async function allowed(people: number) {
  const { app } = server
  const { client } = await makeClient(app, { ownerId: developer.id })
  await app.webhooks.create(CTX, { userId: developer.id, client }, { url: "https://example.com/hook", types: null })
  const who = await Promise.all(Array.from({ length: people }, () => makeUser(app)))
  const consents = await app.store.write(CTX, (tx) =>
    who.map(({ id }) => app.oauth.grantConsentIn(tx, { userId: id, clientId: client.id, scopes: ["openid", "llm"] })),
  )
  return { client, who, consents, ref: { ownerId: developer.id, clientPublicId: client.publicId } }
}
async function ended() {
  await server.app.outbox.flush()
  return sent
    .filter(({ type }) => type === "permission.revoked")
    .map(({ data }) => `${data.permission} ${data.by}`)
    .sort()
}
const removed = (publicId: string) => server.app.oauth.clientByPublicId(publicId)?.removedMs != null
const write = (actor: string, act: Parameters<TestServer["app"]["store"]["write"]>[1]) =>
  server.app.store.write({ ...CTX, actor }, act)

test("by the person, the developer and an admin", async () => {
  const { who, consents } = await allowed(3)
  for (const [i, actor] of [`user:${who[0]!.publicId}`, `user:${developer.publicId}`, "cli"].entries())
    await write(actor, (tx) => {
      server.app.oauth.revokeConsentIn(tx, { userId: who[i]!.id, consentPublicId: consents[i]!.publicId })
    })
  const by = ["person", "developer", "operator"]
  expect(await ended()).toEqual(consents.map(({ publicId }, i) => `${publicId} ${by[i]}`).sort())
})

test("by the end of the app: a slice at a time, heard before the app goes, and once", async () => {
  const { client, consents, ref } = await allowed(5)
  await write("cli", (tx) => server.app.oauth.deleteClientIn(tx, ref))
  await server.app.oauth.sweep()
  expect(await ended()).toEqual([])
  clock.advance(OAUTH_LIMITS.deletedKeptMs)
  expect(await server.app.oauth.sweep(3)).toBe(3)
  expect([removed(client.publicId), (await ended()).length]).toEqual([false, 3])
  await server.app.oauth.sweep()
  // What was told last is on its way.
  expect(removed(client.publicId)).toBe(false)
  expect(await ended()).toEqual(consents.map(({ publicId }) => `${publicId} app_deleted`).sort())
  await server.app.oauth.sweep()
  expect(removed(client.publicId)).toBe(true)
  await server.app.oauth.sweep()
  expect((await ended()).length).toBe(5)
})

test("whoever does not listen holds no app back for long, and no app comes back once its end has begun", async () => {
  const { client, ref } = await allowed(1)
  isAway = true
  await write("cli", (tx) => server.app.oauth.deleteClientIn(tx, ref))
  clock.advance(OAUTH_LIMITS.deletedKeptMs)
  await server.app.oauth.sweep()
  await server.app.outbox.flush()
  expect(removed(client.publicId)).toBe(false)
  const back = write("cli", (tx) => server.app.oauth.restoreClientIn(tx, ref))
  expect(await back.catch((error: { code: string }) => error.code)).toBe("conflict")
  clock.advance(OAUTH_LIMITS.endedToldMs - 1)
  await server.app.oauth.sweep()
  expect(removed(client.publicId)).toBe(false)
  clock.advance(DAY_MS)
  await server.app.oauth.sweep()
  expect(removed(client.publicId)).toBe(true)
})

test("by the end of the developer's account: permissions, tokens, refresh tokens, keys and endpoints, in memory too", async () => {
  const { app } = server
  const gone = await makeDeveloper(app)
  const { client, secret } = await makeClient(app, { ownerId: gone.id })
  const hook = { url: "https://example.com/gone", types: null }
  await app.webhooks.create(CTX, { userId: gone.id, client }, hook)
  const key = await app.appKeys.create(CTX, {
    ownerId: gone.id,
    clientPublicId: client.publicId,
    name: "S",
    scopes: ["users"],
  })
  const users = await Promise.all(Array.from({ length: 3 }, () => makeUser(app)))
  const tokens = await Promise.all(users.map((user) => mintTokens(app, { user, client, secret })))
  const { accessToken, refreshToken } = tokens[0]!
  const me = () => fetch(server.at("/userinfo"), { headers: { authorization: `Bearer ${accessToken}` } })
  const claims = await app.oauth.verifyAccessToken(accessToken)
  expect((await me()).status).toBe(200)
  await write("cli", (tx) => app.identity.closeIn(tx, gone.id))
  const person = { id: gone.id, publicId: gone.publicId }
  const slices: number[] = []
  while (slices.at(-1) !== 0) await write("cli", (tx) => void slices.push(app.oauth.eraseAppsIn(tx, person, 2)))
  // Never more than a slice at once.
  expect(Math.max(...slices)).toBeLessThanOrEqual(2)
  expect(users.flatMap(({ id }) => app.oauth.consentsOf(id))).toEqual([])
  expect(app.oauth.clientById(client.id)).toMatchObject({ name: "Deleted app", removedMs: clock.now() })
  expect((await me()).status).toBe(403)
  expect(() => app.oauth.assertAlive(claims)).toThrow()
  await write("cli", (tx) => void expect(() => app.oauth.requireGrantIn(tx, claims, "llm")).toThrow())
  const grant = { grant_type: "refresh_token", refresh_token: refreshToken, client_id: client.publicId }
  const renewed = await fetch(server.at("/token"), { method: "POST", body: new URLSearchParams(grant) })
  expect([400, 401]).toContain(renewed.status)
  const asked = await fetch(server.at("/v1/app/users"), { headers: { authorization: `Bearer ${key.secret}` } })
  expect(asked.status).toBe(401)
  const { read } = app.store
  const n = (sql: string) => read.get<{ n: number }>(sql, client.id)!.n
  expect(n("SELECT count(*) AS n FROM oauth_grants WHERE client_id = ? AND revoked_ms IS NULL")).toBe(0)
  expect(n("SELECT count(*) AS n FROM webhook_endpoints WHERE client_id = ? AND off_because IS NOT 'removed'")).toBe(0)
})

test("nothing else in the code ends a permission", () => {
  const root = join(import.meta.dir, "../../src")
  const files = [...new Bun.Glob("**/*.ts").scanSync(root)].filter((path) => !/test/.test(path))
  const ends = files.filter((path) =>
    /UPDATE oauth_consents SET[^"`]*revoked_ms = \?/.test(readFileSync(join(root, path), "utf8")),
  )
  // Each with its event beside it: consent/verbs.ts, client/remove.ts, store-ended.ts itself.
  expect(ends.sort()).toEqual(["oauth/client/store-origins.ts", "oauth/consent/store.ts", "oauth/store-ended.ts"])
})
