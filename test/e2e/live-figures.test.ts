// Nothing of test mode is in a live figure (SPEC DE-7): every page, file and answer there is, as its own viewer reads it, before and after a lot
// of test traffic. What may differ is listed with its reason; a figure that is added later is walked without a word here.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { dayOf } from "../../src/app/index.ts"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import { principal } from "../../src/ledger/index.ts"
import { upstreamHealth, upstreamSpend } from "../../src/sites/admin/store.ts"
import { ALL_PAGES } from "../../src/sites/public/index.ts"
import { csrfOf, signedIn } from "../browser/house.ts"
import { CTX, chat, makeClient, mintTokens } from "../build.ts"
import { addressOf, openRouteWorld, type RouteWorld } from "../routes.ts"

let world: RouteWorld
let agents: Record<"person" | "developer" | "admin", WebAgent>
beforeAll(async () => {
  world = await openRouteWorld()
  const { server, person, developer, admin } = world
  // Nothing is counted while the pages are walked but by the walk.
  server.app.jobs.pause(true)
  await server.app.marketplace.showcase.freshenAll()
  agents = {
    person: await signedIn(server, person.email),
    developer: await signedIn(server, developer.email),
    admin: await signedIn(server, admin.email),
  }
}, 60_000)
afterAll(() => world?.server.close())

/** Pages that tell of acts, of the process, or of what was made for tests: no figure of use or money. */
const OTHERS: Readonly<Record<string, string>> = {
  "/apps": "lists permissions in either mode, each with what its app used of its own limit",
  "/api/v1/apps": "as above",
  "/keys": "lists keys in either mode, each with what it spent",
  "/api/v1/keys": "as above",
  "/api/ai-api/keys": "as above",
  "/developer/test-users": "lists test users",
  "/api/v1/developer/apps": "lists apps with their mode",
  "/admin/apps": "as above",
  "/admin/users/:user": "lists the apps that a person lets in",
  "/admin/limits/people": "suggests everybody for whom a limit can be set",
  "/admin/limits/keys": "as above, keys",
  "/admin/limits/apps": "as above, apps",
  "/admin/upstreams": "says how the sandbox answers, like any upstream",
  "/admin/upstreams/figures": "as above",
  "/admin/books": "has a column for either mode",
  "/admin/books.jsonl": "has every line of the books, with its mode",
  "/admin/audit": "who did what, in either mode",
  "/admin/audit.csv": "who did what, in either mode",
  "/admin/jobs": "when the work of the process ran last",
  "/admin/system": "how large and how old the process is",
}

/** Figures of a page: lists of figures, tables and what charts say. When something happened is no figure. */
function figuresOf(html: string): string {
  const main = /<main[\s\S]*<\/main>/.exec(html)?.[0] ?? ""
  const parts = main.match(/<dl[\s\S]*?<\/dl>|<table[\s\S]*?<\/table>|aria-label="[^"]*"/g) ?? []
  return plainText(parts.join("\n").replace(/<time[\s\S]*?<\/time>/g, ""))
}

/** Without what is new in every answer. */
const stripped = (text: string): string =>
  text
    .replace(/<time[\s\S]*?<\/time>/g, "")
    .replace(/req_[0-9A-Z]{26}/g, "")
    .replace(/since=[\w.]+/g, "")
    .replace(/name="csrf" value="[^"]*"/g, "")

function readerOf(path: string, viewer: (typeof ALL_PAGES)[number]["viewer"]): keyof typeof agents {
  if (path.startsWith("/api/v1/admin") || path.startsWith("/api/v1/coupons")) return "admin"
  if (path.startsWith("/api/v1/developer")) return "developer"
  return viewer === "anyone" ? "person" : viewer
}

async function walk(): Promise<Map<string, string>> {
  const seen = new Map<string, string>()
  await world.server.app.analytics.flush()
  for (const entry of ALL_PAGES) {
    const { path, viewer, kind = "page" } = entry
    if (kind === "stream" || kind === "redirect" || path in OTHERS) continue
    const answer = await agents[readerOf(path, viewer)].get(addressOf(world, entry))
    seen.set(path, `${answer.status} ${kind === "page" ? figuresOf(answer.text) : stripped(answer.text)}`)
  }
  return seen
}

