// The marketplace over HTTP, as strangers and signed-in people see it.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { publishWeather, type WeatherProduct } from "../../src/cli/demo/weather/product.ts"
import { startWeather, type WeatherServer } from "../../src/cli/demo/weather/upstream.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let weather: WeatherServer
let made: WeatherProduct
let publisher: User
let agent: WebAgent

beforeAll(async () => {
  weather = startWeather()
  server = await startTestServer({ env: { PURSER_PRODUCT_NETWORKS: "127.0.0.0/8" } })
  publisher = await makeDeveloper(server.app, { name: "Linus" })
  const reader = await makeUser(server.app, { name: "Ada" })
  made = await publishWeather(server.app, CTX, { ownerId: publisher.id, upstreamUrl: `${weather.url}/v1` })
  agent = await signedIn(server, reader.email)
})
afterAll(async () => {
  await server.close()
  weather.stop()
})

const get = async (path: string) => {
  const response = await fetch(server.at(path))
  return { status: response.status, text: await response.text(), headers: response.headers }
}

test("strangers find it, and read all that is written about it", async () => {
  const found = await get("/marketplace?q=forec")
  expect(found.text).toContain('href="/marketplace/weather"')
  expect(found.text).toContain("Free, or from $9.99 a month")
  expect((await get("/marketplace?q=nothing-like-it")).text).toContain("Nothing for")
  const plans = await get("/marketplace/weather")
  for (const words of ["Subscribe to Pro", "1,000 units a month", "$0.002 a unit, at most $20.00 a cycle", "Stations"])
    expect(plans.text).toContain(words === "Stations" ? "stations that never sleep" : words)
  const docs = await get("/marketplace/weather/docs")
  for (const words of [
    "Authorization: Bearer YOUR_KEY",
    "?api_key=YOUR_KEY",
    "/m/paper-boat/weather",
    "Get historical data",
  ])
    expect(docs.text).toContain(words)
  expect((await get("/marketplace/weather/changelog")).text).toContain("Forecasts for 14 days")
  const support = await get("/marketplace/weather/support")
  expect(support.text).toContain("mailto:weather@example.com")
  expect(support.text).toContain("How fresh is the weather?")
  expect((await get("/marketplace/weather/reviews")).text).toContain("No review yet")
  const guide = server.app.marketplace.catalog.guidesOf(server.app.marketplace.catalog.productBySlug("weather")!.id)[0]!
  expect((await get(`/marketplace/weather/guides/${guide.publicId}`)).text).toContain("São Paulo")
})

test("an endpoint reads by the template, its samples too; Try-it shows the stored answer to strangers", async () => {
  const path = `/marketplace/weather/docs/${made.endpoints.historical}`
  const page = await get(path)
  for (const words of [
    "Pro and above",
    "Path parameters",
    "Query parameters",
    "2025-01-31",
    "A call uses 10 units",
    "requests.request(",
    "CURLOPT_HTTPHEADER",
    "Sign in and subscribe",
  ])
    expect(page.text).toContain(words)
  const shown = await agent.get(server.at(path))
  const answer = await agent.submit(shown, path, {})
  expect(answer.text).toContain("Example, no call was made")
  expect(answer.text).toContain("21.5")
})

test("what is not there, or not shown, is not found", async () => {
  for (const path of ["/marketplace/nothing", "/marketplace/weather/docs/epd_none", "/marketplace/weather/guides/x"])
    expect([path, (await get(path)).status]).toEqual([path, 404])
  const mine = { ownerId: publisher.id, productPublicId: made.productPublicId }
  const { catalog } = server.app.marketplace
  await server.app.store.write(CTX, (tx) => catalog.unpublishIn(tx, mine))
  expect((await get("/marketplace/weather")).status).toBe(404)
  expect((await get("/marketplace?q=weather")).text).not.toContain('href="/marketplace/weather"')
  const owner = await signedIn(server, publisher.email)
  expect((await owner.get(server.at("/marketplace/weather"))).text).toContain("not offered any more")
  await server.app.store.write(CTX, (tx) => catalog.publishIn(tx, mine))
  expect((await get("/marketplace/weather")).status).toBe(200)
})

test("a collection for Postman has a request an endpoint, with the key as a variable", async () => {
  const file = await get("/marketplace/weather/postman.json")
  expect(file.headers.get("content-disposition")).toContain("weather.postman_collection.json")
  const collection = JSON.parse(file.text)
  expect(collection.info.schema).toEndWith("/v2.1.0/collection.json")
  expect(collection.auth.bearer[0].value).toBe("{{apiKey}}")
  expect(collection.item).toHaveLength(3)
  expect(collection.item[2].request.url).toMatchObject({
    raw: "{{baseUrl}}/historical/:city?date=2025-01-31&units=metric",
    path: ["historical", ":city"],
    variable: [{ key: "city", value: "London" }],
  })
  expect(file.text).not.toContain("signing")
})
