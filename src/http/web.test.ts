// Secrets that are shown once: each on the page it was made for, in the browser that asked, whatever other tabs do.
import { expect, test } from "bun:test"
import { createKeyring } from "../app/index.ts"
import { createCookies } from "./cookies.ts"
import { createCsrf } from "./csrf.ts"
import { oneOrigin } from "./origins.ts"
import { createWeb } from "./web.ts"

const ORIGIN = "https://ai.example.com"

test("two tabs that make a secret at once both see their own, once", () => {
  const keyring = createKeyring(Buffer.alloc(32, 7))
  const cookies = createCookies({ secure: true })
  const csrf = createCsrf({ keyring, cookies, originOf: () => ORIGIN })
  const web = createWeb({ cookies, csrf, keyring, origins: oneOrigin(ORIGIN), demo: false, nav: () => [] })
  const browser = csrf.browser(new Request(ORIGIN)).setCookies[0]!.split(";")[0]!
  const visit = (path: string, ...more: string[]) =>
    new Request(`${ORIGIN}${path}`, { headers: { cookie: [browser, ...more].join("; ") } })
  const [one, two] = ["/apps/1", "/apps/2"].map(
    (path) => web.backWithSecret(visit("/"), path, `secret of ${path}`).headers.getSetCookie()[0]!.split(";")[0]!,
  )
  for (const path of ["/apps/1", "/apps/2"]) {
    const { secret, forget } = web.takeSecret(visit(path, one!, two!))
    expect(secret).toBe(`secret of ${path}`)
    expect(forget).toStartWith(`${(path === "/apps/1" ? one! : two!).split("=")[0]}=;`)
  }
  expect(web.takeSecret(visit("/apps/3", one!, two!))).toEqual({ secret: undefined, forget: null })
  const other = csrf.browser(new Request(ORIGIN)).setCookies[0]!.split(";")[0]!
  const elsewhere = new Request(`${ORIGIN}/apps/1`, { headers: { cookie: `${other}; ${one}` } })
  expect(web.takeSecret(elsewhere).secret).toBeUndefined()
})
