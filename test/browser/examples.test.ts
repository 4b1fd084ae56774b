// The sample apps, each started by the one command of its README against a real server: somebody signs in in a browser, and the call is
// charged. Apps with dependencies of their own need them: in CI they are installed by their lock files, elsewhere such an app is skipped,
// loudly, until `npm ci` ran in its folder.
import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Browser, Page } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { NETWORKS } from "../../src/mcp/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import {
  addSandbox,
  CTX,
  freePort,
  giveCredits,
  makeClient,
  makeUser,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { eventually } from "../eventually.ts"
import { startToolServer } from "../fakes/mcp/index.ts"
import { describeBrowser, fillLogin, launch } from "./kit.ts"

const EXAMPLES = join(import.meta.dir, "../../examples")
const IS_CI = process.env.PURSER_CI === "1"
/** Installing and building, on a slow machine. */
const START_MS = 180_000
/** A server of development compiles each route when it is first asked for, which takes long on a busy machine. */
const STEP_MS = 60_000

let browser: Browser
let server: TestServer
let running: Bun.Subprocess | undefined

/** Its dependencies are there, or are put there. @returns false: it has to be skipped */
function isReady(app: string): boolean {
  const folder = join(EXAMPLES, app)
  if (existsSync(join(folder, "node_modules/.package-lock.json"))) return true
  if (!IS_CI) {
    console.log(`\n*** examples/${app} is SKIPPED: run \`npm ci\` in its folder ***\n`)
    return false
  }
  const words = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
  const { exitCode, stderr } = Bun.spawnSync(words, { cwd: folder, stderr: "pipe" })
  if (exitCode !== 0) throw new Error(`examples/${app}: ${stderr}`)
  return true
}

const readsFlask = (python: string) =>
  Bun.spawnSync([python, "-c", "import flask, authlib.integrations.flask_client, requests"], { stderr: "ignore" })
    .exitCode === 0
const python = [process.env.PURSER_PYTHON, Bun.which("python3"), "/usr/bin/python3"].find(
  (one): one is string => Boolean(one) && existsSync(one!) && readsFlask(one!),
)

interface Asked {
  type: "public" | "confidential"
  /** As its README registers it; the port is any on loopback. */
  redirectUri: string
  command: string[]
  folder: string
  env?: (client: Client, port: number) => Record<string, string>
}

/** Starts it and waits until it answers. */
async function start(asked: Asked): Promise<{ client: Client; user: User; url: string }> {
  const port = freePort()
  const { client, secret } = await makeClient(server.app, { type: asked.type, redirectUris: [asked.redirectUri] })
  const user = await makeUser(server.app, { name: "Ada" })
  await giveCredits(server.app, user, credits(100))
  const env = {
    PURSER_ISSUER: server.url,
    PURSER_CLIENT_ID: client.publicId,
    PURSER_CLIENT_SECRET: secret,
    PORT: String(port),
    MODEL: "sandbox",
    ...asked.env?.(client, port),
  }
  const words = asked.command.map((word) => word.replace("PORT", String(port)))
  const child = Bun.spawn(words, {
    cwd: join(EXAMPLES, asked.folder),
    env: { ...process.env, NODE_ENV: "production", ...env },
    stdout: "pipe",
    stderr: "pipe",
  })
  running = child
  const { host } = new URL(asked.redirectUri)
  const url = `http://${host.split(":")[0]}:${port}/`
  const endMs = Date.now() + START_MS
  while (
    !(await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null || Date.now() > endMs)
      throw new Error(
        `${asked.folder}: ${await new Response(child.stdout).text()} ${await new Response(child.stderr).text()}`,
      )
    await Bun.sleep(50)
  }
  return { client, user, url }
}

async function allow(page: Page, user: User): Promise<void> {
  await fillLogin(page, user.email)
  await page.getByRole("button", { name: "Approve" }).click()
}

const newPage = async (): Promise<Page> => {
  const context = await browser.newContext()
  context.setDefaultTimeout(STEP_MS)
  return context.newPage()
}

/** Two words of an answer, and a charge. */
async function isCharged(client: Client, answer: string): Promise<void> {
  expect(answer.trim().split(/\s+/).length).toBeGreaterThan(1)
  // Words come before the end, which is when it is charged.
  await eventually("the charge", () => server.app.usage.firstCallAt(client.id) !== null)
}