/** Calls that succeed, fail and are refused, by a person, a key and a test user; credits, a payout and permissions of test mode. */
async function testTraffic(key: string): Promise<number[]> {
  const { app, url } = world.server
  const { person, developer } = world
  const scopes = ["openid", "offline_access", "llm", "embeddings"] as never
  const { client, secret } = await makeClient(app, { ownerId: developer.id, name: "Trial", mode: "test", scopes })
  const { user } = await app.identity.makeTestUser(CTX, developer.id)
  const tests = app.identity.userById(user.id)!
  const ask = { client, secret, scope: "openid offline_access llm embeddings" }
  const tokens = [
    (await mintTokens(app, { ...ask, user: person })).accessToken,
    (await mintTokens(app, { ...ask, user: tests })).accessToken,
    key,
  ]
  const statuses: number[] = []
  for (const token of tokens)
    for (const content of ["sandbox:cost 200", "sandbox:fail 400", "of no-such-model", "sandbox:cost 300"]) {
      const model = content.startsWith("of ") ? content.slice(3) : "sandbox"
      const body = { model, messages: [{ role: "user", content }], max_tokens: 500 }
      statuses.push((await chat(url, token, body)).status)
    }
  await app.store.write(CTX, (tx) => {
    const owner = principal(developer.id)
    const terms = { type: "topup", bucket: "purchase", paid: true, key: "tests" } as const
    app.ledger.grantIn(tx, { owner: principal(person.id), mode: "test", amountNano: 9_000_000_000 as never, ...terms })
    app.ledger.sellIn(tx, {
      owner: principal(person.id),
      mode: "test",
      amountNano: 5_000_000_000 as never,
      seller: owner,
      commissionNano: 0 as never,
      key: "test-sale",
    })
  })
  const csrf = await csrfOf(world.server, agents.developer)
  await agents.developer.post(world.server.at(`/developer/apps/${client.publicId}/test-credits`), [["csrf", csrf]])
  await app.usage.flush()
  return statuses
}

test("every page and file says the same of live figures before and after a lot of test traffic", async () => {
  const { read } = world.server.app.store
  const today = dayOf(world.server.app.clock.now())
  // Its owner is told of it as of any key: what keeps an account safe knows no mode.
  const trial = { userId: world.person.id, name: "Trial", scopes: ["llm"], mode: "test" } as const
  const { secret: key } = await world.server.app.keys.create(CTX, trial)
  await world.server.app.outbox.flush()
  const before = await walk()
  expect(before.size).toBeGreaterThan(250)
  expect([...before.values()].filter((text) => text.startsWith("200 ")).length).toBeGreaterThan(220)
  const upstreams = () => [upstreamSpend(read, { firstDay: 0, today }), upstreamHealth(read, { sinceMs: 0 })]
  const spent = upstreams()
  const statuses = await testTraffic(key)
  expect([...new Set(statuses)].sort()).toEqual([200, 400, 404])
  const after = await walk()
  const changed = [...before.keys()].filter((path) => after.get(path) !== before.get(path))
  expect(Object.fromEntries(changed.map((path) => [path, after.get(path)]))).toEqual(
    Object.fromEntries(changed.map((path) => [path, before.get(path)])),
  )
  // What an upstream costs, and what its calls came to, are figures of live mode on a page that has others.
  expect(upstreams()).toEqual(spent)
  // They are somewhere: in test mode of the same pages.
  const shown = async (path: string) => plainText((await agents.developer.get(world.server.at(path))).text)
  expect(await shown("/developer?mode=test")).toContain("Trial")
  expect(await shown("/developer")).not.toContain("Trial")
  expect(await shown("/developer/analytics?mode=test")).toContain("sandbox")
  expect(await shown("/developer/payouts?mode=test")).toContain("from later days")
}, 120_000)
