// No webhook reaches a network of the house: refused when an address is given, and again with every delivery.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { User } from "../../src/identity/index.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let person: User
let asked = 0
const inside = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response(String(asked++)) })

beforeAll(async () => {
  server = await startTestServer()
  person = await makeUser(server.app, { name: "Ann" })
})
afterAll(async () => {
  await server.close()
  await inside.stop(true)
})

const REFUSED = [
  "http://203.0.113.7/hooks",
  "https://127.0.0.1/hooks",
  `https://127.0.0.1:8443/hooks`,
  "https://localhost/hooks",
  "https://localhost./hooks",
  "https://2130706433/hooks",
  "https://0x7f.0.0.1/hooks",
  "https://0177.0.0.1/hooks",
  "https://[::1]/hooks",
  "https://[::ffff:127.0.0.1]/hooks",
  "https://[fd00::1]/hooks",
  "https://10.0.0.7/hooks",
  "https://172.16.0.1/hooks",
  "https://192.168.1.1/hooks",
  "https://100.64.0.1/hooks",
  "https://169.254.169.254/latest/meta-data",
  "https://metadata.google.internal/",
  "https://0.0.0.0/hooks",
  "https://8.8.8.8:22/hooks",
  "https://user:pass@8.8.8.8/hooks",
  "https://intranet/hooks",
  "ftp://8.8.8.8/hooks",
  "javascript:alert(1)",
  "https://8.8.8.8/hooks#part",
]

const owner = () => ({ userId: person.id, client: null })
const add = (url: string) => server.app.webhooks.create(CTX, owner(), { url, types: null })

test("addresses that are not on the public internet cannot be given", async () => {
  for (const url of REFUSED) {
    const refused = await add(url).then(
      () => null,
      (error: { code?: string; publicMessage?: string }) => error.code,
    )
    expect([url, refused]).toEqual([url, "validation_failed"])
  }
  expect(server.app.webhooks.of(owner())).toEqual([])
})

test("a name that leads inside later is not followed: each delivery judges anew", async () => {
  const { app } = server
  const { endpoint } = await add("https://8.8.8.8/hooks")
  for (const url of [`https://127.0.0.1:${inside.port}/`, `http://127.0.0.1:${inside.port}/`, "https://10.0.0.7/"]) {
    await app.store.write(CTX, (tx) => {
      tx.run("UPDATE webhook_endpoints SET url = ?", url)
      tx.run("UPDATE webhook_health SET rests_until_ms = 0")
      app.webhooks.testIn(tx, owner(), endpoint.publicId)
    })
    await app.outbox.flush()
    const [newest] = app.webhooks.deliveries(endpoint.id, { rows: 1 })
    const { history } = app.webhooks.delivery(endpoint.id, newest!.publicId)!
    expect([url, history.at(-1)?.problem]).toEqual([url, "That address is not on the public internet."])
    await app.store.write(CTX, (tx) => tx.run("UPDATE outbox SET state = 'dead' WHERE topic = 'webhook'"))
  }
  expect(asked).toBe(0)
})
