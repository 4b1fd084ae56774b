// Webhooks end to end: real acts, a receiver that fails, hangs, redirects, is slow or gone, signatures verified by the official package.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { Value } from "@sinclair/typebox/value"
import { Webhook } from "standardwebhooks"
import { MINUTE_MS, VirtualClock } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { EVENTS, type EventType, type WebhookOwner } from "../../src/webhooks/index.ts"
import { CTX, makeClient, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"

interface Got {
  path: string
  id: string
  body: { type: EventType; mode: string; app?: string; data: Record<string, unknown> }
  text: string
  headers: Record<string, string>
}

const got: Got[] = []
const of = (path: string) => got.filter((one) => one.path === path)
let trapped = 0
/** What each path answers, one after the other; the last one stays. */
const says = new Map<string, (number | "hang" | "slow")[]>()
let receiver: ReturnType<typeof Bun.serve>
let trap: ReturnType<typeof Bun.serve>
let server: TestServer
let clock: VirtualClock
let person: User
let developer: User
let client: Client

beforeAll(async () => {
  trap = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response(String(trapped++)) })
  receiver = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const path = new URL(request.url).pathname
      const text = await request.text()
      const headers = Object.fromEntries(request.headers)
      got.push({ path, id: headers["webhook-id"]!, body: JSON.parse(text), text, headers })
      const list = says.get(path) ?? [200]
      const next = list.length > 1 ? list.shift()! : list[0]!
      if (next === "hang") return new Promise<Response>(() => {})
      if (next === "slow") await Bun.sleep(200)
      const status = typeof next === "number" ? next : 200
      const headersOut = { location: `http://127.0.0.1:${trap.port}/`, "set-cookie": "secret=1" }
      return new Response("x".repeat(10_000), { status, headers: headersOut })
    },
  })
  clock = new VirtualClock(Date.now())
  server = await startTestServer({ clock, webhookMs: 1_000, env: { PURSER_WEBHOOK_NETWORKS: "127.0.0.1" } })
  const { app } = server
  developer = await makeDeveloper(app, { name: "Dev" })
  person = await makeUser(app, { name: "Ann" })
  ;({ client } = await makeClient(app, { ownerId: developer.id, name: "Poet" }))
})
afterAll(async () => {
  await server.close()
  await receiver.stop(true)
  await trap.stop(true)
})

const dev = (): WebhookOwner => ({ userId: developer.id, client })
const add = (path: string, owner: WebhookOwner, types: string[] | null = null) =>
  server.app.webhooks.create(CTX, owner, { url: `http://127.0.0.1:${receiver.port}${path}`, types })
const flush = () => server.app.outbox.flush()
const verify = (secret: string, { text, headers }: Got) => new Webhook(secret).verify(text, headers)
const grant = (scopes = ["openid", "llm"]) =>
  server.app.store.write(CTX, (tx) =>
    server.app.oauth.grantConsentIn(tx, { userId: person.id, clientId: client.id, scopes }),
  )
const revoke = (consentPublicId: string) =>
  server.app.store.write(CTX, (tx) => server.app.oauth.revokeConsentIn(tx, { userId: person.id, consentPublicId }))

test("acts of every kind arrive signed, as the registry says, at those endpoints alone that they belong to", async () => {
  const { app } = server
  const ofApp = await add("/app", dev())
  const ofPerson = await add("/person", { userId: person.id, client: null })
  const consent = await grant()
  await revoke(consent.publicId)
  await app.store.write(CTX, (tx) => {
    app.oauth.suspendClientIn(tx, { clientPublicId: client.publicId, reason: "a test" })
    app.oauth.unsuspendClientIn(tx, { clientPublicId: client.publicId })
  })
  const { key } = await app.appKeys.create(CTX, {
    ownerId: developer.id,
    clientPublicId: client.publicId,
    name: "List",
    scopes: ["users"],
  })
  const ref = { ownerId: developer.id, clientPublicId: client.publicId, keyPublicId: key.publicId }
  await app.store.write(CTX, (tx) => app.appKeys.revokeIn(tx, ref))
  const own = await app.keys.create(CTX, { userId: person.id, name: "Nightly", scopes: ["llm"] })
  await app.keys.revoke(CTX, { userId: person.id, keyPublicId: own.key.publicId })
  await flush()
  // What is told as a notice, too, is a kind of its own.
  const types = (path: string) => of(path).flatMap(({ body }) => (body.type === "notice.created" ? [] : [body.type]))
  expect(types("/app").toSorted()).toEqual([
    "app.reinstated",
    "app.suspended",
    "app_key.created",
    "app_key.revoked",
    "permission.granted",
    "permission.revoked",
  ])
  expect(types("/person")).toEqual(["key.created", "key.revoked"])
  for (const [path, { secret }] of [
    ["/app", ofApp],
    ["/person", ofPerson],
  ] as const)
    for (const one of of(path)) {
      // The official package goes by the machine's time; the virtual clock began with it.
      expect(verify(secret, one)).toEqual(one.body)
      expect([one.body.type, Value.Check(EVENTS[one.body.type].data, one.body.data)]).toEqual([one.body.type, true])
      expect(() => verify(secret, { ...one, text: one.text.replace("live", "test") })).toThrow()
    }
  const [first] = of("/app")
  expect(first?.body).toMatchObject({
    app: client.publicId,
    mode: "live",
    data: { user: person.publicId, scopes: ["openid", "llm"] },
  })
  // Ids of people, and nothing that a scope would have to open.
  expect(JSON.stringify(got)).not.toContain(person.email)
})

