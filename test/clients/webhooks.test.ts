// Webhooks verified by Python: the receiver that the documentation prints, run as it stands there, takes what a server delivers, with a secret
// that was renewed in between, and refuses what was forged, changed, stale or signed by nobody.
import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { createHmac } from "node:crypto"
import { join } from "node:path"
import { DAY_MS, VirtualClock } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import type { WebhookOwner } from "../../src/webhooks/index.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"
import { fences } from "../e2e/docs-examples.ts"
import { PYTHON } from "./python.ts"

const PROGRAM = fences().filter(({ name, language }) => name.startsWith("how-to/webhooks ") && language === "python")

let server: TestServer
let clock: VirtualClock
let person: User
let owner: WebhookOwner
beforeAll(async () => {
  clock = new VirtualClock(Date.now())
  server = await startTestServer({ clock, env: { PURSER_WEBHOOK_NETWORKS: "127.0.0.1" } })
  person = await makeUser(server.app, { name: "Zoë 🚀" })
  owner = { userId: person.id, client: null }
})
afterAll(() => server?.close())

const receivers: { kill(): void; exited: Promise<number> }[] = []
afterEach(async () => {
  for (const one of receivers.splice(0)) {
    one.kill()
    await one.exited
  }
})

/** @param ahead seconds of its clock: that of the server is turned on in a test */
async function receiver(secret: string, ahead = 0) {
  const child = Bun.spawn([PYTHON, "-X", "utf8", join(import.meta.dir, "webhook-receiver.py"), String(ahead)], {
    stdin: Buffer.from(PROGRAM[0]!.code),
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, PURSER_WEBHOOK_SECRET: secret, PORT: "0" },
  })
  receivers.push(child)
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ""
  /** Its next line. */
  const line = async (): Promise<string> => {
    while (!rest.includes("\n")) {
      const { value } = await reader.read()
      if (value === undefined) throw new Error(await new Response(child.stderr).text())
      rest += value
    }
    const [first = "", ...others] = rest.split("\n")
    rest = others.join("\n")
    return first
  }
  const url = `http://127.0.0.1:${await line()}/hooks`
  return { url, line }
}

const flush = () => server.app.outbox.flush()
const makeKey = (name: string) => server.app.keys.create(CTX, { userId: person.id, name, scopes: ["llm"] })
const moveTo = (publicId: string, url: string) =>
  server.app.webhooks.update(CTX, owner, { publicId, url, types: ["key.created"] })
/** The newest delivery to an endpoint: what was answered to its last try. */
const answered = (endpointId: number) => {
  const [newest] = server.app.webhooks.deliveries(endpointId, { rows: 1 })
  return server.app.webhooks.delivery(endpointId, newest!.publicId)!.history.at(-1)!
}

test("a delivery is taken by Python; with an older secret for a day, and then with the new one alone", async () => {
  const { app } = server
  const { endpoint, secret } = await app.webhooks.create(CTX, owner, {
    url: "http://127.0.0.1:9/",
    types: ["key.created"],
  })
  const first = await receiver(secret)
  await moveTo(endpoint.publicId, first.url)
  await makeKey('Nachtläufer 🚀 "&\\u2028')
  await flush()
  const { status, sent } = answered(endpoint.id)
  expect([status, await first.line()]).toEqual([204, `${sent["webhook-id"]} key.created`])

  const next = await app.store.write(CTX, (tx) => app.webhooks.rotateIn(tx, owner, endpoint.publicId))
  const second = await receiver(next)
  for (const one of [first, second]) {
    await moveTo(endpoint.publicId, one.url)
    await makeKey("While both sign")
    await flush()
    expect([answered(endpoint.id).status, (await one.line()).split(" ")[1]]).toEqual([204, "key.created"])
  }

  clock.advance(DAY_MS + 1)
  const [late, on] = [await receiver(secret, DAY_MS / 1_000), await receiver(next, DAY_MS / 1_000)]
  const statuses = []
  // What is refused makes the endpoint rest, so it comes last.
  for (const one of [on, late]) {
    await moveTo(endpoint.publicId, one.url)
    await app.store.write(CTX, (tx) => app.webhooks.testIn(tx, owner, endpoint.publicId))
    await flush()
    statuses.push(answered(endpoint.id).status)
  }
  expect(statuses).toEqual([204, 401])
})

test("what nobody signed is refused, and nothing that is sent makes it fail", async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`
  const { url, line } = await receiver(secret)
  const body = '{"type":"key.created"}'
  const now = Math.floor(Date.now() / 1_000)
  const sign = (id: string, at: number | string, text = body, key = Buffer.alloc(32, 7)) =>
    `v1,${createHmac("sha256", key).update(`${id}.${at}.${text}`).digest("base64")}`
  const send = async (headers: Record<string, string>, text = body) =>
    (await fetch(url, { method: "POST", body: text, headers })).status
  const whole = (at: number | string, signature = sign("evt_1", at)) => ({
    "webhook-id": "evt_1",
    "webhook-timestamp": String(at),
    "webhook-signature": signature,
  })
  const other = sign("evt_1", now, body, Buffer.alloc(32, 8))
  const refused: Record<string, [Record<string, string>, string?]> = {
    "another body": [whole(now), body.replace("key", "app")],
    "another id": [{ ...whole(now), "webhook-id": "evt_2" }],
    "another time": [{ ...whole(now), "webhook-timestamp": String(now - 1) }],
    "ten minutes old": [whole(now - 600)],
    "of ten minutes on": [whole(now + 600)],
    "no number of seconds": [whole("soon")],
    "a number that is none": [whole("²")],
    "another secret": [whole(now, other)],
    "of a version that we do not know": [whole(now, sign("evt_1", now).replace("v1,", "v1a,"))],
    "no version": [whole(now, sign("evt_1", now).replace("v1,", ""))],
    "letters beyond ASCII": [whole(now, "v1,é")],
    nothing: [{}],
  }
  const said = await Promise.all(
    Object.entries(refused).map(async ([what, [headers, text]]) => [what, await send(headers, text)]),
  )
  expect(said).toEqual(Object.keys(refused).map((what) => [what, 401]))
  expect(await send(whole(now, `v1a,x ${other} ${sign("evt_1", now)}`))).toBe(204)
  // The only one of all that it took.
  expect(await line()).toBe("evt_1 key.created")
})

test("the documentation prints one receiver in Python", () => expect(PROGRAM).toHaveLength(1))
