// Signed calls of products: what is changed, late, or sent twice is refused.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { UserId } from "../../app/index.ts"
import { type CallsKit, codeOf, openCalls } from "./kit.testing.ts"
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

const MONTH = [{ period: "month" as const, anchor: "calendar" as const, units: 100 }]

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
