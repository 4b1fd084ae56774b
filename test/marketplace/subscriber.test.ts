// What a subscriber does over HTTP: subscribes, calls with the key and with Try-it, looks at use and calls, turns keys, reviews.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import { publishWeather, type WeatherProduct } from "../../src/cli/demo/weather/product.ts"
import { startWeather, type WeatherServer } from "../../src/cli/demo/weather/upstream.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeDeveloper, makeUser, PASSWORD, startTestServer, type TestServer } from "../build.ts"
import { addSign } from "../market-world.ts"

const HOME = "/marketplace/weather"
let server: TestServer
let weather: WeatherServer
let made: WeatherProduct
let reader: User
let agent: WebAgent
let stranger: WebAgent
let admin: WebAgent
let key = ""

beforeAll(async () => {
  weather = startWeather()
  server = await startTestServer({ env: { PURSER_PRODUCT_NETWORKS: "127.0.0.0/8" } })
  const publisher = await makeDeveloper(server.app, { name: "Linus" })
  reader = await makeUser(server.app, { name: "Ada" })
  const other = await makeUser(server.app, { name: "Eve" })
  made = await publishWeather(server.app, CTX, { ownerId: publisher.id, upstreamUrl: `${weather.url}/v1` })
  agent = await signedIn(server, reader.email)
  stranger = await signedIn(server, other.email)
  admin = await signedIn(server, (await makeUser(server.app, { name: "Boss", isAdmin: true })).email)
})
afterAll(async () => {
  await server.close()
  weather.stop()
})

const open = (path: string) => agent.get(server.at(path))
const call = (path: string, secret = key) =>
  fetch(`${server.at("/m/paper-boat/weather")}${path}`, { headers: { authorization: `Bearer ${secret}` } })
const secretIn = (text: string): string => /id="new-key">([^<]+)</.exec(text)?.[1] ?? ""

test("a first key is not made for who finds the browser open: subscribing asks who is there, like every key", async () => {
  const { subscriptions } = server.app.marketplace
  const late = await makeUser(server.app, { name: "Late" })
  const browser = await signedIn(server, late.email)
  const ask = await browser.get(server.at(`${HOME}/subscribe?plan=${made.plans.Free}`))
  await server.app.store.write(CTX, (tx) => tx.run("UPDATE sessions SET proved_ms = 1 WHERE user_id = ?", late.id))
  const asked = await browser.submit(ask, `${HOME}/subscribe`, {})
  expect(new URL(asked.url).pathname).toBe("/confirm")
  expect(subscriptions.ofUser(late.id)).toEqual([])
  const again = await browser.submit(asked, "/confirm", { password: PASSWORD })
  const page = await browser.submit(again, `${HOME}/subscribe`)
  expect(secretIn(page.text)).toStartWith("api_live_")
})

test("subscribing shows the first key once, with a call that works as it stands", async () => {
  const plans = await open(HOME)
  expect(plans.text).toContain("Subscribe to Free")
  const ask = await open(`${HOME}/subscribe?plan=${made.plans.Free}`)
  expect(ask.text).toContain("It costs nothing.")
  const page = await agent.submit(ask, `${HOME}/subscribe`, {})
  key = secretIn(page.text)
  expect(key).toStartWith("api_live_")
  expect(page.text.split(key).length).toBeGreaterThan(2)
  expect((await open(new URL(page.url).pathname)).text).not.toContain(key)
  const answer = await call("/current/London?units=metric")
  expect([answer.status, ((await answer.json()) as { city: string }).city]).toEqual([200, "London"])
  const again = await open(HOME)
  expect(again.text).toContain("Your plan: Free")
  expect(again.text).toContain("Change to Pro")
})

test("Try-it goes the same road as a program's call, as the person's key", async () => {
  const path = `${HOME}/docs/${made.endpoints.current}`
  const answer = await agent.submit(await open(path), path, { "p-0": "São Paulo", "p-1": "imperial" })
  expect(answer.text).toContain("São Paulo")
  expect(answer.text).toContain("x-quota-remaining")
  expect(answer.text).not.toContain(key)
  const wrong = await agent.submit(await open(path), path, { "p-0": "" })
  expect([wrong.status, wrong.text.includes("Enter city.")]).toEqual([422, true])
  const locked = await open(`${HOME}/docs/${made.endpoints.forecast}`)
  expect(locked.text).toContain("Pro and above: not in your plan")
  expect((await call("/forecast/London")).status).toBe(403)
})

test("usage, calls and the glance at the bill say what happened", async () => {
  await server.app.marketplace.calls.flush()
  const usage = await open(`${HOME}/usage?range=7d`)
  expect(usage.text).toContain("2 of 100 units")
  expect(usage.text).toContain("Your plan has none: above the quota, calls are refused.")
  const calls = await open(`${HOME}/calls`)
  expect(calls.text).toContain("/current/")
  const failed = await open(`${HOME}/calls?only=errors`)
  expect(failed.text).toMatch(/403/)
  const one = /\/calls\/(req_\w+)/.exec(calls.text)![1]!
  expect((await open(`${HOME}/calls/${one}`)).text).toContain("Units of quota")
  expect((await open(`${HOME}/billing`)).text).toContain("Free")
  expect((await open(`${HOME}/usage?range=custom&from=x&to=y`)).text).toContain("Enter days such as")
})

