// Calls of products: why they are refused, in which words, what is told of quotas, and what never appears anywhere.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { mintSecret, UserId } from "../../app/index.ts"
import { type CallsKit, codeOf, openCalls, told } from "./kit.testing.ts"

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
  const { subscription, product, userId } = await kit.subscribed({ plan: { quotas: [{ ...ONE, units: 1 }] } })
  const as = { keyId: kit.calls.keysOf(subscription)[0]!.id, caller: { userId: UserId(userId), keyId: null } }
  const url = `http://localhost/m/${product.publisher}/${product.slug}/a`
  expect(await codeOf(kit.calls.forward(new Request(url), { as }))).toBe("200")
  expect(await codeOf(kit.calls.forward(new Request(url), { as }))).toBe("403 quota_exceeded")
  await kit.settled()
  expect(kit.calls.callsOf(subscription, { limit: 9 }).map(({ fromConsole, status }) => [fromConsole, status])).toEqual(
    [
      [true, 403],
      [true, 200],
    ],
  )
})
