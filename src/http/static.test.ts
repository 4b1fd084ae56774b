import { afterAll, describe, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { brotliDecompressSync } from "node:zlib"
import { chooseCoding } from "./encoding.ts"
import { loadAssets } from "./static.ts"

const folder = mkdtempSync(join(tmpdir(), "purser-static-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
mkdirSync(join(folder, "css"))
mkdirSync(join(folder, "fonts"))
mkdirSync(join(folder, "css/pages"))
for (const name of ["reset", "base", "ui", "frame", "pages/admin"])
  writeFileSync(join(folder, `css/${name}.css`), `.${name.replace("pages/", "")} {}\n`)
writeFileSync(join(folder, "css/tokens.css"), '/* fonts */\n@font-face {\n  src: url("../fonts/a.woff2");\n}\n')
writeFileSync(
  join(folder, "css/odd.css"),
  '@media (min-width: 1px) { a :hover, b + c { margin: calc(1px + 2px) auto; content: "a  b"; } }',
)
writeFileSync(join(folder, "fonts/a.woff2"), "wOF2 bytes")
writeFileSync(join(folder, "app.js"), "let a = 1\n".repeat(200))

const assets = loadAssets(folder)
const get = (path: string, headers: Record<string, string> = {}): Response => {
  const url = new URL(path, "http://localhost")
  const answer = assets.serve(new Request(url, { headers }), url.pathname)
  if (!answer) throw new Error(`no ${path}`)
  return answer
}

describe("coding", () => {
  const all = ["br", "gzip"] as const
  test.each([
    [null, "identity"],
    ["", "identity"],
    ["gzip, deflate, br, zstd", "br"],
    ["gzip", "gzip"],
    ["br;q=0.5, gzip;q=0.8", "gzip"],
    ["br;q=0, gzip", "gzip"],
    ["gzip;q=0, br;q=0", "identity"],
    ["*", "br"],
    ["br;q=0, *;q=0.3", "gzip"],
    ["identity;q=1, br;q=0.2", "identity"],
    ["identity;q=0.5, gzip;q=0.5", "gzip"],
    ["GZIP ; Q=1.0", "gzip"],
    ["br;q=2, gzip;q=nonsense", "identity"],
    ["brotli, xgzip", "identity"],
  ] as const)("%p is answered with %s", (header, coding) => {
    expect(chooseCoding(header, all)).toBe(coding)
  })
})

describe("assets", () => {
  test("every coding carries the same bytes and says which it is", async () => {
    await assets.compressed
    const plain = await get("/assets/app.js").text()
    const zipped = get("/assets/app.js", { "accept-encoding": "gzip" })
    const brotli = get("/assets/app.js", { "accept-encoding": "br, gzip" })
    expect(zipped.headers.get("content-encoding")).toBe("gzip")
    expect(brotli.headers.get("content-encoding")).toBe("br")
    expect(Buffer.from(Bun.gunzipSync(await zipped.bytes())).toString()).toBe(plain)
    expect(brotliDecompressSync(await brotli.bytes()).toString()).toBe(plain)
    expect(plain).toHaveLength(2_000)
    const tags = [get("/assets/app.js"), zipped, brotli].map((answer) => answer.headers.get("etag"))
    expect(new Set(tags).size).toBe(3)
    for (const answer of [zipped, brotli]) expect(answer.headers.get("vary")).toBe("accept-encoding")
  })

  test("only an address with the right fingerprint is kept for ever", () => {
    const cache = (path: string) => get(path).headers.get("cache-control")
    expect(cache(assets.url("app.js"))).toBe("public, max-age=31536000, immutable")
    expect(cache("/assets/app.js")).toBe("no-cache")
    expect(cache("/assets/app.js?v=0123456789")).toBe("no-cache")
  })

  test("another version has another address", () => {
    const before = assets.url("app.js")
    writeFileSync(join(folder, "app.js"), "let a = 2\n".repeat(200))
    expect(loadAssets(folder).url("app.js")).not.toBe(before)
  })

  test("a known version is not sent again", async () => {
    const etag = get("/assets/app.js").headers.get("etag")!
    const again = get("/assets/app.js", { "if-none-match": `"other", W/${etag}` })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe("")
    expect(get("/assets/app.js", { "if-none-match": '"other"' }).status).toBe(200)
  })

  test("style sheets are one file in order, and name their fonts by fingerprint", async () => {
    const css = await get("/assets/css/admin.css").text()
    const font = assets.url("fonts/a.woff2")
    expect(font).toMatch(/\?v=[0-9a-f]{10}$/)
    expect(css).toBe(`.reset{}@font-face{src:url("${font}")}.base{}.ui{}.frame{}.admin{}`)
  })

  test("packing keeps the spaces that mean something", async () => {
    const css = await get("/assets/css/odd.css").text()
    expect(css).toBe('@media (min-width:1px){a :hover,b + c{margin:calc(1px + 2px) auto;content:"a  b"}}')
  })

  test("fonts are sent as they are", () => {
    const answer = get("/assets/fonts/a.woff2", { "accept-encoding": "br, gzip" })
    expect(answer.headers.get("content-encoding")).toBeNull()
    expect(answer.headers.get("content-type")).toBe("font/woff2")
  })
})