test("a receiver that fails, hangs, is slow and redirects gets each event at least once, in order of its subject, under one id", async () => {
  const path = "/weak"
  says.set(path, [500, "hang", 302, "slow", 200])
  const { endpoint, secret } = await add(path, dev(), ["permission.granted", "permission.revoked"])
  const consent = await grant()
  await revoke(consent.publicId)
  for (let n = 0; n < 60 && of(path).length < 5; n++) {
    await flush()
    clock.advance(MINUTE_MS)
  }
  await flush()
  expect(of(path).map(({ body }) => body.type)).toEqual([
    ...Array.from({ length: 4 }, () => "permission.granted" as const),
    "permission.revoked",
  ])
  expect(new Set(of(path).map(({ id }) => id)).size).toBe(2)
  expect(trapped).toBe(0)
  const secretKey = new Webhook(secret)
  for (const { text, headers } of of(path))
    expect(secretKey.sign(headers["webhook-id"]!, new Date(Number(headers["webhook-timestamp"]) * 1_000), text)).toBe(
      headers["webhook-signature"]!,
    )
  const [, oldest] = server.app.webhooks.deliveries(endpoint.id, { rows: 5 })
  const { history } = server.app.webhooks.delivery(endpoint.id, oldest!.publicId)!
  expect(history.map(({ status, problem }) => status ?? problem)).toEqual([500, "That server took too long.", 302, 200])
  expect(history[0]!.answer).toBe("x".repeat(2_048))
  expect(history[0]!.answered?.["set-cookie"]).toBe("(not kept)")
})

test("a receiver that is gone is called once, and its endpoint is off", async () => {
  says.set("/gone", [410])
  const { endpoint } = await add("/gone", dev())
  const consent = await grant()
  await flush()
  await revoke(consent.publicId)
  await flush()
  expect(of("/gone").length).toBe(1)
  expect(server.app.webhooks.endpoint(dev(), endpoint.publicId).offBecause).toBe("gone")
})

test("for a day after a new secret both sign, then the new one alone", async () => {
  const { endpoint, secret } = await add("/rolled", dev(), ["permission.granted"])
  const { app } = server
  const next = await app.store.write(CTX, (tx) => app.webhooks.rotateIn(tx, dev(), endpoint.publicId))
  const send = async () => {
    await app.store.write(CTX, (tx) => app.webhooks.testIn(tx, dev(), endpoint.publicId))
    await flush()
    const { headers, text } = of("/rolled").at(-1)!
    const at = new Date(Number(headers["webhook-timestamp"]) * 1_000)
    const signed = headers["webhook-signature"]!.split(" ")
    return [next, secret].map((one) => signed.includes(new Webhook(one).sign(headers["webhook-id"]!, at, text)))
  }
  expect(await send()).toEqual([true, true])
  clock.advance(25 * 60 * MINUTE_MS)
  expect(await send()).toEqual([true, false])
})

test("events of test mode go to endpoints of test mode alone", async () => {
  const { app } = server
  const owner = (mode: "live" | "test") => ({ url: `http://127.0.0.1:${receiver.port}/${mode}`, types: null, mode })
  const ann = { userId: (await makeUser(app, { name: "Bea" })).id, client: null }
  await app.webhooks.create(CTX, ann, owner("live"))
  await app.webhooks.create(CTX, ann, owner("test"))
  await app.keys.create(CTX, { userId: ann.userId, name: "T", scopes: ["llm"], mode: "test" })
  await app.keys.create(CTX, { userId: ann.userId, name: "L", scopes: ["llm"] })
  await flush()
  const keys = (path: string) => of(path).filter(({ body }) => body.type === "key.created")
  const names = (path: string) => keys(path).map(({ body }) => [body.mode, body.data.name])
  expect(names("/live")).toEqual([["live", "L"]])
  expect(names("/test")).toEqual([["test", "T"]])
})

test("an account that is erased ends its permissions, and their apps hear of it", async () => {
  const { app } = server
  await add("/erased", dev(), ["permission.revoked"])
  const leaver = await makeUser(app, { name: "Leaver" })
  const consent = await app.store.write(CTX, (tx) =>
    app.oauth.grantConsentIn(tx, { userId: leaver.id, clientId: client.id, scopes: ["openid"] }),
  )
  const erased = { id: leaver.id, publicId: leaver.publicId, email: leaver.email, name: "Leaver" }
  await app.store.write(CTX, (tx) => {
    while (app.lifecycle.eraseIn(tx, erased, 3)) {}
  })
  await flush()
  expect(of("/erased").map(({ body }) => body.data)).toEqual([
    { permission: consent.publicId, user: leaver.publicId, by: "account_deleted" },
  ])
})
