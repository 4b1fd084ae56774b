// Calls of products: why they are refused, in which words, what is told and logged of them, and what never appears anywhere.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { DAY_MS, HOUR_MS, mintSecret, UserId } from "../../app/index.ts"
import { type CallsKit, openCalls } from "./kit.testing.ts"
import { digestOfBody, signatureOf, signedText } from "./signature.ts"

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

async function told(answer: Response) {
  const text = await answer.text()
  const body = answer.status < 400 ? {} : (JSON.parse(text) as Record<string, unknown>)
  return { status: answer.status, code: body.code as string | undefined, body, text, headers: answer.headers }
}
const codeOf = async (answer: Promise<Response>) => {
  const { status, code } = await told(await answer)
  return code === undefined ? String(status) : `${status} ${code}`
}
const set = (table: string, values: string, id: number) =>
  kit.write((tx) => void tx.run(`UPDATE ${table} SET ${values} WHERE id = ?`, id))

test("a key is missing, broken, unknown, expired, revoked, replaced, or for another API: 401 with the reason, and nothing is used", async () => {
  const { keys, subscription, product, userId } = await kit.subscribed({ plan: { quotas: MONTH } })
  const other = await kit.subscribed()
  const [secret] = keys as [string]
  const bare = (headers: Record<string, string>) =>
    kit.calls.forward(new Request(`http://localhost/m/${product.publisher}/${product.slug}/a`, { headers }))
  expect(await codeOf(bare({}))).toBe("401 api_key_missing")
  expect(await codeOf(bare({ authorization: "Basic eA==" }))).toBe("401 invalid_api_key")
  expect(await codeOf(bare({ authorization: `Bearer ${secret.slice(0, -1)}x` }))).toBe("401 invalid_api_key")
  expect(await codeOf(bare({ authorization: `Bearer ${mintSecret("api", "live")}` }))).toBe("401 invalid_api_key")
  expect(await codeOf(bare({ authorization: `Bearer ${other.keys[0]}` }))).toBe("401 invalid_api_key")
  expect(await codeOf(bare({ "x-api-key": secret }))).toBe("200")
  const { calls, write } = kit
  const [key] = calls.keysOf(subscription)
  const ref = { userId: UserId(userId), keyPublicId: key!.publicId }
  const { secret: next } = await write((tx) => calls.rotateKeyIn(tx, { ...ref, keepMs: 1_000 }))
  expect([await codeOf(kit.call(secret)), await codeOf(kit.call(next))]).toEqual(["200", "200"])
  kit.clock.advance(1_000)
  expect([await codeOf(kit.call(secret)), await codeOf(kit.call(next))]).toEqual(["401 api_key_revoked", "200"])
  await write((tx) => calls.editKeyIn(tx, { ...ref, expiresMs: kit.clock.now() + 5_000 }))
  expect(await codeOf(kit.call(next))).toBe("200")
  kit.clock.advance(5_000)
  expect(await codeOf(kit.call(next))).toBe("401 api_key_expired")
  await write((tx) => calls.revokeKeyIn(tx, ref))
  expect(await codeOf(kit.call(next))).toBe("401 api_key_revoked")
  expect(kit.quotaOf(subscription)[0]!.used).toBe(5)
  // At rest there is the hash alone.
  for (const table of ["market_keys", "market_key_secrets", "audit_log"])
    expect(JSON.stringify(kit.all(`SELECT * FROM ${table}`))).not.toContain(secret.slice(14, 40))
})

