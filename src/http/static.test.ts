import { afterAll, describe, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { brotliDecompressSync } from "node:zlib"
import { chooseCoding } from "./encoding.ts"
import { loadAssets } from "./static.ts"

const folder = mkdtempSync(join(tmpdir(), "purser-static-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
for (const name of ["css/ui", "css/frame", "css/pages/admin", "css/pages/public", "fonts", "js/core", "vendor"])
  mkdirSync(join(folder, name), { recursive: true })
for (const name of ["reset", "base", "ui/two", "ui/one", "frame/bar", "pages/admin/books"])
  writeFileSync(join(folder, `css/${name}.css`), `.${name.split("/").at(-1)} {\n  color: red;\n}\n`)
writeFileSync(join(folder, "css/tokens.css"), '/* fonts */\n@font-face {\n  src: url("../fonts/a.woff2");\n}\n')
writeFileSync(
  join(folder, "css/pages/public/odd.css"),
  '@media (min-width: 1px) { a :hover, b + c { margin: calc(1px + 2px) auto; content: "a  b"; } }',
)
writeFileSync(join(folder, "fonts/a.woff2"), "wOF2 bytes")
const numbers = (first: number) => `export const list = [${Array.from({ length: 500 }, (_, index) => first + index)}]\n`
writeFileSync(join(folder, "app.js"), numbers(1))
writeFileSync(
  join(folder, "js/core/a.js"),
  '// Says it.\nimport { longName } from "./b.js"\n\ndocument.title = longName(1)\n',
)
writeFileSync(
  join(folder, "js/core/b.js"),
  "/** Adds. */\nexport function longName(argument) {\n  return argument + 1\n}\n",
)
writeFileSync(join(folder, "vendor/other.js"), "let  theirs = 1 // as it came\n")

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
    await assets.compress()
    const plain = await get("/assets/app.js").text()
    const zipped = get("/assets/app.js", { "accept-encoding": "gzip" })
    const brotli = get("/assets/app.js", { "accept-encoding": "br, gzip" })
    expect(zipped.headers.get("content-encoding")).toBe("gzip")
    expect(brotli.headers.get("content-encoding")).toBe("br")
    expect(Buffer.from(Bun.gunzipSync(await zipped.bytes())).toString()).toBe(plain)
    expect(brotliDecompressSync(await brotli.bytes()).toString()).toBe(plain)
    expect(plain.length).toBeGreaterThan(1_500)
    const tags = [get("/assets/app.js"), zipped, brotli].map((answer) => answer.headers.get("etag"))
    expect(new Set(tags).size).toBe(3)
    for (const answer of [zipped, brotli]) expect(answer.headers.get("vary")).toBe("accept-encoding")
  })

  test("who first asks for brotli gets gzip, and the next gets brotli; who did not ask changes nothing", async () => {
    const fresh = loadAssets(folder)
    const codingOf = (header: string) => {
      const { headers } = fresh.serve(
        new Request("http://localhost/assets/app.js", { headers: { "accept-encoding": header } }),
        "/assets/app.js",
      )!
      return headers.get("content-encoding")
    }
    expect([codingOf("gzip"), codingOf("br, gzip"), codingOf("br")]).toEqual(["gzip", "gzip", null])
    while (codingOf("br") === null) await Bun.sleep(1)
    expect([codingOf("br, gzip"), codingOf("gzip"), codingOf("")]).toEqual(["br", "gzip", null])
  })

  test("only an address with the right fingerprint is kept for ever", () => {
    const cache = (path: string) => get(path).headers.get("cache-control")
    expect(cache(assets.url("app.js"))).toBe("public, max-age=31536000, immutable")
    expect(cache("/assets/app.js")).toBe("no-cache")
    expect(cache("/assets/app.js?v=0123456789")).toBe("no-cache")
  })

  test("another version has another address", () => {
    const before = assets.url("app.js")
    writeFileSync(join(folder, "app.js"), numbers(2))
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
    const rules = (...names: string[]) => names.map((name) => `.${name}{color:red}`).join("")
    expect(css).toBe(`${rules("reset")}@font-face{src:url("${font}")}${rules("base", "one", "two", "bar", "books")}`)
  })

  test("packing keeps the spaces that mean something", async () => {
    const css = await get("/assets/css/public.css").text()
    expect(css).toEndWith('@media (min-width:1px){a :hover,b + c{margin:calc(1px + 2px) auto;content:"a  b"}}')
  })

  test("modules are one small script in the order of their imports; others' scripts stay as they are", async () => {
    const core = await get("/assets/js/core.js").text()
    expect(core).not.toMatch(/import|export|longName|Says/)
    const document = { title: 0 }
    new Function("document", core)(document)
    expect(document.title).toBe(2)
    expect(await get("/assets/vendor/other.js").text()).toBe("let  theirs = 1 // as it came\n")
    expect(assets.serve(new Request("http://localhost"), "/assets/js/core/a.js")).toBeNull()
  })

  test("fonts are sent as they are", () => {
    const answer = get("/assets/fonts/a.woff2", { "accept-encoding": "br, gzip" })
    expect(answer.headers.get("content-encoding")).toBeNull()
    expect(answer.headers.get("content-type")).toBe("font/woff2")
  })
})
