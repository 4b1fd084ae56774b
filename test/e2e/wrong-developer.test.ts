// Another developer, signed in and with an app and keys of their own, at every page, form and API route that is about a developer's things; and every
// kind of key at the API of apps. What is not theirs is not there, also beneath an app that is.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { mintSecret } from "../../src/app/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { ALL_PAGES } from "../../src/sites/public/index.ts"
import { csrfOf, signedIn } from "../browser/house.ts"
import { CTX, makeClient, makeDeveloper, mintTokens } from "../build.ts"
import { openRouteWorld, pathOf, type RouteWorld } from "../routes.ts"

let world: RouteWorld
let other: User
let agent: WebAgent
/** Theirs. */
let ownApp: string
let manageKey: string
beforeAll(async () => {
  world = await openRouteWorld()
  const { app } = world.server
  other = await makeDeveloper(app)
  ownApp = (await makeClient(app, { ownerId: other.id })).client.publicId
  manageKey = (await app.keys.create(CTX, { userId: other.id, name: "M", scopes: ["manage"] })).secret
  agent = await signedIn(world.server, other.email)
}, 60_000)
afterAll(() => world?.server.close())

const OF_DEVELOPERS = /^\/(developer|publisher)\//
const routes = (method: string) =>
  world.server.routes
    .filter((route) => route.startsWith(`${method} `))
    .map((route) => route.slice(method.length + 1))
    .filter((pattern) => OF_DEVELOPERS.test(pattern) && pattern.includes(":"))
/** About no one's thing: a month, a step of a form. */
const OF_NOBODY = /^:(period|kind)$/
const namesThings = (pattern: string) =>
  pattern.split("/").some((part) => part.startsWith(":") && !OF_NOBODY.test(part))
/** Beneath an app of theirs, where another thing is named as well. */
const beneath = (pattern: string) =>
  pattern.includes("/:app/") && namesThings(pattern.replace(":app", ""))
    ? [pathOf(world, pattern.replace(":app", ownApp))]
    : []

test("every page of another's app, API, payout, document and endpoint is not there, nor beneath an app of their own", async () => {
  const pages = ALL_PAGES.filter(
    ({ path, kind }) => OF_DEVELOPERS.test(path) && namesThings(path) && (kind as string) !== "stream",
  )
  expect(pages.length).toBeGreaterThan(30)
  for (const { path: pattern } of pages)
    for (const path of [pathOf(world, pattern), ...beneath(pattern)]) {
      const answer = await agent.get(`${world.server.url}${path}`)
      expect({ path, status: answer.status }).toEqual({ path, status: 404 })
    }
}, 60_000)

const snapshot = () => {
  const { oauth, appKeys, payouts, webhooks } = world.server.app
  const client = oauth.clientByPublicId(world.clientId)!
  return JSON.stringify([
    client,
    oauth.secretsOf(client.id),
    appKeys.of(client.id),
    webhooks.of({ userId: world.developer.id, client }),
    payouts.ordersOf(world.developer.id),
    payouts.documentsOf(world.developer.id),
    payouts.methodOf(world.developer.id),
  ])
}

test("no form of them does anything", async () => {
  const csrf = await csrfOf(world.server, agent)
  const before = snapshot()
  const forms = routes("POST").filter(namesThings)
  expect(forms.length).toBeGreaterThan(25)
  for (const pattern of forms)
    for (const path of [pathOf(world, pattern), ...beneath(pattern)]) {
      const fields = ["reason", "name", "amount", "kind", "url"].map((name): [string, string] => [name, "10"])
      const answer = await agent.post(`${world.server.url}${path}`, [["csrf", csrf], ...fields])
      expect({ path, status: answer.status }).toEqual({ path, status: 404 })
    }
  expect(snapshot()).toBe(before)
}, 60_000)

