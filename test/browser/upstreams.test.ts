// Upstreams in a real browser: one added from a preset by keyboard alone, and figures that follow the server.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import { MockUpstream } from "../../src/sites/api/mock-upstream.ts"
import { CTX, giveCredits, makeClient, makeUser, mintTokens } from "../build.ts"
import { describeBrowser, launch, openTab, ownServer, pageProblems, signIn } from "./kit.ts"

let browser: Browser

describeBrowser("upstreams", () => {
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  test("one is added from a preset by keyboard: only its key and its address are typed", async () => {
    await using server = await ownServer()
    const upstream = new MockUpstream()
    const grace = await makeUser(server.app, { isAdmin: true })
    const { page, problems } = await openTab(browser, server)
    await signIn(page, server, grace.email)
    await page.goto(`${server.url}/admin/upstreams/new`)
    await page.getByRole("link", { name: "vLLM" }).focus()
    await page.keyboard.press("Enter")
    await page.waitForURL(/preset=vllm/)
    expect(await page.getByLabel("Name").inputValue()).toBe("vllm")
    await page.getByLabel("Base URL").focus()
    await page.keyboard.press("Control+A")
    await page.keyboard.type(upstream.url)
    await page.keyboard.press("Tab")
    await page.keyboard.type("a-key")
    await page.keyboard.press("Enter")
    await page.getByText("vllm answers and offers 2 models.").waitFor()
    expect(problems).toEqual([])
    expect(server.app.gateway.upstreams()).toMatchObject([{ name: "vllm", maxTokensField: "max_tokens" }])
    upstream.stop()
  }, 120_000)

  test("a circuit that opens shows without a reload, at 360 px too, and nothing runs off the page", async () => {
    await using server = await ownServer()
    const { app } = server
    const upstream = new MockUpstream()
    await app.pricing.setModelPrice(CTX, {
      provider: "openai",
      model: "mock-1",
      rates: { input: 1_000_000, output: 2_000_000 },
    })
    const far = { kind: "openai-compatible", name: "far", baseUrl: upstream.url, priceProvider: "openai" }
    const { publicId } = await app.gateway.addUpstream(CTX, { ...far, models: ["mock-1"] })
    const grace = await makeUser(app, { isAdmin: true })
    const ada = await makeUser(app)
    await giveCredits(app, ada, credits(500))
    const { client, secret } = await makeClient(app)
    const { accessToken } = await mintTokens(app, { user: ada, client, secret })
    const { page, problems } = await openTab(browser, server)
    await page.setViewportSize({ width: 360, height: 800 })
    await signIn(page, server, grace.email)
    await page.goto(`${server.url}/admin/upstreams/${publicId}`)
    await page.getByText("Not tested").waitFor()
    upstream.answer = () => new Response("", { status: 429, headers: { "retry-after": "90" } })
    await fetch(`${server.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "mock-1", messages: [{ role: "user", content: "hi" }] }),
    })
    await page.getByText("Some models rest").waitFor()
    await page.getByText("asked to wait (429)").first().waitFor()
    expect(await pageProblems(page)).toEqual([])
    expect(problems).toEqual([])
    upstream.stop()
  }, 120_000)
})
