// Pages as somebody on a train uses them: 360 px, a line that takes a second, keys alone. Every stop of the focus must be seen, nothing may
// move by itself, nothing may be wider than the window; each step is a picture. `bun test/tools/tour.ts [light|dark] [tours] [out folder]`.
// Exits 1 on a finding.
import { mkdirSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import { authorizeUrl } from "../browser/house.ts"
import { launch, openTab, signIn } from "../browser/kit.ts"
import { slowLine } from "../browser/slow-line.ts"
import {
  addSandbox,
  chat,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  startTestServer,
} from "../build.ts"

const LINE_MS = 1_000
const SHIFT_MAX = 0.01
const TABS_MAX = 90
const theme = process.argv[2] === "dark" ? "dark" : "light"
const only = process.argv[3]?.split(",")
const out = process.argv[4] ?? mkdtempSync(join(tmpdir(), "purser-tour-"))
mkdirSync(out, { recursive: true })

const server = await startTestServer()
const { app } = server
await addSandbox(app)
const grace = await makeUser(app, { name: "Grace Operator", isAdmin: true })
const linus = await makeDeveloper(app)
const ada = await makeUser(app, { name: "Ada Reader" })
await giveCredits(app, ada, credits(500))
const storyteller = await makeClient(app, { ownerId: linus.id, name: "Storyteller" })
const { accessToken } = await mintTokens(app, { user: ada, ...storyteller, dailyNano: credits(40) })
for (let call = 0; call < 3; call++) await chat(server.url, accessToken)
const notes = await makeClient(app, { ownerId: linus.id, name: "Margin Notes" })
const browser = await launch()
const found: string[] = []
let pictures = 0

/** Runs in the page: what moves from its first moment on, and by how much. */
function watch(most: number): void {
  const log: string[] = []
  Object.assign(globalThis, { log })
  type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node: Element | null }[] }
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries() as Shift[])
      if (!hadRecentInput && value > most)
        log.push(`${value.toFixed(3)} ${sources.map(({ node }) => `${node?.nodeName}.${node?.className}`).join(" ")}`)
  }).observe({ type: "layout-shift", buffered: true })
}

/** Runs in the page: where the focus is, and why it cannot be seen. */
function stop(): { name: string; unseen: string } {
  const one = document.activeElement as HTMLElement
  const box = one.getBoundingClientRect()
  const label = (one as HTMLInputElement).labels?.[0]
  const isRing = ({ outlineStyle, outlineWidth }: CSSStyleDeclaration) =>
    outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2
  const rings = [one, one.parentElement, one.parentElement?.parentElement].flatMap((each) =>
    each ? getComputedStyle(each) : [],
  )
  const inside = (at: number, most: number) => Math.min(Math.max(at, 1), most - 1)
  const over = document.elementFromPoint(
    inside(box.left + box.width / 2, innerWidth),
    inside(box.top + box.height / 2, innerHeight),
  )
  const isCovered = over && !one.contains(over) && !over.contains(one) && !label?.contains(over)
  const unseen = [
    [...rings, getComputedStyle(one, "::after")].some(isRing) ? "" : "no ring",
    box.bottom > 0 && box.top < innerHeight ? "" : "outside the window",
    isCovered ? `behind ${over.nodeName}.${over.className}` : "",
  ]
  const isPage = one === document.body || one.id === "main"
  return {
    name: (one.ariaLabel ?? label?.textContent ?? one.textContent ?? "").replace(/\s+/g, " ").trim(),
    unseen: isPage ? "" : unseen.filter(Boolean).join(", "),
  }
}

interface Visit {
  page: Page
  /** On by keys until the focus is on what is named so. */
  to(name: RegExp): Promise<void>
  press(name: RegExp): Promise<void>
  /** A picture, and what went wrong until then. */
  look(name: string): Promise<void>
}

async function visitOf(email: string, path: string): Promise<Visit & { close(): Promise<void> }> {
  const { page, context, problems } = await openTab(browser, server, { width: 360, height: 640, colorScheme: theme })
  await context.addInitScript(watch, SHIFT_MAX)
  await signIn(page, server, email, path)
  await slowLine(context, () => LINE_MS)
  const visit: Visit = {
    page,
    async to(name) {
      const passed: string[] = []
      for (let tabs = 0; tabs < TABS_MAX; tabs++) {
        const { name: here, unseen } = await page.evaluate(stop)
        if (tabs > 0 && unseen) found.push(`${new URL(page.url()).pathname}: "${here.slice(0, 40)}": ${unseen}`)
        if (name.test(here)) return
        passed.push(here.slice(0, 24))
        await page.keyboard.press("Tab")
      }
      throw new Error(`${page.url()}: no stop ${name}: ${[...new Set(passed)].join(" | ")}`)
    },
    async press(name) {
      await visit.to(name)
      await page.keyboard.press("Enter")
    },
    async look(name) {
      await page.waitForTimeout(400)
      const log = await page.evaluate(() => (globalThis as unknown as { log: string[] }).log.splice(0))
      const extra = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      found.push(
        ...log.map((shift) => `${name}: moved ${shift}`),
        ...problems.splice(0).map((each) => `${name}: ${each}`),
      )
      if (extra > 0) found.push(`${name}: ${extra} px too wide`)
      await page.screenshot({ path: join(out, `${theme}-${String(++pictures).padStart(2, "0")}-${name}.png`) })
    },
  }
  return { ...visit, close: () => context.close() }
}

