// The pictures of links, as a chat fetches them: named in the head of the page, a PNG of that page's own words, kept, and bounded.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { BRAND } from "../../src/brand/index.ts"
import { CTX } from "../build.ts"
import { openRouteWorld, pathOf, type RouteWorld } from "../routes.ts"

let world: RouteWorld
beforeAll(async () => {
  world = await openRouteWorld()
}, 60_000)
afterAll(() => world?.server.close())

const read = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${world.server.url}${path}`, { redirect: "manual", headers })
const bytesOf = async (answer: Response) => new DataView(await answer.arrayBuffer())

test("the front page, a page of the documentation, an app and an API each name their own", async () => {
  const pictures = new Set<string>()
  const pages = [
    "/",
    "/docs/how-to/install",
    pathOf(world, "/directory/:listing"),
    pathOf(world, "/marketplace/:product"),
  ]
  for (const path of pages) {
    const html = await (await read(path)).text()
    const at = /property="og:image" content="([^"]+)"/.exec(html)?.[1] ?? ""
    expect([path, new URL(at).pathname]).toEqual([path, path === "/" ? "/cards/home" : `/cards${path}`])
    const answer = await read(new URL(at).pathname)
    expect([path, answer.status, answer.headers.get("content-type")]).toEqual([path, 200, "image/png"])
    expect(answer.headers.get("cache-control")).toBe("public, max-age=3600")
    const again = await read(new URL(at).pathname, { "if-none-match": answer.headers.get("etag")! })
    expect([path, again.status]).toEqual([path, 304])
    const png = await bytesOf(answer)
    expect([path, png.getUint32(16), png.getUint32(20)]).toEqual([path, 1200, 630])
    pictures.add(answer.headers.get("etag")!)
  }
  expect(pictures.size).toBe(4)
  // What has none of its own shows the house.
  expect(await (await read("/pricing")).text()).toMatch(/property="og:image" content="[^"]+\/cards\/home"/)
  for (const path of ["/cards/docs/how-to/nothing", "/cards/directory/nothing", "/cards/marketplace/nothing"])
    expect([path, (await read(path)).status]).toEqual([path, 404])
})

test("other words are another picture; what nobody may see has none", async () => {
  const path = pathOf(world, "/cards/marketplace/:product")
  const before = (await read("/cards/home")).headers.get("etag")
  await world.server.app.store.write(CTX, (tx) =>
    world.server.app.settings.setIn(tx, BRAND.claim, { value: "Another claim" }),
  )
  expect((await read("/cards/home")).headers.get("etag")).not.toBe(before)
  await world.server.app.store.write(CTX, (tx) => void tx.run("UPDATE market_products SET state = 'draft'"))
  expect((await read(path)).status).toBe(404)
})

test("many at once get the picture of all pages, and those that were drawn still come", async () => {
  const found = new Set<number>()
  const sitemap = await (await read("/sitemap.xml")).text()
  const paths = [...sitemap.matchAll(/<loc>[^<]*?(\/docs\/[\w-]+\/[\w-]+)<\/loc>/g)].map(([, path]) => `/cards${path}`)
  expect(paths.length).toBeGreaterThan(70)
  for (const path of paths) found.add((await read(path)).status)
  expect([...found].toSorted()).toEqual([200, 302])
  expect((await read(paths[0]!)).status).toBe(200)
  expect((await read(paths.at(-1)!)).headers.get("location")).toContain("images/share")
}, 60_000)