test("what a key may: reading alone, and from some addresses", async () => {
  const { keys, subscription, userId } = await kit.subscribed({
    endpoints: [{ path: "/a" }, { path: "/a", method: "POST" }],
  })
  const [key] = kit.calls.keysOf(subscription)
  const ref = { userId: UserId(userId), keyPublicId: key!.publicId }
  await kit.write((tx) => kit.calls.editKeyIn(tx, { ...ref, access: "read" }))
  expect(await codeOf(kit.call(keys[0]!, "/a", { method: "POST" }))).toBe("403 forbidden")
  expect(await codeOf(kit.call(keys[0]!, "/a"))).toBe("200")
  await kit.write((tx) => kit.calls.editKeyIn(tx, { ...ref, access: "all", allowedIps: ["10.0.0.0/8"] }))
  expect(await codeOf(kit.call(keys[0]!, "/a"))).toBe("403 api_key_address_denied")
  await kit.write((tx) => kit.calls.editKeyIn(tx, { ...ref, allowedIps: ["127.0.0.0/8"], deniedIps: ["127.0.0.1"] }))
  expect(await codeOf(kit.call(keys[0]!, "/a"))).toBe("403 api_key_address_denied")
  await kit.write((tx) => kit.calls.editKeyIn(tx, { ...ref, deniedIps: [] }))
  expect(await codeOf(kit.call(keys[0]!, "/a", { method: "POST" }))).toBe("200")
})

test("a subscription and a product have to be open; whoever is suspended is refused; each from the next call on", async () => {
  const { keys, subscription, product, userId, ownerId } = await kit.subscribed()
  const call = () => codeOf(kit.call(keys[0]!))
  await set("market_subscriptions", `state = 'past_due', grace_end_ms = ${kit.clock.now() + 1_000}`, subscription)
  expect(await call()).toBe("200")
  kit.clock.advance(1_000)
  expect(await call()).toBe("403 subscription_past_due")
  await set("market_subscriptions", "state = 'banned'", subscription)
  expect(await call()).toBe("403 forbidden")
  await set("market_subscriptions", "state = 'active'", subscription)
  expect(await call()).toBe("200")
  // Taken from the list: whoever has it keeps it.
  await set("market_products", "state = 'unpublished'", product.id)
  expect(await call()).toBe("200")
  for (const state of ["draft", "review", "suspended"]) {
    await set("market_products", `state = '${state}'`, product.id)
    expect([state, await call()]).toEqual([state, "503 product_unavailable"])
  }
  // Its publisher tries it before anybody else can.
  await set("market_products", "state = 'draft'", product.id)
  await set("market_subscriptions", `user_id = ${ownerId}`, subscription)
  expect(await call()).toBe("200")
  await set("market_subscriptions", `user_id = ${userId}`, subscription)
  await set("market_products", "state = 'published'", product.id)
  await kit.write(
    (tx) => void tx.run("UPDATE market_publishers SET suspended_ms = 1 WHERE slug = ?", product.publisher),
  )
  expect(await call()).toBe("503 product_unavailable")
  await kit.write(
    (tx) => void tx.run("UPDATE market_publishers SET suspended_ms = NULL WHERE slug = ?", product.publisher),
  )
  kit.suspended.add(userId)
  expect(await call()).toBe("403 account_suspended")
  kit.suspended.delete(userId)
  await set("market_subscriptions", `state = 'ended', ended_ms = 1`, subscription)
  expect(await call()).toBe("403 subscription_ended")
})

test("an endpoint above the plan is refused, an unknown one is not there, another method is named", async () => {
  const { keys, product, subscription } = await kit.subscribed({
    plans: [{ quotas: MONTH }, {}],
    endpoints: [{ path: "/a" }, { path: "/pro" }],
  })
  await set("market_endpoints", `min_plan_id = ${product.planIds[1]}`, product.endpointIds[1]!)
  expect(await codeOf(kit.call(keys[0]!, "/pro"))).toBe("403 plan_required")
  expect(await codeOf(kit.call(keys[0]!, "/none"))).toBe("404 not_found")
  const other = await told(await kit.call(keys[0]!, "/a", { method: "DELETE" }))
  expect([other.code, other.headers.get("allow")]).toEqual(["method_not_allowed", "GET"])
  expect(kit.quotaOf(subscription)[0]!.used).toBe(0)
  expect(kit.echo.got).toEqual([])
})

