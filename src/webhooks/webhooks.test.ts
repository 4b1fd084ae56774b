// Emitting, choosing and delivering, on a real store and outbox; the receiver answers as it is told.
import { afterEach, expect, test } from "bun:test"
import { Value } from "@sinclair/typebox/value"
import { LONG_MS } from "../../test/eventually.ts"
import { ClientId, createIds, createKeyring, DAY_MS, HOUR_MS, MINUTE_MS, silentLog, UserId } from "../app/index.ts"
import { SafeFetchError, type SafeRequest, type SafeResponse } from "../http/index.ts"
import { createOutbox } from "../outbox/index.ts"
import { openTestStore, testCtx } from "../store/index.ts"
import {
  createWebhooks,
  type EndpointInput,
  EVENT_TYPES,
  EVENTS,
  emitIn,
  WEBHOOK_LIMITS,
  WEBHOOK_TOPIC,
} from "./index.ts"

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

interface Asked {
  url: string
  id: string
  body: { type: string; data: Record<string, unknown>; mode: string; app?: string }
}
interface Mail {
  to: string
  data: unknown
}
type Says = (asked: Asked) => number | "hang" | Promise<number>

const APP = { id: ClientId(7), publicId: "cli_7", mode: "live" } as const
const OWNER = { userId: UserId(1), client: APP }
const ANN = { userId: UserId(2), client: null }

async function fresh(says: Says = () => 200) {
  const { store, clock, close } = await openTestStore()
  const asked: Asked[] = []
  const ids = createIds(clock)
  const outbox = createOutbox({ store, clock, ids, log: silentLog, random: () => 0.5 })
  async function safeFetch(url: string, { headers = {}, body = "" }: SafeRequest): Promise<SafeResponse> {
    const one = { url, id: headers["webhook-id"]!, body: JSON.parse(body) as Asked["body"] }
    asked.push(one)
    const status = await says(one)
    if (status === "hang") throw new SafeFetchError("too_slow")
    return { status, headers: new Headers({ server: "test" }), bytes: Buffer.from("ok"), text: () => "ok" }
  }
  const mails: Mail[] = []
  const webhooks = createWebhooks({
    store,
    clock,
    ids,
    keyring: createKeyring(Buffer.alloc(32, 7)),
    log: silentLog,
    outbox,
    mails: {
      queueIn: (_tx: unknown, _letter: unknown, mail: Mail) => void mails.push({ to: mail.to, data: mail.data }),
    } as never,
    safeFetch,
    safeCheck: async () => {},
  })
  const { waitsMs, parallelMax, perEndpointMax: laneMax } = WEBHOOK_LIMITS
  outbox.handle(WEBHOOK_TOPIC, { deliver: webhooks.deliver, waitsMs, parallelMax, laneMax })
  closers.push(async () => {
    await outbox.stop()
    await close()
  })
  const add = (input: Partial<EndpointInput> = {}, owner: typeof OWNER | typeof ANN = OWNER) =>
    webhooks.create(testCtx, owner, { url: "https://example.com/hooks", types: null, ...input })
  const revoked = (subject: string, user = "usr_1") =>
    store.write(testCtx, (tx) =>
      emitIn(tx, {
        type: "permission.revoked",
        app: APP,
        subject,
        data: { permission: subject, user, by: "person" },
      }),
    )
  /** Lets time pass step by step, delivering what is due. */
  async function pass(ms: number, stepMs: number) {
    for (let left = ms; left > 0; left -= stepMs) {
      clock.advance(Math.min(stepMs, left))
      await outbox.flush()
    }
  }
  return { store, clock, outbox, webhooks, asked, add, revoked, pass, mails }
}

const subjects = (asked: readonly Asked[]) => asked.map(({ body }) => body.data.permission)

test("an event that nobody listens to writes nothing; each listener of its owner and mode gets it once", async () => {
  const { store, outbox, asked, add, revoked } = await fresh()
  expect(await revoked("con_1")).toBeNull()
  expect(store.read.all("SELECT 1 FROM webhook_events")).toEqual([])
  await add({ url: "https://example.com/all" })
  await add({ url: "https://example.com/some", types: ["permission.revoked", "app.suspended"] })
  await add({ url: "https://example.com/other", types: ["app.suspended"] })
  await add({ url: "https://example.com/own" }, ANN)
  const eventId = await revoked("con_1")
  expect(eventId).toStartWith("evt_")
  await outbox.flush()
  expect(asked.map(({ url, id }) => [url, id]).toSorted()).toEqual([
    ["https://example.com/all", eventId!],
    ["https://example.com/some", eventId!],
  ])
  const test = { ...APP, mode: "test" } as const
  const inTest = { type: "app.suspended", subject: APP.publicId, data: { reason: "a test" } } as const
  expect(await store.write(testCtx, (tx) => emitIn(tx, { ...inTest, app: test }))).toBeNull()
})

