// What is seen of calls and done about it: checks before they leave, the log and its sums, mails of quotas, signs of abuse, the badge.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { DAY_MS, HOUR_MS, UserId } from "../../app/index.ts"
import { type CallsKit, openCalls, told } from "./kit.testing.ts"

let kit: CallsKit
beforeAll(async () => {
  kit = await openCalls()
})
beforeEach(() => {
  kit.echo.got.splice(0)
  kit.echo.answer = () => new Response("ok")
})
afterAll(() => kit.close())

const ONE = { period: "month", anchor: "calendar", units: 100 } as const
const MONTH = [ONE]
const set = (table: string, values: string, id: number) =>
  kit.write((tx) => void tx.run(`UPDATE ${table} SET ${values} WHERE id = ?`, id))

test("calls that do not fit their endpoint are refused before they leave, where its publisher wants that", async () => {
  const schema = JSON.stringify({
    type: "object",
    required: ["n"],
    properties: { n: { type: "integer", minimum: 1 } },
    additionalProperties: false,
  })
  const { keys, product, subscription } = await kit.subscribed({
    plan: { quotas: MONTH },
    endpoints: [
      { path: "/w/{day}", validates: true },
      { path: "/w", method: "POST", validates: true, bodySchema: schema, bodyType: "application/json" },
    ],
  })
  await kit.write((tx) => {
    const add =
      "INSERT INTO market_parameters (endpoint_id, position, place, name, type, required, schema) VALUES (?, ?, ?, ?, ?, ?, ?)"
    tx.run(add, product.endpointIds[0]!, 0, "path", "day", "integer", 1, null)
    tx.run(add, product.endpointIds[0]!, 1, "query", "units", "string", 1, '{"type":"string","enum":["metric","us"]}')
    tx.run(add, product.endpointIds[0]!, 2, "query", "n", "integer", 0, '{"type":"integer","maximum":5}')
  })
  const get = async (rest: string) => {
    const { status, body } = await told(await kit.call(keys[0]!, rest))
    return status === 200 ? "ok" : `${status} ${body.param}`
  }
  expect(await get("/w/3?units=us")).toBe("ok")
  expect(await get("/w/x?units=us")).toBe("400 day")
  expect(await get("/w/3")).toBe("400 units")
  expect(await get("/w/3?units=km")).toBe("400 units")
  expect(await get("/w/3?units=us&n=6")).toBe("400 n")
  expect(await get("/w/3?units=us&n=5&other=1")).toBe("ok")
  const post = async (body: string) => {
    const { status, body: problem } = await told(
      await kit.call(keys[0]!, "/w", { method: "POST", body, headers: { "content-type": "application/json" } }),
    )
    return status === 200 ? "ok" : String(problem.detail)
  }
  expect(await post('{"n":1}')).toBe("ok")
  expect(await post('{"n":0}')).toBe("`n` has to be at least 1, in the body.")
  expect(await post("{}")).toBe("`n` is missing, in the body.")
  expect(await post('{"n":1,"m":2}')).toBe("`m` is not expected, in the body.")
  expect(await post('{"n":')).toContain("not valid JSON")
  expect(kit.quotaOf(subscription)[0]!.used).toBe(3)
})

test("the log and its sums tell the same: calls, refusals by reason, failures, how long; bounded by day", async () => {
  const { keys, subscription, product } = await kit.subscribed({
    plan: { quotas: [{ ...ONE, units: 6 }], rates: [{ endpointId: 0, span: "second", requests: 5 }] },
  })
  const statuses = [200, 404, 500]
  kit.echo.answer = () => new Response("hello", { status: statuses.shift() ?? 200 })
  for (let at = 0; at < 8; at++) await kit.call(keys[0]!).then((answer) => answer.text())
  kit.clock.advance(1_000)
  for (let at = 0; at < 3; at++) await kit.call(keys[0]!).then((answer) => answer.text())
  await kit.call(keys[0]!, "/none").then((answer) => answer.text())
  await kit.settled()
  const day = Math.floor(kit.clock.now() / DAY_MS)
  const span = { fromDay: day, toDay: day }
  for (const { total } of [
    kit.calls.figuresOfSubscription(subscription, span),
    kit.calls.figuresOfProduct(product.id, span),
  ]) {
    expect(total).toMatchObject({
      calls: 6,
      status4xx: 1,
      status5xx: 1,
      failed: 0,
      units: 6,
      refused: 6,
      refusedRate: 3,
      refusedQuota: 2,
      refusedOther: 1,
    })
    expect(total.bytesOut).toBe(30)
    expect(total.p50).toBeGreaterThan(0)
    expect(total.p99).toBeGreaterThanOrEqual(total.p50!)
  }
  const rows = kit.calls.callsOf(subscription, { limit: 100 })
  expect(rows.length).toBe(12)
  expect(kit.calls.callsOf(subscription, { limit: 100, status: "failed" }).length).toBe(8)
  expect(kit.calls.callByRequest(rows[0]!.requestId)).toEqual(rows[0]!)
  expect(kit.calls.subscribersOf(product.id, span)).toMatchObject([
    { subscriptionId: subscription, calls: 6, refused: 6, units: 6 },
  ])
  // A flood is summed, not written.
  for (let at = 0; at < 400; at++) await kit.call(keys[0]!, "/none").then((answer) => answer.text())
  await kit.settled()
  expect(kit.calls.callsOf(subscription, { limit: 1_000 }).length).toBeLessThanOrEqual(6 + 200)
  expect(kit.calls.figuresOfSubscription(subscription, span).total.refusedOther).toBe(401)
  await kit.write((tx) => void kit.calls.forgetCallsIn(tx, kit.clock.now() + 1, 10_000))
  expect(kit.calls.callsOf(subscription, { limit: 100 })).toEqual([])
  expect(kit.calls.figuresOfSubscription(subscription, span).total.calls).toBe(6)
})

