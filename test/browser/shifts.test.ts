// What an answer brings after a second of waiting: it comes without a touch, so nothing in sight may give way for it.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { addSandbox, CTX, giveCredits, makeClient, makeUser, startTestServer, type TestServer } from "../build.ts"
import { authorizeUrl } from "./house.ts"
import { describeBrowser, launch, openTab, signIn } from "./kit.ts"
import { moved, slowLine, startShifts } from "./slow-line.ts"

/** Beyond the half second in which browsers excuse what follows a touch, however busy the machine is: nothing comes sooner. */
const LINE_MS = 700
/** Part of the window that may move, times how far. */
const SHIFT_MAX = 0.01

let server: TestServer
let browser: Browser
let owner: User

const POPUP = [400, 640] as const
const PHONE = [360, 640] as const
const DESK = [1280, 800] as const

/** The same acts in windows of several sizes at once, after `first` on a quick line. @returns what moved too far */
async function inSizes(
  sizes: readonly (readonly [width: number, height: number])[],
  acts: (page: Page, note: (name: string, shift: number) => void) => Promise<void>,
  first: (page: Page) => Promise<void> = async () => {},
): Promise<string[]> {
  const found: string[] = []
  const each = async ([width, height]: (typeof sizes)[number]) => {
    const { page, context } = await openTab(browser, server, { width, height })
    await first(page)
    await slowLine(context, () => LINE_MS)
    await acts(page, (name, shift) => {
      if (shift > SHIFT_MAX) found.push(`${name} at ${width} × ${height}: ${shift}`)
    })
    await context.close()
  }
  await Promise.all(sizes.map(each))
  return found
}

/** How far things moved by themselves from the act until what it brings is there. */
async function shiftOf(page: Page, act: () => Promise<unknown>, brings: string): Promise<number> {
  await startShifts(page)
  await act()
  await page.locator(brings).first().waitFor({ state: "attached" })
  // What follows an answer: a stream that was told of it, a message that goes its way.
  await page.waitForTimeout(LINE_MS)
  return moved(page)
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click()

describeBrowser("a slow answer moves nothing", () => {
  beforeAll(async () => {
    server = await startTestServer()
    await addSandbox(server.app)
    owner = await makeUser(server.app, { isAdmin: true })
    await server.app.developers.acceptAgreement(CTX, {
      userId: owner.id,
      version: server.app.developers.agreementVersion,
      company: "Paper Boat",
    })
    await giveCredits(server.app, owner, credits(100))
    browser = await launch()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  test("errors of sign-in and sign-up", async () => {
    const shifts = await inSizes([POPUP, PHONE, DESK], async (page, note) => {
      const refused = async (path: string, button: string) => {
        await page.goto(`${server.url}${path}`)
        note(path, await shiftOf(page, () => press(page, button), "[aria-invalid=true]"))
      }
      await refused("/signup", "Create account")
      await refused("/login", "Sign in")
      await refused("/forgot-password", "Send the link")
    })
    expect(shifts).toEqual([])
  }, 120_000)

  test("a developer's first call, its token and its end", async () => {
    // Each with an app of its own: a test token replaces the one before.
    const signedIn = async (page: Page) => {
      const { client } = await makeClient(server.app, { ownerId: owner.id })
      await signIn(page, server, owner.email, `/developer/apps/${client.publicId}`)
    }
    const shifts = await inSizes(
      [PHONE, DESK],
      async (page, note) => {
        const act = async (button: string, brings: string) =>
          note(button, await shiftOf(page, () => press(page, button), brings))
        await act("Run it here", "#run")
        await act("Make a test token", "#test-token")
        await act("End the test token", ".toast")
      },
      signedIn,
    )
    expect(shifts).toEqual([])
  }, 120_000)

  test("filters, errors of a long form and of a consent, and what is counted while a form is filled in", async () => {
    const { client } = await makeClient(server.app, { ownerId: owner.id })
    const consent = authorizeUrl(server, client.publicId)
    const shifts = await inSizes(
      [PHONE, DESK],
      async (page, note) => {
        const at = async (path: string, act: () => Promise<unknown>, brings: string) => {
          await page.goto(server.url + path)
          note(path, await shiftOf(page, act, brings))
        }
        await page.goto(consent)
        await page.getByLabel("At most per day", { exact: true }).fill("")
        note("consent", await shiftOf(page, () => press(page, "Approve"), "[aria-invalid=true]"))
        await at("/credits", () => page.getByLabel("Kind").selectOption("gifts"), "[value=gifts][selected]")
        await at(
          "/admin/users",
          () => page.locator(".sort", { hasText: "Credits" }).click(),
          "[aria-sort]:has-text('Credits')",
        )
        await at("/admin/plans/pro", () => press(page, "Save plan"), "[aria-invalid=true]")
        await at("/admin/plans/pro", () => page.getByLabel("Price a month").fill("59.99"), "text=Not saved yet")
      },
      (page) => signIn(page, server, owner.email, "/credits"),
    )
    expect(shifts).toEqual([])
  }, 120_000)
})