test("what a mutation emits goes with the mutation: undone, there is no event", async () => {
  const { store, outbox, asked, add } = await fresh()
  await add()
  await store
    .write(testCtx, (tx) => {
      emitIn(tx, { type: "app.reinstated", app: APP, subject: "cli_7", data: {} })
      throw new Error("no")
    })
    .catch(() => {})
  await outbox.flush()
  expect(asked).toEqual([])
})

test("events of one subject arrive in order whatever fails; other subjects and endpoints go on", async () => {
  let down = 2
  const { outbox, asked, add, revoked, pass } = await fresh(({ url, body }) =>
    url.endsWith("/bad") && body.data.permission === "con_a" && body.data.user === "usr_1" && down-- > 0 ? 500 : 200,
  )
  await add({ url: "https://example.com/bad" })
  await add({ url: "https://example.com/good" })
  await revoked("con_a", "usr_1")
  await revoked("con_a", "usr_2")
  await revoked("con_b", "usr_3")
  await outbox.flush()
  const at = (path: string) => asked.filter(({ url }) => url.endsWith(path))
  expect(subjects(at("/good")).length).toBe(3)
  expect(at("/bad").map(({ body }) => body.data.user)).toEqual(["usr_1", "usr_3"])
  await pass(10 * MINUTE_MS, 1_000)
  expect(at("/bad").map(({ body }) => body.data.user)).toEqual(["usr_1", "usr_3", "usr_1", "usr_1", "usr_2"])
  const first = at("/bad").filter(({ body }) => body.data.user === "usr_1")
  expect(new Set(first.map(({ id }) => id)).size).toBe(1)
})

test("a receiver that takes nothing is tried ten times over three days, then the endpoint is off and its owner told once", async () => {
  const { store, clock, webhooks, asked, add, revoked, pass, mails } = await fresh(() => 503)
  const { endpoint } = await add()
  await revoked("con_1")
  const began = clock.now()
  await pass(4 * DAY_MS, 10 * MINUTE_MS)
  expect(asked.length).toBe(10)
  const [row] = webhooks.deliveries(endpoint.id, { rows: 10 })
  expect(row).toMatchObject({ state: "failed", tries: 10, status: 503 })
  const { history } = webhooks.delivery(endpoint.id, row!.publicId)!
  expect(history.at(-1)!.atMs - began).toBeGreaterThan(3 * DAY_MS)
  expect(webhooks.endpoint(OWNER, endpoint.publicId).offBecause).toBe("failing")
  // For the outbox it is over: nobody wakes the operator for somebody else's server.
  expect(store.read.all("SELECT state FROM outbox WHERE state <> 'done'")).toEqual([])
  const ports = { emailsOf: () => ["dev@example.com"], appOf: () => "cli_7" }
  await webhooks.tellOwners(ports, 100)
  await webhooks.tellOwners(ports, 100)
  expect(mails).toEqual([
    {
      to: "dev@example.com",
      data: { host: "example.com", because: "failing", path: `/developer/apps/cli_7/webhooks/${endpoint.publicId}` },
    },
  ])
  expect(await revoked("con_2")).toBeNull()
})

test("one event that is never taken does not turn off an endpoint that takes the others", async () => {
  const { webhooks, add, revoked, pass } = await fresh(({ body }) =>
    body.data.permission === "con_poison" ? 500 : 200,
  )
  const { endpoint } = await add()
  await revoked("con_poison")
  for (let n = 0; n < 90; n++) {
    await revoked(`con_${n}`)
    await pass(HOUR_MS, 10 * MINUTE_MS)
  }
  const rows = webhooks.deliveries(endpoint.id, { rows: 200 })
  expect(rows.filter(({ state }) => state === "failed").length).toBe(1)
  expect(rows.filter(({ state }) => state === "delivered").length).toBe(90)
  expect(webhooks.endpoint(OWNER, endpoint.publicId).offBecause).toBeNull()
})