describeBrowser("the sample apps", () => {
  beforeAll(async () => {
    ;[browser, server] = await Promise.all([launch(), startTestServer({ fourHosts: false })])
    await addSandbox(server.app)
  })
  afterEach(async () => {
    running?.kill()
    await running?.exited
    running = undefined
  })
  afterAll(async () => {
    await Promise.all([browser?.close(), server?.close()])
  })

  /** Apps in the browser: the sign-in comes in a window, by the call itself. */
  async function byPopup(asked: Asked): Promise<void> {
    const { client, user, url } = await start(asked)
    const page = await newPage()
    await page.goto(url)
    const [popup] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "Write" }).click()])
    await allow(popup, user)
    const answer = page.locator("#answer", { hasText: /\w+ \w+/ })
    await answer.waitFor()
    await isCharged(client, (await answer.textContent()) ?? "")
    await page.context().close()
  }

  /** Apps with a server: the page is left for the sign-in. */
  async function byRedirect(asked: Asked, answerAt: string): Promise<void> {
    const { client, user, url } = await start(asked)
    const page = await newPage()
    await page.goto(url)
    await page.getByRole("link", { name: "Sign in" }).click()
    await allow(page, user)
    await page.getByText("Hello Ada.").waitFor()
    await page.getByRole("button", { name: "Write" }).click()
    const answer = page.locator(answerAt, { hasText: /\w+ \w+/ })
    await answer.waitFor()
    await isCharged(client, (await answer.textContent()) ?? "")
    await page.context().close()
  }

  test("a page without a backend", async () => {
    const command = [process.execPath, "serve.ts"]
    await byPopup({ type: "public", redirectUri: "http://localhost:3000/", folder: "page", command })
  })

  test(
    "React with Vite, as it is built",
    async () => {
      if (!isReady("react")) return
      const env = (client: Client) => ({
        VITE_PURSER_ISSUER: server.url,
        VITE_PURSER_CLIENT_ID: client.publicId,
        VITE_MODEL: "sandbox",
      })
      const command = [
        "sh",
        "-c",
        "npx vite build >&2 && exec node node_modules/vite/bin/vite.js preview --port PORT --strictPort",
      ]
      await byPopup({ type: "public", redirectUri: "http://localhost:3000/", folder: "react", command, env })
    },
    START_MS,
  )

  test(
    "Next.js",
    async () => {
      if (!isReady("next")) return
      const env = (_: Client, port: number) => ({
        NODE_ENV: "development",
        ORIGIN: `http://localhost:${port}`,
        SESSION_SECRET: "a secret of this test",
        NEXT_TELEMETRY_DISABLED: "1",
      })
      const next = "node node_modules/next/dist/bin/next"
      const command = ["sh", "-c", `exec ${next} dev --port PORT`]
      const redirectUri = "http://localhost:3000/callback"
      await byRedirect({ type: "confidential", redirectUri, folder: "next", command, env }, "#answer")
    },
    START_MS,
  )

  test(
    "Hono on Node",
    async () => {
      if (!isReady("hono")) return
      const redirectUri = "http://localhost:3000/callback"
      await byRedirect({ type: "confidential", redirectUri, folder: "hono", command: ["node", "main.js"] }, "pre")
    },
    START_MS,
  )

  const isWithoutFlask = python === undefined && !IS_CI
  if (isWithoutFlask)
    console.log("\n*** examples/flask is SKIPPED: install Debian’s python3-flask, -authlib, -requests ***\n")
  test.skipIf(isWithoutFlask)(
    "Flask with Authlib",
    async () => {
      const redirectUri = "http://127.0.0.1:3000/callback"
      const command = [python ?? "python3", "app.py"]
      await byRedirect({ type: "confidential", redirectUri, folder: "flask", command }, "pre")
    },
    START_MS,
  )

  test("an MCP client signs in by itself, lists tools and calls one", async () => {
    const redirectUris = ["http://127.0.0.1:3000/callback"]
    const { client } = await makeClient(server.app, { type: "public", redirectUris, scopes: ["mcp"] })
    const user = await makeUser(server.app, { name: "Ada" })
    await giveCredits(server.app, user, credits(100))
    const peer = await startToolServer()
    await server.app.settings.set(CTX, NETWORKS, { value: ["127.0.0.1"] })
    await server.app.mcp.createGroup(CTX, { userId: user.id, name: "travel", title: "Travel" })
    const tools = { userId: user.id, group: "travel", name: "peer", url: peer.url, auth: "none" } as const
    await server.app.mcp.addServer(CTX, tools)
    const env = { PURSER_MCP_URL: `${server.url}/v1/mcp/groups/travel/mcp`, CLIENT_ID: client.publicId }
    const words = [process.execPath, join(EXAMPLES, "mcp/main.ts"), "echo", '{"text":"the tide is out"}']
    const child = Bun.spawn(words, { env: { ...process.env, ...env }, stdout: "pipe", stderr: "pipe" })
    running = child
    let said = ""
    const page = await newPage()
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      said += chunk
      const url = /^http\S+$/m.exec(said)?.[0]
      if (!url || page.url() !== "about:blank") continue
      await page.goto(url)
      await allow(page, user)
      await page.getByText("Done. You may close this window.").waitFor()
    }
    expect([await child.exited, await new Response(child.stderr).text()]).toEqual([0, ""])
    expect(said).toMatch(/^fail: Fails\.$/m)
    expect(said).toContain("the tide is out")
    await page.context().close()
    await peer.close()
  })
})
