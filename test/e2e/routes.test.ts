// Every route, walked by whoever should not be there: nobody signed in, and somebody else. A route that nobody listed fails.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { ALL_PAGES } from "../../src/sites/public/index.ts"
import { csrfOf, signedIn } from "../browser/house.ts"
import { addressOf, openRouteWorld, pathOf, type RouteWorld } from "../routes.ts"

let world: RouteWorld
let stranger: WebAgent
beforeAll(async () => {
  world = await openRouteWorld()
  stranger = await signedIn(world.server, world.stranger.email)
}, 30_000)
afterAll(() => world?.server.close())

/** Tells an EventSource not to come back, and htmx to change nothing. */
const ENDED = 204
/** Tells a page that its session is over. */
const OVER = "event: over\ndata: signed-out\n\n"

const patterns = (method: string) =>
  world.server.routes.filter((route) => route.startsWith(`${method} `)).map((route) => route.slice(method.length + 1))

/** What a stranger must never read. */
const secrets = () => [
  world.person.email,
  world.clientId,
  world.consentId,
  world.secretId,
  world.appKeyId,
  world.appCallId,
  world.lotId,
  world.transactionId,
]

test("every GET route is listed with its viewer, and no listed one is gone", () => {
  const listed = ALL_PAGES.map(({ path }) => path)
  expect(listed.filter((path, at) => listed.indexOf(path) !== at)).toEqual([])
  expect(listed.toSorted()).toEqual(patterns("GET").toSorted())
})

test("nobody signed in: pages of people lead to the sign-in, and tell nothing", async () => {
  for (const entry of ALL_PAGES) {
    const { path: pattern, viewer: by, kind = "page" } = entry
    if (by === "anyone") continue
    const answer = await fetch(addressOf(world, entry), { redirect: "manual" })
    const expected = { page: [303], redirect: [303], data: [303, ENDED], stream: [200] }[kind]
    expect({ pattern, ok: expected.includes(answer.status) }).toEqual({ pattern, ok: true })
    const text = await answer.text()
    if (kind === "stream") expect({ pattern, text }).toEqual({ pattern, text: OVER })
    for (const secret of secrets()) expect({ pattern, leaks: text.includes(secret) }).toEqual({ pattern, leaks: false })
  }
})

/** Named by what is offered to every person, not by whose it is. */
const OFFERED = ["/announcements/:announcement", "/marketplace/:api/subscribe", "/mcp/new/:recommended"]

test("somebody else: what is offered to everybody is there", async () => {
  for (const path of OFFERED) {
    const answer = await stranger.get(addressOf(world, ALL_PAGES.find((entry) => entry.path === path)!))
    expect({ path, status: answer.status }).toEqual({ path, status: 200 })
    for (const secret of secrets())
      expect({ path, leaks: answer.text.includes(secret) }).toEqual({ path, leaks: false })
  }
})

test("somebody else: what belongs to a person, a developer or the house is not there", async () => {
  for (const entry of ALL_PAGES) {
    const { path: pattern, viewer: by, kind } = entry
    const isOwned = pattern.includes(":") && by !== "anyone"
    if (kind === "stream" || (!isOwned && by !== "admin") || OFFERED.includes(pattern)) continue
    const answer = await stranger.get(addressOf(world, entry))
    expect({ pattern, status: answer.status }).toEqual({ pattern, status: 404 })
    for (const secret of secrets()) {
      expect({ pattern, leaks: answer.text.includes(secret) && !answer.url.includes(secret) }).toEqual({
        pattern,
        leaks: false,
      })
    }
  }
})

test("somebody else: a stream of another's things is not there", async () => {
  const cookie = ["browser", "auth", "console"]
    .map((name) => `purser_${name}=${stranger.cookie(world.server.url, `_${name}`)}`)
    .join("; ")
  const answer = await fetch(addressOf(world, { path: "/developer/apps/:app/first-call/events" }), {
    headers: { cookie },
  })
  expect({ status: answer.status, text: await answer.text() }).toEqual({ status: ENDED, text: "" })
})

test("somebody else: no form of another's page or of the house does anything", async () => {
  const csrf = await csrfOf(world.server, stranger)
  const before = snapshot()
  const owned = patterns("POST").filter(
    (pattern) => pattern.startsWith("/admin") || (pattern.includes(":") && isOfPeople(pattern)),
  )
  expect(owned.length).toBeGreaterThan(20)
  for (const pattern of owned) {
    const path = concrete(pattern)
    const answer = await stranger.post(`${world.server.url}${path}`, [
      ["csrf", csrf],
      ...["reason", "name", "amount", "balance", "plan", "kind"].map((name): [string, string] => [name, "10"]),
    ])
    expect({ pattern, status: answer.status }).toEqual({ pattern, status: 404 })
  }
  expect(snapshot()).toEqual(before)
})

test("every form refuses a post without its token", async () => {
  for (const pattern of patterns("POST")) {
    if (!isForm(pattern)) continue
    const answer = await stranger.post(`${world.server.url}${concrete(pattern)}`, [["name", "x"]])
    expect({ pattern, ok: [403, 404].includes(answer.status) }).toEqual({ pattern, ok: true })
  }
})

/** An issuer is the house's: anybody may connect with it. */
const isOfPeople = (pattern: string) =>
  /^\/(apps|developer|keys|settings)\//.test(pattern) && !pattern.startsWith("/settings/connections/with/")
/** Not the endpoints that programs use. */
const isForm = (pattern: string) =>
  !/^\/(v1|webhooks|api\/v1\/(keys\/report|chat)|api\/(v1|ai-api)\/stripe\/webhook|token|revoke|introspect|par$|device_authorization$|register\b|logout$|userinfo|authorize$|login\/callback\/)/.test(
    pattern,
  )

const concrete = (pattern: string) => pathOf(world, pattern)

/** What those forms would change. */
const snapshot = () => {
  const { identity, oauth, keys, ledger, gateway, plans } = world.server.app
  const owner = { kind: "principal", id: world.person.id } as const
  return JSON.stringify({
    suspended: identity.isSuspended(world.person.id),
    consents: oauth.consentsOf(world.person.id),
    keys: keys.of(world.person.id),
    clients: oauth.clientsOf(world.developer.id),
    wallet: ledger.wallet(owner, "live"),
    history: ledger.history(owner, "live", { limit: 50 }).length,
    upstreams: gateway.upstreams(),
    plans: plans.list(),
    plan: plans.planOf(world.person.id),
  })
}