test("a mail at 80 and at 100 percent of a quota, once each in a period", async () => {
  const { keys, userId } = await kit.subscribed({
    plan: { quotas: [{ period: "day", anchor: "calendar", units: 10 }] },
  })
  const percents = () =>
    kit.mails
      .filter(({ kind, to }) => kind === "product_quota" && to === `p${userId}@example.com`)
      .map(({ data }) => (data as { percent: number }).percent)
  const use = async (n: number) => {
    for (let at = 0; at < n; at++) await kit.call(keys[0]!).then((answer) => answer.text())
  }
  await use(7)
  expect(percents()).toEqual([])
  await use(1)
  expect(percents()).toEqual([80])
  await use(5)
  expect(percents()).toEqual([80, 100])
  kit.restart()
  await use(3)
  expect(percents()).toEqual([80, 100])
  kit.clock.advance(DAY_MS)
  await use(8)
  expect(percents()).toEqual([80, 100, 80])
})

test("signs of abuse: one row and a mail, however often it is seen; nothing is blocked", async () => {
  const { keys, product, subscription, userId } = await kit.subscribed()
  const url = `http://localhost/m/${product.publisher}/${product.slug}/a?api_key=${keys[0]}`
  for (let at = 0; at < 30; at++) await kit.calls.forward(new Request(url)).then((answer) => answer.text())
  await kit.settled()
  const signs = () => kit.calls.signalsOf(product.id).map(({ rule, times }) => [rule, times])
  expect(signs()).toEqual([["url", 1]])
  const mails = () =>
    kit.mails.filter(({ kind, to }) => kind === "product_key_signal" && to === `p${userId}@example.com`).length
  expect(mails()).toBe(1)
  kit.clock.advance(HOUR_MS)
  for (let at = 0; at < 30; at++) await kit.calls.forward(new Request(url)).then((answer) => answer.text())
  await kit.settled()
  expect([signs(), mails()]).toEqual([[["url", 2]], 1])
  const [key] = kit.calls.keysOf(subscription)
  await kit.write((tx) =>
    kit.calls.editKeyIn(tx, { userId: UserId(userId), keyPublicId: key!.publicId, allowedIps: ["10.0.0.0/8"] }),
  )
  for (let at = 0; at < 120; at++) await kit.call(keys[0]!).then((answer) => answer.text())
  await kit.settled()
  expect(
    signs()
      .map(([rule]) => rule)
      .sort(),
  ).toEqual(["refusals", "url"])
  // Ten times its own median, by the sums of days.
  const day = Math.floor(kit.clock.now() / DAY_MS)
  await kit.write((tx) => {
    for (let back = 1; back <= 7; back++)
      tx.run(
        "INSERT INTO market_call_days (day, product_id, endpoint_id, subscription_id, calls) VALUES (?, ?, 1, ?, 100)",
        day - back,
        product.id,
        subscription,
      )
    tx.run(
      "INSERT INTO market_call_days (day, product_id, endpoint_id, subscription_id, calls) VALUES (?, ?, 77, ?, 2000)",
      day,
      product.id,
      subscription,
    )
  })
  await kit.calls.lookForSurges(0, 100)
  await kit.calls.lookForSurges(0, 100)
  expect(
    signs()
      .map(([rule]) => rule)
      .sort(),
  ).toEqual(["refusals", "surge", "url"])
})

test("whether a server answers: asked, told once when it changes, and shown on a badge without a key", async () => {
  const { product, ownerId } = await kit.subscribed()
  const mails = () =>
    kit.mails
      .filter(({ kind, to }) => kind === "product_server" && to === `p${ownerId}@example.com`)
      .map(({ data }) => (data as { what: string }).what)
  const badge = async (end: string) =>
    (await kit.calls.forward(new Request(`http://localhost/m/${product.publisher}/${product.slug}.${end}`))).text()
  const probe = async (status: number) => {
    kit.echo.answer = () => new Response("x", { status })
    await kit.calls.probeSome(product.id - 1)
  }
  expect(JSON.parse(await badge("json"))).toMatchObject({ status: "unknown", uptime_30_days: null })
  for (const status of [200, 404, 401]) await probe(status)
  expect([kit.calls.healthOf(product.id).state, mails()]).toEqual(["up", []])
  for (const status of [500, 503]) await probe(status)
  expect(kit.calls.healthOf(product.id).state).toBe("up")
  await probe(500)
  await probe(500)
  expect([kit.calls.healthOf(product.id).state, mails()]).toEqual(["down", ["down"]])
  expect(await badge("svg")).toContain("down 42.85 %")
  await probe(200)
  expect([mails(), JSON.parse(await badge("json"))]).toMatchObject([
    ["down", "up"],
    { status: "up", uptime_30_days: "50.00" },
  ])
  await set("market_products", "state = 'draft'", product.id)
  expect(JSON.parse(await badge("json"))).toMatchObject({ code: "not_found" })
})