interface Operation {
  tags: string[]
  security: Record<string, string[]>[]
}
const documented = async () =>
  (
    (await (await fetch(`${world.server.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, Operation>>
    }
  ).paths

test("no route of /api/v1 that names something knows it by another developer's key", async () => {
  const paths = Object.entries(await documented()).filter(([path]) =>
    /^\/api\/v1\/(developer|webhooks)\/.*\{/.test(path),
  )
  expect(paths.length).toBeGreaterThan(5)
  for (const [path, methods] of paths)
    for (const method of Object.keys(methods)) {
      const where = pathOf(world, path.replace(/\{(\w+)\}/g, ":$1"))
      const headers = { authorization: `Bearer ${manageKey}`, "content-type": "application/json" }
      const body = method === "get" || method === "delete" ? {} : { body: "{}" }
      const answer = await fetch(`${world.server.url}${where}`, { method: method.toUpperCase(), headers, ...body })
      expect({ path, method, status: answer.status }).toEqual({ path, method, status: 404 })
    }
})

test("the API of apps is opened by a secret key of the app alone, for what it may, in its own mode", async () => {
  const { app } = world.server
  const client = app.oauth.clientByPublicId(world.clientId)!
  const made = (ownerId: User["id"], clientPublicId: string, scopes: string[]) =>
    app.appKeys.create(CTX, { ownerId, clientPublicId, name: "S", scopes })
  const all = ["users", "usage", "revenue"]
  const right = (await made(world.developer.id, world.clientId, all)).secret
  const theirs = (await made(other.id, ownApp, all)).secret
  const test = (await makeClient(app, { ownerId: world.developer.id, mode: "test" })).client
  const testKey = (await made(world.developer.id, test.publicId, all)).secret
  const { secret } = await app.store.write(CTX, (tx) =>
    app.oauth.addSecretIn(tx, { ownerId: world.developer.id, clientPublicId: world.clientId, name: "x" } as never),
  )
  const token = (await mintTokens(app, { user: world.person, client, secret })).accessToken
  const own = async (mode: "live" | "test") =>
    (await app.keys.create(CTX, { userId: world.developer.id, name: "O", mode, scopes: ["manage", "llm"] })).secret
  const notOpening = {
    "a client secret": secret,
    "a token of a person": token,
    "a key of its developer": await own("live"),
    "a test key of its developer": await own("test"),
    "a key of an API": mintSecret("api", "live"),
    "a key that was never made": mintSecret("app", "live"),
    "a webhook secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  }
  const asked = Object.keys(await documented()).filter((path) => path.startsWith("/v1/app/"))
  expect(asked).toHaveLength(4)
  for (const path of asked) {
    const where = `${world.server.url}${path.replace("{user}", world.person.publicId)}`
    const status = async (bearer: string, more: Record<string, string> = {}) =>
      (await fetch(where, { headers: { authorization: `Bearer ${bearer}`, ...more } })).status
    expect([path, await status(right)]).toEqual([path, 200])
    for (const [what, bearer] of Object.entries(notOpening))
      expect([path, what, await status(bearer)]).toEqual([path, what, 401])
    // Another app, live or test, hears of its own people alone.
    const isOne = path.includes("{user}")
    for (const bearer of [theirs, testKey]) {
      const answer = await fetch(where, { headers: { authorization: `Bearer ${bearer}` } })
      const text = await answer.text()
      expect([path, answer.status, text.includes(world.person.publicId) && !isOne]).toEqual([
        path,
        isOne ? 404 : 200,
        false,
      ])
      expect([path, await status(bearer, { "x-client-id": world.clientId })]).toEqual([path, 401])
    }
    const needed = path.includes("/users") ? "users" : path.endsWith("/usage") ? "usage" : "revenue"
    for (const one of [...all, "metering", "credits"]) {
      const narrow = (await made(world.developer.id, world.clientId, [one])).secret
      expect([path, one, await status(narrow)]).toEqual([path, one, one === needed ? 200 : 403])
      for (const { publicId } of app.appKeys.of(client.id).slice(0, 1))
        await app.store.write(CTX, (tx) =>
          app.appKeys.revokeIn(tx, {
            ownerId: world.developer.id,
            clientPublicId: world.clientId,
            keyPublicId: publicId,
          }),
        )
    }
  }
}, 30_000)
