// From where a publisher takes calls: of an API and of an endpoint, by address and by range, whatever way an address is written, before any quota.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { UserId } from "../../app/index.ts"
import { contextOf, setContext } from "../../http/index.ts"
import { type CallsKit, codeOf, openCalls, told } from "./kit.testing.ts"

let kit: CallsKit
beforeAll(async () => {
  kit = await openCalls()
})
afterAll(() => kit.close())

const plan = { quotas: [{ period: "month", anchor: "calendar", units: 100 } as const] }
type Rules = { allowedIps?: string; deniedIps?: string }

/** An API with these rules, of its own and of its endpoint `/a`; `/b` has none. @returns how a call from an address ends */
async function kept(product: Rules, endpoint: Rules = {}) {
  const endpoints = [{ path: "/a", ...endpoint }, { path: "/b" }]
  const made = await kit.subscribed({ plan, product, endpoints })
  const send = (ip: string, path: string, as?: { keyId: number }) => {
    const headers = as ? {} : { authorization: `Bearer ${made.keys[0]}` }
    const request = new Request(`http://localhost/m/${made.product.publisher}/${made.product.slug}${path}`, { headers })
    setContext(request, { ...contextOf(request), ip })
    const caller = { userId: UserId(made.userId), keyId: null }
    return kit.calls.forward(request, as ? { as: { ...as, caller } } : {})
  }
  return { ...made, send, from: (ip: string, path = "/a") => codeOf(send(ip, path)) }
}

const DENIED = "403 address_denied"

test("allowed and denied: single addresses and ranges of both families, denied first", async () => {
  const { from } = await kept({
    allowedIps: "203.0.113.0/24 198.51.100.7 2001:db8::/32",
    deniedIps: "203.0.113.66 2001:db8:bad::/48",
  })
  const IN = ["203.0.113.1", "203.0.113.255", "198.51.100.7", "2001:db8::1", "2001:DB8:0:0::1", "::ffff:203.0.113.1"]
  const OUT = [
    "203.0.112.255",
    "203.0.114.0",
    "198.51.100.8",
    "203.0.113.66",
    "::ffff:203.0.113.66",
    "::ffff:cb00:7142",
    "2001:db9::1",
    "2001:db8:bad::1",
    "::1",
    "nowhere",
  ]
  for (const ip of IN) expect([ip, await from(ip)]).toEqual([ip, "200"])
  for (const ip of OUT) expect([ip, await from(ip)]).toEqual([ip, DENIED])
})

test("an endpoint's rules stand beside those of the API: both have to let a call through", async () => {
  const { from } = await kept(
    { allowedIps: "10.0.0.0/8" },
    { allowedIps: "10.1.0.0/16 192.0.2.1", deniedIps: "10.1.9.0/24" },
  )
  expect([await from("10.1.2.3"), await from("10.2.0.1"), await from("192.0.2.1"), await from("10.1.9.1")]).toEqual([
    "200",
    DENIED,
    DENIED,
    DENIED,
  ])
  expect([await from("10.2.0.1", "/b"), await from("10.1.9.1", "/b"), await from("11.0.0.1", "/b")]).toEqual([
    "200",
    "200",
    DENIED,
  ])
})

test("who is kept out uses nothing, is told what to do, and stands in the log; a page's call is judged by its person's address", async () => {
  const { send, subscription, product } = await kept({ deniedIps: "192.0.2.0/24" })
  kit.echo.got.splice(0)
  const refused = await told(await send("192.0.2.9", "/a"))
  expect(refused.body.detail).toBe(
    "The publisher of this API takes no such calls from your address, 192.0.2.9. Call from another one, or ask them to let it in.",
  )
  const [key] = kit.calls.keysOf(subscription)
  expect(await codeOf(send("192.0.2.9", "/a", { keyId: key!.id }))).toBe(DENIED)
  expect(await codeOf(send("192.0.3.9", "/a", { keyId: key!.id }))).toBe("200")
  await kit.settled()
  expect([kit.echo.got.length, kit.quotaOf(subscription)[0]!.used]).toEqual([1, 1])
  expect(kit.calls.callsOf(subscription, { limit: 9 }).map(({ errorCode }) => errorCode)).toEqual([
    null,
    "address_denied",
    "address_denied",
  ])
  // A change holds from the next call on.
  await kit.write((tx) => void tx.run("UPDATE market_products SET denied_ips = '' WHERE id = ?", product.id))
  expect(await codeOf(send("192.0.2.9", "/a"))).toBe("200")
  await kit.write(
    (tx) => void tx.run("UPDATE market_endpoints SET denied_ips = '192.0.2.9' WHERE id = ?", product.endpointIds[0]!),
  )
  expect([await codeOf(send("192.0.2.9", "/a")), await codeOf(send("192.0.2.9", "/b"))]).toEqual([DENIED, "200"])
})

test("a key of test mode is kept out, too: its samples are the publisher's", async () => {
  const { send, subscription, userId } = await kept({ allowedIps: "10.0.0.0/8" })
  await kit.write((tx) =>
    kit.calls.issueKeyIn(tx, { subscriptionId: subscription, userId: userId as never, name: "Test", mode: "test" }),
  )
  const key = kit.calls.keysOf(subscription).find(({ mode }) => mode === "test")!
  expect([
    await codeOf(send("11.0.0.1", "/a", { keyId: key.id })),
    await codeOf(send("10.0.0.1", "/a", { keyId: key.id })),
  ]).toEqual([DENIED, "200"])
})
