// sdk.js as it is handed out: built of its sources, small, without anything beside it, the same for ever under its version, open to every
// origin; and what is said of it where people copy it.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { createHash } from "node:crypto"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { $ } from "bun"
import { buildSdk } from "../../sdk/build.ts"
import { version } from "../../sdk/package.json"
import { brotliBytesOf, startTestServer, type TestServer } from "../build.ts"

const ROOT = join(import.meta.dir, "../..")
const FILES = ["sdk.d.ts", "sdk.js", "sdk.js.map"] as const
/** Compressed, as browsers fetch it. */
const BYTES_MAX = 10_000
/** Hashes of what was released: whoever imports a version by its hash must get these bytes. */
const RELEASED: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(ROOT, "sdk/releases.json"), "utf8"))

const textOf = (release: string, file: string): string => readFileSync(join(ROOT, "public/sdk", release, file), "utf8")
const hashOf = (text: string): string => `sha384-${createHash("sha384").update(text).digest("base64")}`

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server?.close())

test("what is served is built of the sources: after a change, a new version and `bun sdk/build.ts`", async () => {
  const built = await buildSdk()
  for (const file of FILES) expect([file, textOf(version, file) === built[file]]).toEqual([file, true])
})

test("each version has the hash that it was released with, and none is gone", () => {
  const versions = readdirSync(join(ROOT, "public/sdk")).toSorted()
  expect(versions).toEqual(Object.keys(RELEASED).toSorted())
  for (const release of versions) expect(hashOf(textOf(release, "sdk.js"))).toBe(RELEASED[release]!)
})

test("under 10 kB compressed, in one file, with its sources in the map", async () => {
  expect(await brotliBytesOf(`${server.url}/sdk.js`)).toBeLessThan(BYTES_MAX)
  const code = textOf(version, "sdk.js")
  expect(new Bun.Transpiler({ loader: "js" }).scanImports(code)).toEqual([])
  expect(code).not.toMatch(/\beval\(|new Function\(|innerHTML|https?:\/\/(?!\[)[a-z]/)
  const map = JSON.parse(textOf(version, "sdk.js.map")) as { sources: string[]; sourcesContent: string[] }
  const sources = readdirSync(join(ROOT, "sdk/src")).map((file) => `src/${file}`)
  expect(map.sources.filter((one) => one.startsWith("src/")).toSorted()).toEqual(sources.toSorted())
  expect(map.sourcesContent.length).toBe(map.sources.length)
})

test("every origin may import it; a version is kept for ever, the newest is asked for again", async () => {
  for (const [path, cached] of [
    ["/sdk.js", "no-cache"],
    [`/sdk/${version}/sdk.js`, "public, max-age=31536000, immutable"],
    [`/sdk/${version}/sdk.js.map`, "public, max-age=31536000, immutable"],
    ["/sdk.d.ts", "no-cache"],
  ] as const) {
    const answer = await fetch(`${server.url}${path}`, {
      // Brotli is made once somebody asked; meanwhile there is gzip, which is another file to a cache.
      headers: { origin: "https://app.example", "sec-fetch-site": "cross-site", "accept-encoding": "gzip" },
    })
    expect([path, answer.status, answer.headers.get("cache-control")]).toEqual([path, 200, cached])
    expect(answer.headers.get("access-control-allow-origin")).toBe("*")
    expect(answer.headers.get("cross-origin-resource-policy")).toBe("cross-origin")
    expect(answer.headers.get("set-cookie")).toBeNull()
    const file = path.endsWith(".ts") ? "sdk.d.ts" : path.endsWith(".map") ? "sdk.js.map" : "sdk.js"
    expect(await answer.text()).toBe(textOf(version, file))
    const again = await fetch(`${server.url}${path}`, {
      headers: { "accept-encoding": "gzip", "if-none-match": answer.headers.get("etag")! },
    })
    expect(again.status).toBe(304)
  }
  expect((await fetch(`${server.url}/sdk/9.9.9/sdk.js`)).status).toBe(404)
  expect((await fetch(`${server.url}/sdk/${version}/..%2f..%2fcss%2fauth.css`)).status).toBe(404)
})

test("the page about it names the version and the hash of this very server", () => {
  const page = readFileSync(join(ROOT, "docs/reference/sdk.md"), "utf8")
  expect(page).toContain(`https://ai.example.com/sdk/${version}/sdk.js`)
  expect(page).toContain(RELEASED[version]!)
})

test("the folder for npm packs the same code with types, map, words and licence, and nothing else", async () => {
  const folder = mkdtempSync(join(tmpdir(), "purser-sdk-"))
  try {
    await $`cp -r ${join(ROOT, "sdk")} ${join(ROOT, "LICENSE")} ${folder}`.quiet()
    await $`bun pm pack --destination ${folder}`.cwd(join(folder, "sdk")).quiet()
    await $`tar -xzf ${join(folder, `purser-sdk-${version}.tgz`)} -C ${folder}`.quiet()
    const packed = join(folder, "package")
    const files = [...new Bun.Glob("**/*").scanSync({ cwd: packed })].toSorted()
    expect(files).toEqual(["LICENSE", "README.md", "dist/sdk.d.ts", "dist/sdk.js", "dist/sdk.js.map", "package.json"])
    for (const file of FILES) {
      const bytes = readFileSync(join(packed, "dist", file), "utf8")
      expect([file, bytes === textOf(version, file)]).toEqual([file, true])
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
