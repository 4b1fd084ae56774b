// Which answers are compressed, for whom, and which never are.
import { expect, test } from "bun:test"
import { brotliDecompressSync } from "node:zlib"
import { createKeyring } from "../app/index.ts"
import { packPage } from "./compress.ts"
import { createCookies } from "./cookies.ts"
import { createCsrf } from "./csrf.ts"
import { oneOrigin } from "./origins.ts"
import { createWeb } from "./web.ts"

const ORIGIN = "https://ai.example.com"
const asking = (accept: string | null, path = "/") =>
  new Request(`${ORIGIN}${path}`, { headers: accept === null ? {} : { "accept-encoding": accept } })
const LONG = `<p>${"credits ünd ".repeat(200)}</p>`

test("the coding is one that the browser reads, and the page comes out of it whole", () => {
  const gzip = packPage(asking("gzip, deflate, br, zstd"), LONG)
  expect(gzip.headers).toEqual({ "content-encoding": "gzip" })
  expect(new TextDecoder().decode(Bun.gunzipSync(gzip.body as Uint8Array<ArrayBuffer>))).toBe(LONG)
  expect(gzip.body.length).toBeLessThan(LONG.length / 4)
  const br = packPage(asking("br"), LONG)
  expect(br.headers).toEqual({ "content-encoding": "br" })
  expect(brotliDecompressSync(br.body as Uint8Array).toString()).toBe(LONG)
  for (const accept of [null, "", "identity", "deflate", "gzip;q=0", "*;q=0"])
    expect(packPage(asking(accept), LONG)).toEqual({ body: LONG, headers: {} })
})

test("what is short already stays as it is", () => {
  const short = "x".repeat(1_023)
  expect(packPage(asking("gzip"), short)).toEqual({ body: short, headers: {} })
  expect(packPage(asking("gzip"), `${short}x`).headers).toEqual({ "content-encoding": "gzip" })
})

const keyring = createKeyring(Buffer.alloc(32, 7))
const cookies = createCookies({ secure: true })
const csrf = createCsrf({ keyring, cookies, originOf: () => ORIGIN })
const web = createWeb({ cookies, csrf, keyring, origins: oneOrigin(ORIGIN), demo: false, nav: () => [] })

test("a page says that it depends on the coding, compressed or not", () => {
  for (const accept of ["gzip", null]) {
    const answer = web.page(asking(accept), undefined, () => LONG, { pack: true })
    expect(answer.headers.get("content-encoding")).toBe(accept)
    expect(answer.headers.get("vary")?.toLowerCase()).toContain("accept-encoding")
  }
})

test("only pages that say that they hold no secret are compressed; one that shows a secret is not, whatever it says", () => {
  expect(web.page(asking("gzip"), undefined, () => LONG).headers.get("content-encoding")).toBeNull()
  const browser = csrf.browser(new Request(ORIGIN)).setCookies[0]!.split(";")[0]!
  const visit = (path: string, ...more: string[]) =>
    new Request(`${ORIGIN}${path}`, {
      headers: { cookie: [browser, ...more].join("; "), "accept-encoding": "gzip" },
    })
  const once = web.backWithSecret(visit("/"), "/apps/1", "s3cret").headers.getSetCookie()[0]!.split(";")[0]!
  const request = visit("/apps/1", once)
  expect(web.takeSecret(request).secret).toBe("s3cret")
  expect(web.page(request, undefined, () => LONG, { pack: true }).headers.get("content-encoding")).toBeNull()
})