const wrong = (page: Page) => page.locator("[aria-invalid=true]:visible").first().waitFor()

const TOURS: Record<string, { email: string; path: string; walk(visit: Visit): Promise<unknown> }> = {
  consent: {
    email: ada.email,
    path: "/dashboard",
    async walk({ page, to, press, look }) {
      await page.goto(authorizeUrl(server, notes.client.publicId, { scope: "openid profile email offline_access llm" }))
      await look("consent")
      await to(/^At most per day/)
      await page.keyboard.press("ArrowRight")
      await look("consent-slider")
      await page.locator("#limit_llm").fill("")
      await press(/^Approve/)
      await wrong(page)
      await look("consent-error")
      await page.locator("#limit_llm").fill("60")
      await press(/^Approve/)
      await look("consent-sent")
    },
  },
  developer: {
    email: linus.email,
    path: "/developer",
    async walk({ page, press, look }) {
      await look("developer")
      await press(/^Storyteller/)
      await page.waitForURL("**/developer/apps/cli_*")
      await look("app")
      await press(/^Make a new secret/)
      await page.locator(".secret").waitFor()
      await look("app-secret")
      await press(/^I have saved it/)
      await page.locator(".secret").waitFor({ state: "detached" })
      await press(/^Revoke/)
      await page.locator("dialog[open]").waitFor()
      await look("app-revoke-busy")
      await page.locator("dialog .danger").waitFor()
      await look("app-revoke")
      await page.keyboard.press("Escape")
      // The entry of the dialog is being left.
      await look("app-revoke-closed")
      await page.goto(`${server.url}/developer/apps/new`)
      await press(/^Create app/)
      await wrong(page)
      await look("app-new-errors")
    },
  },
  audit: {
    email: grace.email,
    path: "/admin/audit",
    async walk({ page, press, look }) {
      await look("audit")
      await press(/^By admins/)
      await page.locator('[aria-current]:has-text("By admins")').waitFor()
      await look("audit-preset")
      await page.locator("main input[type=search]").focus()
      await page.keyboard.type("storyteller")
      await page.keyboard.press("Enter")
      await page.waitForURL(/q=storyteller/)
      await look("audit-search")
      await press(/^More filters/)
      await look("audit-filters")
    },
  },
  books: {
    email: grace.email,
    path: "/admin/books",
    async walk({ page, press, look }) {
      await look("books")
      await press(/^Verify now/)
      await look("books-busy")
      await page.waitForTimeout(3 * LINE_MS)
      await press(/Everything that was checked/)
      await look("books-checked")
    },
  },
  earnings: {
    email: grace.email,
    path: "/admin/earnings",
    async walk({ page, press, look }) {
      await look("earnings")
      await press(/^Save terms/)
      await wrong(page)
      await look("earnings-errors")
      await page.getByLabel("Shares of bought credits").fill("9")
      await page.getByLabel("Reason").fill("A trial")
      await press(/^Save terms/)
      await page.getByText("after 9 days").waitFor()
      await look("earnings-saved")
      await press(/^Undo/)
      await page.getByText("after 7 days").waitFor()
      await look("earnings-undone")
    },
  },
  limits: {
    email: grace.email,
    path: "/admin/limits/new",
    async walk({ page, press, look }) {
      await look("limit")
      await page.getByLabel("Applies to").focus()
      await page.keyboard.type("A person in an app")
      await page.getByRole("combobox", { name: "Person" }).focus()
      await page.keyboard.type("ada")
      await page.locator("[role=option]:visible").first().waitFor()
      await look("limit-found")
      await page.keyboard.press("Enter")
      await press(/^Set limit/)
      await wrong(page)
      await look("limit-errors")
    },
  },
}

for (const [name, { email, path, walk }] of Object.entries(TOURS)) {
  if (only && !only.includes(name)) continue
  const visit = await visitOf(email, path)
  await walk(visit).catch((error: Error) => found.push(`${name}: ${error.message.split("\n")[0]}`))
  await visit.close()
}
console.log(`${pictures} pictures in ${out}`)
console.log(found.length > 0 ? found.join("\n") : "Nothing was found.")
await browser.close()
await server.close()
process.exit(found.length > 0 ? 1 : 0)
