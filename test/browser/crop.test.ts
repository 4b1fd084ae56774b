// A picture before it is sent: chosen, dropped, pasted; cut by pointer and keys; its errors and its progress. Without scripts a file field does it.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import type { User } from "../../src/identity/index.ts"
import { colourAt, jpegOf, pngOf } from "../../src/media/testing.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"
import { describeBrowser, fillLogin, launch, openTab, pageProblems, signIn, textOf } from "./kit.ts"
import { gate } from "./slow-line.ts"

let browser: Browser
let server: TestServer
let mara: User

beforeAll(async () => {
  server = await startTestServer()
  browser = await launch()
  mara = await makeUser(server.app, { name: "Mara Vermeer" })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const PICTURE = () => ({ name: "wide.png", mimeType: "image/png", buffer: Buffer.from(pngOf(400, 200)) })
const file = (page: Page) => page.getByLabel("New picture")
const area = (page: Page) => page.getByLabel("Part of the picture that is kept")
const cropped = (page: Page) => page.locator("input[name=crop]").inputValue()
const parts = async (page: Page) => (await cropped(page)).split(" ").map(Number) as [number, number, number]
const save = (page: Page) => page.getByRole("button", { name: "Save picture" })
const errorOf = (page: Page) => page.locator(".upload [role=alert]:not([hidden])")
const avatar = () => server.app.media.addressOf({ purpose: "avatar", subject: mara.publicId }, 64)
const stored = async () => new Uint8Array(await (await fetch(`${server.url}${avatar()}`)).arrayBuffer())

async function opened(options: Parameters<typeof openTab>[2] = {}) {
  const tab = await openTab(browser, server, options)
  await signIn(tab.page, server, mara.email, "/settings")
  return tab
}

describeBrowser("a picture", () => {
  test("is cut by keys, whose effect is said, and stored as it was cut", async () => {
    const { page, context, problems } = await opened()
    await file(page).setInputFiles(PICTURE())
    await area(page).locator("canvas").waitFor()
    expect(await parts(page)).toEqual([0.25, 0, 0.5])
    await area(page).focus()
    for (let press = 0; press < 40; press++) await page.keyboard.press("ArrowRight")
    expect((await parts(page))[0]).toBeCloseTo(0.5, 3)
    await page.keyboard.press("+")
    expect((await parts(page))[2]).toBeCloseTo(0.5 / 1.1, 3)
    expect(await textOf(page.locator(".upload output"))).toMatch(
      /^From the left \d+(\.\d)?%, from the top .+, zoom 110%$/,
    )
    await page.keyboard.press("ArrowRight")
    // A file set by the test is no input of a person, so the room it takes counts as moved.
    expect((await pageProblems(page)).filter((problem) => !problem.startsWith("moved"))).toEqual([])
    await save(page).click()
    await page.getByText("Your picture is saved.").waitFor()
    expect(await page.locator(".sidebar .who img").getAttribute("src")).toBe(avatar()!)
    expect(await colourAt(await stored(), 0.5, 0.9)).toBe("blue")
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("is cut by dragging, as far as its edge", async () => {
    const { page, context } = await opened()
    await file(page).setInputFiles(PICTURE())
    await area(page).locator("canvas").waitFor()
    await area(page).scrollIntoViewIfNeeded()
    const { x, y, width, height } = (await area(page).boundingBox())!
    await page.mouse.move(x + width / 2, y + height / 2)
    await page.mouse.down()
    await page.mouse.move(x + width / 2 + 60, y + height / 2, { steps: 4 })
    const [left] = await parts(page)
    expect(left).toBeCloseTo(0.25 - (60 / width) * 0.5, 1)
    await page.mouse.move(x + width * 3, y + height / 2, { steps: 4 })
    expect((await parts(page))[0]).toBe(0)
    await page.mouse.up()
    await page.mouse.move(x, y)
    expect((await parts(page))[0]).toBe(0)
    await context.close()
  }, 120_000)

  test("can be dropped and pasted; what is none is said beside the field and not sent", async () => {
    const { page, context } = await opened()
    const bytes = [...(await jpegOf(64, 64))]
    const give = (event: string, type: string, content: number[]) =>
      page.evaluate(
        ([name, mime, numbers]) => {
          const data = new DataTransfer()
          data.items.add(new File([Uint8Array.from(numbers as number[])], "x", { type: mime as string }))
          const target = name === "paste" ? document.body : document.querySelector(".upload")!
          const init = { bubbles: true, cancelable: true }
          target.dispatchEvent(
            name === "paste"
              ? new ClipboardEvent("paste", { ...init, clipboardData: data })
              : new DragEvent("drop", { ...init, dataTransfer: data }),
          )
        },
        [event, type, content] as const,
      )
    await give("drop", "image/jpeg", bytes)
    await area(page).locator("canvas").waitFor()
    await give("drop", "image/svg+xml", [60, 115, 118, 103])
    await errorOf(page).getByText("Choose a JPEG, PNG, WebP or GIF picture.").waitFor()
    expect(await area(page).isVisible()).toBe(false)
    await give("paste", "image/jpeg", bytes)
    await area(page).locator("canvas").waitFor()
    expect(await errorOf(page).count()).toBe(0)
    await give("drop", "image/png", [1, 2, 3])
    await errorOf(page).getByText("This picture cannot be read.").waitFor()
    await context.close()
  }, 120_000)

  test("that the server refuses keeps its crop, and the reason stands beside the field", async () => {
    const { page, context } = await opened()
    await file(page).setInputFiles({ name: "small.png", mimeType: "image/png", buffer: Buffer.from(pngOf(8, 8)) })
    await area(page).locator("canvas").waitFor()
    await save(page).click()
    await errorOf(page).getByText("This picture is too small.").waitFor()
    expect(await area(page).isVisible()).toBe(true)
    expect(await save(page).getAttribute("aria-busy")).toBeNull()
    await page.route("**/settings/picture", (route) => route.abort())
    await save(page).click()
    await errorOf(page).getByText("The server cannot be reached.").waitFor()
    await context.close()
  }, 120_000)

  test("is not lost when the session is over: its person signs in beside it, and sends it again", async () => {
    const { page, context, problems } = await opened()
    await file(page).setInputFiles(PICTURE())
    await area(page).locator("canvas").waitFor()
    for (const { publicId } of server.app.identity.sessionsOf(mara.id))
      await server.app.identity.revokeSession(CTX, { userId: mara.id, sessionPublicId: publicId })
    await save(page).click()
    await errorOf(page).getByText("Your picture is still here.").waitFor()
    const [beside] = await Promise.all([
      context.waitForEvent("page"),
      page.getByRole("link", { name: "Sign in in a new tab" }).click(),
    ])
    await fillLogin(beside, mara.email)
    await beside.waitForURL("**/dashboard")
    expect(await area(page).locator("canvas").count()).toBe(1)
    await save(page).click()
    await page.getByText("Your picture is saved.").waitFor()
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("is sent once, and says how far it is", async () => {
    const { page, context } = await opened()
    let sent = 0
    const line = gate()
    line.hold()
    await page.route("**/settings/picture", async (route) => {
      sent++
      await line.passed()
      await route.continue()
    })
    await file(page).setInputFiles(PICTURE())
    await area(page).locator("canvas").waitFor()
    await save(page).dblclick()
    await page.getByLabel("Sending the picture").waitFor()
    line.letGo()
    await page.getByText("Your picture is saved.").waitFor()
    expect(sent).toBe(1)
    await context.close()
  }, 120_000)

  test("is cut in the middle without scripts, and can be taken away", async () => {
    const { page, context } = await opened({ javaScriptEnabled: false })
    await file(page).setInputFiles(PICTURE())
    await save(page).click()
    await page.getByText("Your picture is saved.").waitFor()
    const bytes = await stored()
    expect([await colourAt(bytes, 0.2, 0.9), await colourAt(bytes, 0.8, 0.9)]).toEqual(["red", "blue"])
    await page.getByRole("button", { name: "Remove picture" }).click()
    await page.getByText("Your picture is removed.").waitFor()
    expect(avatar()).toBeUndefined()
    await context.close()
  }, 120_000)
})