test("410 turns an endpoint off at once; what waits is dropped, and can be sent again by hand", async () => {
  let status = 410
  const { store, outbox, webhooks, asked, add, revoked } = await fresh(() => status)
  const { endpoint } = await add()
  await revoked("con_1")
  await revoked("con_1")
  await outbox.flush()
  expect(asked.length).toBe(1)
  expect(webhooks.endpoint(OWNER, endpoint.publicId).offBecause).toBe("gone")
  expect(webhooks.deliveries(endpoint.id, { rows: 9 }).map(({ state }) => state)).toEqual(["dropped", "failed"])
  expect(webhooks.health(endpoint.id).waiting).toBe(0)
  status = 200
  await expect(store.write(testCtx, (tx) => webhooks.resendMissedIn(tx, OWNER, endpoint.publicId))).rejects.toThrow(
    "off",
  )
  await store.write(testCtx, (tx) => void webhooks.setOnIn(tx, OWNER, endpoint.publicId, true))
  expect(await store.write(testCtx, (tx) => webhooks.resendMissedIn(tx, OWNER, endpoint.publicId))).toBe(2)
  await outbox.flush()
  expect(asked.length).toBe(3)
  expect(webhooks.deliveries(endpoint.id, { rows: 9 }).map(({ state }) => state)).toEqual(["delivered", "delivered"])
})

test("a slow receiver takes two turns at most, and nobody else waits for it", async () => {
  const open: (() => void)[] = []
  const { outbox, asked, add, revoked } = await fresh(({ url }) =>
    url.endsWith("/slow") ? new Promise<number>((resolve) => open.push(() => resolve(200))) : 200,
  )
  await add({ url: "https://example.com/slow" })
  await add({ url: "https://example.com/quick" })
  for (let n = 0; n < 60; n++) await revoked(`con_${n}`)
  const all = outbox.flush()
  outbox.start()
  const until = Date.now() + LONG_MS
  const quick = () => asked.filter(({ url }) => url.endsWith("/quick")).length
  while (quick() < 60 && Date.now() < until) await Bun.sleep(5)
  expect(quick()).toBe(60)
  expect(asked.filter(({ url }) => url.endsWith("/slow")).length).toBe(2)
  while (asked.length < 120 && Date.now() < until) {
    for (const end of open.splice(0)) end()
    await Bun.sleep(1)
  }
  for (const end of open.splice(0)) end()
  await all
  expect(asked.length).toBe(120)
})

test("an endpoint that more waits for than there may is turned off", async () => {
  const { store, webhooks, add, revoked } = await fresh(() => "hang")
  const { endpoint } = await add()
  await store.write(testCtx, (tx) => void tx.run("UPDATE webhook_health SET waiting = ?", WEBHOOK_LIMITS.waitingMax))
  await revoked("con_1")
  expect(webhooks.endpoint(OWNER, endpoint.publicId).offBecause).toBe("overflow")
})

test("somebody else's endpoint is not there, whatever is asked of it", async () => {
  const { store, webhooks, add } = await fresh()
  const { endpoint } = await add()
  const id = endpoint.publicId
  for (const owner of [ANN, { ...OWNER, userId: UserId(3) }, { userId: UserId(1), client: null }]) {
    expect(() => webhooks.endpoint(owner, id)).toThrow("no such")
    for (const act of [webhooks.rotateIn, webhooks.removeIn, webhooks.testIn, webhooks.resendMissedIn])
      await expect(store.write(testCtx, (tx) => void act(tx, owner, id))).rejects.toThrow("no such")
  }
})

test("what was told is forgotten by age, beyond the bound, and with its endpoint", async () => {
  const { store, clock, outbox, webhooks, add, revoked } = await fresh()
  const { endpoint } = await add()
  const { endpoint: other } = await add({ url: "https://example.com/two" })
  await revoked("con_1")
  await outbox.flush()
  clock.advance(20 * DAY_MS)
  await revoked("con_2")
  await outbox.flush()
  clock.advance(11 * DAY_MS)
  const sweepAll = async () => {
    while ((await webhooks.sweep(30 * DAY_MS, 1)) >= 1) {}
  }
  await sweepAll()
  expect(webhooks.deliveries(endpoint.id, { rows: 9 }).map(({ subject }) => subject)).toEqual(["con_2"])
  await store.write(testCtx, (tx) => {
    webhooks.removeIn(tx, OWNER, endpoint.publicId)
    webhooks.removeIn(tx, OWNER, other.publicId)
  })
  clock.advance(30 * DAY_MS)
  await sweepAll()
  for (const table of ["endpoints", "secrets", "health", "events", "deliveries", "tries"])
    expect([table, store.read.all(`SELECT 1 FROM webhook_${table}`).length]).toEqual([table, 0])
})

test("every example of the registry is of the shape that it declares", () => {
  for (const type of EVENT_TYPES) {
    const { data, example, when } = EVENTS[type]
    expect([type, [...Value.Errors(data, example)].filter(({ message }) => !/format/.test(message))]).toEqual([
      type,
      [],
    ])
    expect(when).toEndWith(".")
  }
})
