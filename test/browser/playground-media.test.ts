// The tabs of the playground in a browser: pictures are made and changed, speech is heard, a video is watched, by pages put in place.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import { addSandbox, giveCredits, makeUser } from "../build.ts"
import { describeBrowser, launch, openTab, ownServer, signIn } from "./kit.ts"

let browser: Browser

describeBrowser("the tabs of the playground", () => {
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  test("pictures, speech, a recording and a video, each shown and priced where it was asked for", async () => {
    await using server = await ownServer()
    await addSandbox(server.app)
    const user = await makeUser(server.app)
    await giveCredits(server.app, user, credits(10_000))
    const { page, context, problems } = await openTab(browser, server)
    await signIn(page, server, user.email)
    const priced = () => page.getByText(/^[\d,]+ ms · [\d.]+ credits$/).waitFor()

    await page.goto(server.at("/playground"))
    await page.getByRole("link", { name: "Pictures" }).click()
    await page.selectOption("#model", "sandbox")
    await page.fill("#prompt", "A heron at dawn")
    await page.fill("#count", "2")
    await page.getByRole("button", { name: "Make pictures" }).click()
    await priced()
    const pictures = page.locator("#answers img")
    expect(await pictures.count()).toBe(2)
    const drawn = await pictures.first().evaluate(async (img: HTMLImageElement) => {
      await img.decode()
      return img.naturalWidth
    })
    expect(drawn).toBe(1_024)
    const first = await pictures.first().getAttribute("src")
    const buffer = Buffer.from(first!.split(",")[1]!, "base64")
    await page.setInputFiles("#image", { name: "heron.png", mimeType: "image/png", buffer })
    await page.fill("#prompt", "At night")
    await page.fill("#count", "1")
    await page.getByRole("button", { name: "Make pictures" }).click()
    await page.getByText("/v1/images/edits").first().waitFor()
    expect(await pictures.count()).toBe(1)
    expect(await pictures.first().getAttribute("src")).not.toBe(first)

    await page.getByRole("link", { name: "Speech" }).click()
    await page.fill("#input", "Good morning to all of you")
    await page.selectOption("#model", "sandbox")
    await page.selectOption("#format", "wav")
    await page.getByRole("button", { name: "Speak" }).click()
    await priced()
    const seconds = await page.locator("#answers audio").evaluate(
      (audio: HTMLAudioElement) =>
        new Promise<number>((resolve, reject) => {
          if (audio.readyState > 0) return resolve(audio.duration)
          audio.onloadedmetadata = () => resolve(audio.duration)
          audio.onerror = () => reject(new Error(audio.error?.message))
          audio.load()
        }),
    )
    expect(seconds).toBeCloseTo(0.6, 1)
    const waiting = page.waitForEvent("download")
    await page.getByRole("link", { name: "Download" }).click()
    const download = await waiting
    expect(download.suggestedFilename()).toBe("speech.wav")

    await page.getByRole("link", { name: "Recordings" }).click()
    await page.selectOption("#model", "sandbox")
    const spoken = Buffer.concat(await Array.fromAsync(await download.createReadStream()))
    await page.setInputFiles("#recording", { name: "speech.wav", mimeType: "audio/wav", buffer: spoken })
    await page.getByRole("button", { name: "Write it down" }).click()
    await page.getByText(/^You sent \d+ bytes of sound\.$/).waitFor()
    await priced()

    await page.getByRole("link", { name: "Videos" }).click()
    await page.selectOption("#model", "sandbox")
    // It takes a few seconds: its page looks again by itself.
    await page.fill("#prompt", "sandbox:stall 3")
    await page.fill("#seconds", "2")
    await page.getByRole("button", { name: "Make a video" }).click()
    await page.locator("#video-progress").waitFor()
    await page.locator("video").waitFor({ timeout: 30_000 })
    expect(await page.getByText(/^[\d.]+ credits$/).count()).toBeGreaterThan(0)
    const head = await page.evaluate(async () => {
      const { src } = document.querySelector("video")!
      return new TextDecoder("latin1").decode((await (await fetch(src)).arrayBuffer()).slice(4, 8))
    })
    expect(head).toBe("ftyp")
    await page.getByRole("button", { name: "Delete this video" }).click()
    await page.getByText("The video is deleted.").waitFor()
    expect(problems.filter((one) => !/404|media|MEDIA/i.test(String(one)))).toEqual([])
    await context.close()
  }, 120_000)
})
