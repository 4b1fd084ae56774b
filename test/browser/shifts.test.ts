// What an answer brings after a second of waiting: it comes without a touch, so nothing in sight may give way for it.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { addSandbox, giveCredits, makeClient, makeDeveloper, startTestServer, type TestServer } from "../build.ts"
import { describeBrowser, launch, openTab, signIn } from "./kit.ts"
import { moved, slowLine, startShifts } from "./slow-line.ts"

/** Beyond the half second in which browsers excuse what follows a touch. */
const LINE_MS = 1_000
/** Part of the window that may move, times how far. */
const SHIFT_MAX = 0.01

let server: TestServer
let browser: Browser
let owner: User
let appPath: string

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
  await page.locator(brings).first().waitFor()
  // What follows an answer: a stream that was told of it, a message that goes its way.
  await page.waitForTimeout(1_500)
  return moved(page)
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click()

describeBrowser("a slow answer moves nothing", () => {
  beforeAll(async () => {
    server = await startTestServer()
    await addSandbox(server.app)
    owner = await makeDeveloper(server.app)
    await giveCredits(server.app, owner, credits(100))
    const { client } = await makeClient(server.app, { ownerId: owner.id })
    appPath = `/developer/apps/${client.publicId}`
    browser = await launch()
  }, 30_000)
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
    const signedIn = (page: Page) => signIn(page, server, owner.email, appPath)
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
})