test("every answer tells how quotas and rates stand, and a refusal when to come again", async () => {
  const plan = {
    quotas: [{ period: "day", anchor: "calendar", units: 2 } as const],
    rates: [{ endpointId: 0, span: "minute", requests: 9 } as const],
  }
  const { keys } = await kit.subscribed({ plan, endpoints: [{ path: "/a" }, { path: "/free", weight: 0 }] })
  const first = await told(await kit.call(keys[0]!))
  const header = (answer: typeof first, name: string) => answer.headers.get(name)
  expect(header(first, "ratelimit-policy")).toBe('"minute";q=9;w=60, "quota-day";q=2;w=86400')
  expect(header(first, "ratelimit")).toMatch(/^"minute";r=8;t=\d+, "quota-day";r=1;t=\d+$/)
  expect(["limit", "used", "remaining", "period"].map((name) => header(first, `x-quota-${name}`))).toEqual([
    "2",
    "1",
    "1",
    "day",
  ])
  await kit.call(keys[0]!).then((answer) => answer.text())
  const over = await told(await kit.call(keys[0]!))
  expect([over.code, header(over, "x-quota-remaining"), header(over, "content-type")]).toEqual([
    "quota_exceeded",
    "0",
    "application/problem+json",
  ])
  expect(over.body.quota).toBe("day")
  // What weighs nothing goes on.
  for (let at = 0; at < 7; at++) expect(await codeOf(kit.call(keys[0]!, "/free"))).toBe("200")
  for (let at = 0; at < 2; at++) await kit.call(keys[0]!, "/free").then((answer) => answer.text())
  const late = await told(await kit.call(keys[0]!, "/free"))
  expect([late.status, late.code]).toEqual([429, "rate_limit_exceeded"])
  expect(Number(header(late, "retry-after"))).toBeGreaterThan(0)
})

test("a key in the query works, is taken out, and appears nowhere: not upstream, not in errors, not in the log", async () => {
  const { keys, product, subscription } = await kit.subscribed({ plan: { quotas: MONTH } })
  const [secret] = keys as [string]
  const at = (query: string, headers: Record<string, string> = {}) =>
    kit.calls.forward(new Request(`http://localhost/m/${product.publisher}/${product.slug}/a${query}`, { headers }))
  const seen: string[] = []
  for (const query of [
    `?api_key=${secret}&x=1`,
    `?x=1&api_key=${secret}`,
    `?x=1&api%5Fkey=${secret}&API_KEY=${secret}`,
  ]) {
    const answer = await told(await at(query, { referer: `https://x.example/?api_key=${secret}` }))
    expect([query, answer.status]).toEqual([query, 200])
    seen.push(answer.text, JSON.stringify([...answer.headers]))
  }
  expect(kit.echo.got.map(({ url }) => url)).toEqual(Array(3).fill("https://api.example.com/a?x=1"))
  seen.push(JSON.stringify(kit.echo.got))
  const broken = await told(await at(`?api_key=${secret}y`))
  expect(broken.code).toBe("invalid_api_key")
  seen.push(broken.text)
  await kit.settled()
  for (const table of ["market_calls", "market_call_days", "audit_log", "market_signals"])
    seen.push(JSON.stringify(kit.all(`SELECT * FROM ${table}`)))
  expect(seen.filter((text) => text.includes(secret))).toEqual([])
  expect(kit.calls.callsOf(subscription, { limit: 10 }).map(({ path }) => path)).toEqual(["/a", "/a", "/a"])
})

test("a key of test mode is answered with the stored example: no server, no units", async () => {
  const { product, subscription, userId } = await kit.subscribed({ plan: { quotas: MONTH } })
  const { secret } = await kit.write((tx) => {
    tx.run(
      "INSERT INTO market_examples (endpoint_id, position, status, body) VALUES (?, 0, 404, 'no'), (?, 1, 200, '{\"t\":1}')",
      product.endpointIds[0]!,
      product.endpointIds[0]!,
    )
    return kit.calls.issueKeyIn(tx, {
      subscriptionId: subscription,
      userId: UserId(userId),
      name: "Test",
      mode: "test",
    })
  })
  expect(secret).toStartWith("api_test_")
  const url = `http://localhost/m/${product.publisher}/${product.slug}/a`
  const answer = await kit.calls.forward(new Request(url, { headers: { "x-api-key": secret } }))
  expect([answer.status, await answer.text(), answer.headers.get("x-example")]).toEqual([200, '{"t":1}', "stored"])
  expect([kit.echo.got.length, kit.quotaOf(subscription)[0]!.used]).toEqual([0, 0])
})

