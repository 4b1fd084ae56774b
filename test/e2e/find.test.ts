// What the search and the palette tell to whom: strangers pages, people their apps, admins people and ids. The page and the JSON are one list.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { FIND_LIMITS, timeOf } from "../../src/sites/public/find.ts"
import { signedIn } from "../browser/house.ts"
import { openRouteWorld, type RouteWorld } from "../routes.ts"

interface Result {
  href: string
  title: string
  text: string
  kind: string
}

let world: RouteWorld
const agents: Record<"admin" | "developer" | "person" | "stranger", WebAgent> = {} as never

beforeAll(async () => {
  world = await openRouteWorld()
  for (const who of ["admin", "developer", "person", "stranger"] as const)
    agents[who] = await signedIn(world.server, world[who].email)
}, 60_000)
afterAll(() => world?.server.close())

async function found(query: string, who?: keyof typeof agents): Promise<Result[]> {
  const cookie = who ? `purser_console=${agents[who].cookie(world.server.url, "_console")}` : ""
  const url = `${world.server.url}/search.json?${new URLSearchParams({ q: query })}`
  const answer = await fetch(url, { headers: { cookie } })
  expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"])
  return ((await answer.json()) as { results: Result[] }).results
}
const hrefs = async (query: string, who?: keyof typeof agents) => (await found(query, who)).map(({ href }) => href)

test("people are found by admins alone, by any part of name or address, and by their id", async () => {
  const { publicId, email } = world.person
  const page = `/admin/users/${publicId}`
  for (const query of [email, email.slice(2, 9), publicId]) {
    expect([query, await hrefs(query, "admin")]).toEqual([query, expect.arrayContaining([page])])
    for (const who of ["developer", "person", undefined] as const)
      expect([query, who, (await hrefs(query, who)).includes(page)]).toEqual([query, who, false])
  }
})

test("an app is found by who builds it and who uses it, each at their own page, and by nobody else", async () => {
  const query = "donaudampfschiff"
  const built = `/developer/apps/${world.clientId}`
  const listed = "/directory/routes-app"
  expect((await hrefs(query, "developer")).filter((href) => href !== listed)).toEqual([built])
  expect(await hrefs(world.clientId, "developer")).toEqual([built])
  expect((await hrefs(query, "person")).filter((href) => href !== listed)).toEqual(["/apps"])
  // What is listed for everybody is found by everybody.
  for (const who of ["stranger", undefined] as const)
    expect((await hrefs(query, who)).filter((href) => href !== listed)).toEqual([])
})

test("a transaction and a request are found by admins alone", async () => {
  const { transactionId } = world
  const page = `/admin/users/${world.person.publicId}/wallet/transactions/${transactionId}`
  expect(await hrefs(transactionId, "admin")).toEqual([page])
  expect(await hrefs(transactionId, "person")).toEqual([])
  const ids = world.server.app.ids
  const requestId = ids.next("req")
  await world.server.app.identity.suspend(
    { actor: "cli", requestId, reason: "a test" },
    { userId: world.stranger.id, reason: "a test" },
  )
  expect(await hrefs(requestId, "admin")).toEqual([expect.stringMatching(/^\/admin\/audit\?subject=usr_/)])
  expect(await hrefs(requestId, "developer")).toEqual([])
  for (const none of ["txn_none", "req_none", "txn_", `req_${"0".repeat(26)}`, "txn_' OR 1=1 --", "usr_%"])
    expect([none, await hrefs(none, "admin")]).toEqual([none, []])
})

test("an id says when it was made", () => {
  const before = Date.now()
  const made = timeOf(world.server.app.ids.next("req"))!
  expect(made).toBeGreaterThanOrEqual(before - 1)
  expect(made).toBeLessThanOrEqual(Date.now() + 1)
  expect(timeOf("req_none")).toBeNull()
})

test("a query of any length and kind is answered, with names as text", async () => {
  for (const query of ["", "   ", "x".repeat(5_000), "%", "_", "\u202e", '"><script>'])
    expect((await found(query, "admin")).length).toBeLessThanOrEqual(FIND_LIMITS.pagesMax + 20)
  const page = await agents.admin.get(`${world.server.url}/search?${new URLSearchParams({ q: world.person.email })}`)
  expect(page.text.includes(`/admin/users/${world.person.publicId}`)).toBe(true)
  expect(page.text.includes("<script>alert")).toBe(false)
})
