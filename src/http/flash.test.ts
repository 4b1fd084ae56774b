// What is said after an act, and the way back it offers: only what this server said, to this browser, and the undo to this person.
import { expect, test } from "bun:test"
import type { Flash, Frame } from "../../views/layout/index.ts"
import { createKeyring } from "../app/index.ts"
import { createCookies } from "./cookies.ts"
import { createCsrf } from "./csrf.ts"
import { oneOrigin } from "./origins.ts"
import { createWeb } from "./web.ts"

const ORIGIN = "https://ai.example.com"
const keyring = createKeyring(Buffer.alloc(32, 7))
const cookies = createCookies({ secure: true })
const csrf = createCsrf({ keyring, cookies, originOf: () => ORIGIN })
const web = createWeb({ cookies, csrf, keyring, origins: oneOrigin(ORIGIN), demo: false, nav: () => [] })
const newBrowser = () => csrf.browser(new Request(ORIGIN)).setCookies[0]!.split(";")[0]!
const MINE = newBrowser()
const person = (id: string) => ({ id, name: null, email: "a@example.com", isDeveloper: false, isAdmin: false })
const visit = (...cookie: string[]) => new Request(`${ORIGIN}/apps`, { headers: { cookie: cookie.join("; ") } })

/** What the next page shows. */
function shown(flashCookie: string, browser = MINE, user?: string): Flash | undefined {
  let frame: Frame | undefined
  const answer = web.page(visit(browser, flashCookie), user ? person(user) : undefined, (given) => {
    frame = given
    return "<p>page</p>"
  })
  const forgets = answer.headers.getSetCookie().some((line) => line.startsWith("__Host-flash=;"))
  // What cannot even be decoded is no cookie.
  expect(forgets).toBe(!flashCookie.endsWith("%ff"))
  return frame!.flash
}
const said = (flash: Flash) =>
  web
    .back(visit(MINE), "/apps", flash)
    .headers.getSetCookie()
    .find((line) => line.startsWith("__Host-flash="))!
    .split(";")[0]!

const UNDO = { action: "/apps/con_1/limits", fields: { limit_llm: ["50"] }, for: "usr_1" }
const SAID: Flash = { kind: "ok", text: "Margin Notes may spend 77 credits a day.", undo: UNDO }

test("a flash comes to the next page of the browser, sealed, with its undo for the person who did it", () => {
  expect(decodeURIComponent(said(SAID))).not.toContain("Margin")
  expect(shown(said(SAID), MINE, "usr_1")).toEqual(SAID)
})

test("another person reads the line without the undo; another browser reads nothing", () => {
  expect(shown(said(SAID), MINE, "usr_2")).toEqual({ kind: "ok", text: SAID.text })
  expect(shown(said(SAID), MINE)).toEqual({ kind: "ok", text: SAID.text })
  expect(shown(said(SAID), newBrowser(), "usr_1")).toBeUndefined()
})

test("a flash that we did not say is not shown", () => {
  const plain = encodeURIComponent(JSON.stringify(SAID))
  const sealedElsewhere = encodeURIComponent(keyring.seal("once", csrf.browser(visit(MINE)).id, JSON.stringify(SAID)))
  for (const forged of [plain, sealedElsewhere, "v1.x.y.z", "%ff", ""])
    expect({ forged, shown: shown(`__Host-flash=${forged}`, MINE, "usr_1") }).toEqual({ forged, shown: undefined })
})

test("an undo that no cookie can carry is left out, the line stays; a line is cut at 300 characters", () => {
  const large = { ...SAID, undo: { ...UNDO, fields: { redirect_uris: ["x".repeat(4_000)] } } }
  expect(said(large).length).toBeLessThan(4_096)
  expect(shown(said(large), MINE, "usr_1")).toEqual({ kind: "ok", text: SAID.text })
  expect(shown(said({ kind: "ok", text: "ü".repeat(900) }))?.text).toBe("ü".repeat(300))
})