test("from a page: the key is known by its number, and meets the same limits", async () => {
  const { subscription, product } = await kit.subscribed({ plan: { quotas: [{ ...ONE, units: 1 }] } })
  const keyId = kit.calls.keysOf(subscription)[0]!.id
  const url = `http://localhost/m/${product.publisher}/${product.slug}/a`
  expect(await codeOf(kit.calls.forward(new Request(url), { as: { keyId } }))).toBe("200")
  expect(await codeOf(kit.calls.forward(new Request(url), { as: { keyId } }))).toBe("403 quota_exceeded")
  await kit.settled()
  expect(kit.calls.callsOf(subscription, { limit: 9 }).map(({ fromConsole, status }) => [fromConsole, status])).toEqual(
    [
      [true, 403],
      [true, 200],
    ],
  )
})

test("signed calls: what is changed, late, or sent twice is refused", async () => {
  const { subscription, product, userId } = await kit.subscribed({
    plan: { quotas: MONTH },
    endpoints: [{ path: "/a" }, { path: "/a", method: "POST" }],
  })
  const key = await kit.write((tx) =>
    kit.calls.issueKeyIn(tx, { subscriptionId: subscription, userId: UserId(userId), name: "S", signed: true }),
  )
  const signing = key.signingSecret!
  let nonce = 0
  const call = (
    over: {
      body?: string
      path?: string
      query?: string
      secret?: string
      createdMs?: number
      nonce?: string
      sentBody?: string
      unsigned?: boolean
    } = {},
  ) => {
    const { body, path = "/a", query = "?q=1" } = over
    const created = String(Math.floor((over.createdMs ?? kit.clock.now()) / 1_000))
    const once = over.nonce ?? `nonce-${++nonce}-x`
    const method = body === undefined ? "GET" : "POST"
    const digest = digestOfBody(body === undefined ? null : Buffer.from(body))
    const text = signedText({ method, path, query, digest, created, nonce: once })
    const headers: Record<string, string> = { authorization: `Bearer ${key.secret}` }
    if (!over.unsigned)
      Object.assign(headers, {
        "x-signature": signatureOf(over.secret ?? signing, text),
        "x-signature-created": created,
        "x-signature-nonce": once,
      })
    const sent = over.sentBody ?? body
    return codeOf(
      kit.calls.forward(
        new Request(`http://localhost/m/${product.publisher}/${product.slug}/a${query}`, {
          method,
          headers,
          ...(sent === undefined ? {} : { body: sent }),
        }),
      ),
    )
  }
  expect(await call()).toBe("200")
  expect(await call({ body: '{"a":1}' })).toBe("200")
  const refused = "401 signature_invalid"
  expect(await call({ unsigned: true })).toBe(refused)
  expect(await call({ secret: `${signing}x` })).toBe(refused)
  expect(await call({ path: "/b" })).toBe(refused)
  expect(await call({ body: '{"a":1}', sentBody: '{"a":2}' })).toBe(refused)
  expect(await call({ createdMs: kit.clock.now() - 301_000 })).toBe(refused)
  expect(await call({ createdMs: kit.clock.now() + 301_000 })).toBe(refused)
  expect(await call({ nonce: "the-same-one" })).toBe("200")
  expect(await call({ nonce: "the-same-one" })).toBe(refused)
  kit.restart()
  expect(await call({ nonce: "the-same-one" })).toBe(refused)
  const both = await Promise.all(Array.from({ length: 50 }, () => call({ nonce: "at-once-one" })))
  expect(both.filter((code) => code === "200").length).toBe(1)
  expect(kit.quotaOf(subscription)[0]!.used).toBe(4)
  expect(JSON.stringify(kit.all("SELECT * FROM market_keys"))).not.toContain(signing)
})

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