test("keys are made, changed, rotated and revoked; what was used stays", async () => {
  const page = await agent.submit(await open(`${HOME}/keys`), `${HOME}/keys`, {
    name: "Laptop",
    mode: "live",
    access: "read",
    allowed_ips: "127.0.0.1\n::1",
  })
  const secret = secretIn(page.text)
  const path = new URL(page.url).pathname
  expect((await call("/current/Oslo", secret)).status).toBe(200)
  const wrong = await agent.submit(await open(path), path, { name: "Laptop", allowed_ips: "not an address" })
  expect(wrong.status).toBe(422)
  await agent.submit(await open(path), path, { name: "Laptop", allowed_ips: "203.0.113.7" })
  expect((await call("/current/Oslo", secret)).status).toBe(403)
  await agent.submit(await open(path), path, { name: "Laptop", allowed_ips: "" })
  const rotated = await agent.submit(await open(`${path}/secret`), `${path}/secret`, { keep: "day" })
  const next = secretIn(rotated.text)
  expect([(await call("/current/Oslo", secret)).status, (await call("/current/Oslo", next)).status]).toEqual([200, 200])
  await agent.submit(await open(`${path}/revocation`), `${path}/revocation`, {})
  expect((await call("/current/Oslo", next)).status).toBe(401)
  expect((await open(`${HOME}/usage`)).text).toContain("5 of 100 units")
})

test("another person sees nothing of it", async () => {
  const id = server.app.marketplace.calls.keysOf(1)[0]!.publicId
  const paths = ["usage", "keys", `keys/${id}`, `keys/${id}/secret`, "calls", "billing"].map((one) => `${HOME}/${one}`)
  for (const path of paths) expect([path, (await stranger.get(server.at(path))).status]).toEqual([path, 404])
  for (const path of paths)
    expect([path, (await fetch(server.at(path), { redirect: "manual" })).status]).toEqual([path, 303])
})

test("a subscriber reviews, and somebody else reports it", async () => {
  const page = await agent.submit(await open(`${HOME}/reviews`), `${HOME}/reviews`, {
    stars: "4",
    title: "<b>Right",
    text: "Always",
  })
  expect(plainText(page.text)).toContain("<b>Right")
  expect((await stranger.get(server.at(`${HOME}/reviews`))).text).not.toContain('name="stars"')
  const review = server.app.marketplace.showcase.reviewsOf(
    server.app.marketplace.catalog.productBySlug("weather")!.id,
    null,
  )[0]!
  const report = `${HOME}/reviews/${review.publicId}/report`
  await stranger.submit(await stranger.get(server.at(report)), report, { reason: "Spam" })
  expect(server.app.marketplace.showcase.reported()[0]!.reports[0]!.reason).toBe("Spam")
  const removal = `${HOME}/reviews/${review.publicId}/removal`
  expect((await stranger.get(server.at(removal))).status).toBe(200)
  expect((await stranger.submit(await stranger.get(server.at(removal)), removal, {})).text).toContain("no such review")
})

test("an admin reads the report, takes the review down, and its author reads why", async () => {
  const { showcase } = server.app.marketplace
  const { publicId } = showcase.reported()[0]!
  const queue = await admin.get(server.at("/admin/reviews"))
  expect([plainText(queue.text).includes("<b>Right"), queue.text.includes("Spam")]).toEqual([true, true])
  expect((await admin.get(server.at("/admin"))).text).toContain("Reviews of APIs that people reported")
  const path = `/admin/reviews/${publicId}/hiding`
  expect((await stranger.get(server.at(path))).status).toBe(404)
  const done = await admin.submit(await admin.get(server.at(path)), path, { reason: "It insults <people>" })
  expect(plainText(done.text)).toContain("Nothing waits for you")
  expect(plainText((await open(`${HOME}/reviews`)).text)).toContain("An admin took it down: It insults <people>")
  expect((await stranger.get(server.at(`${HOME}/reviews`))).text).not.toContain("Right")
  const keeping = `/admin/reviews/${publicId}/keeping`
  await admin.submit(await admin.get(server.at(keeping)), keeping, { reason: "Looked again" })
  expect((await stranger.get(server.at(`${HOME}/reviews`))).text).toContain("Right")
  const acts = server.app.store.read.all<{ action: string; reason: string }>(
    "SELECT action, reason FROM audit_log WHERE subject = ? AND action IN ('review.hidden', 'review.kept') ORDER BY id",
    publicId,
  )
  expect(acts).toEqual([
    { action: "review.hidden", reason: "It insults <people>" },
    { action: "review.kept", reason: "Looked again" },
  ])
})

test("an admin closes a sign of unusual use with a note, of its product alone", async () => {
  const { calls, catalog } = server.app.marketplace
  const product = catalog.productBySlug("weather")!
  const sign = await server.app.store.write(CTX, (tx) => addSign(tx, product.id, 1))
  const list = await admin.get(server.at("/admin/products"))
  expect(plainText(list.text)).toContain("One key was used from 41 networks in an hour")
  const path = `/admin/products/${product.publicId}/signs/${sign}/closing`
  expect((await admin.get(server.at(path.replace(`/${sign}/`, "/99/")))).status).toBe(404)
  const page = await admin.submit(await admin.get(server.at(path)), path, { reason: "Their own servers" })
  expect(plainText(page.text)).toContain("Their own servers")
  expect(calls.signalById(sign)).toMatchObject({ note: "Their own servers" })
  expect((await admin.get(server.at("/admin/products"))).text).not.toContain("41 networks")
})

test("mails about changes can be had", async () => {
  const page = await agent.submit(await open(`${HOME}/changelog`), `${HOME}/changelog`, {})
  expect(page.text).toContain("Stop mails about changes")
})

test("OpenAPI is a file that says where it is called", async () => {
  const response = await fetch(server.at(`${HOME}/openapi.json`))
  const document = (await response.json()) as { openapi: string; servers: { url: string }[] }
  expect(document.openapi).toStartWith("3.1")
  expect(document.servers[0]!.url).toEndWith("/m/paper-boat/weather")
})
