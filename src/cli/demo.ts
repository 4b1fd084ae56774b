// `purser demo`: a sandbox with a user, a developer, a team and a sample app; runs the main job once while telling each step, then
// stays up for clicking around. `--once` ends after the job, with 0 only if every step held.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startChatApp } from "../../examples/chat/app.ts"
import { type Config, createLog, readConfig, type UserId } from "../app/index.ts"
import { type App, compose } from "../compose.ts"
import type { VerifyReport } from "../ledger/index.ts"
import { lockFolder, serveControl } from "../store/index.ts"
import { UsageError } from "./args.ts"
import { controlVerbs } from "./control.ts"
import { earnTestMoney, payTestMoneyOut } from "./demo/developer.ts"
import { listApps } from "./demo/directory.ts"
import { runJob } from "./demo/job.ts"
import { PastClock } from "./demo/past.ts"
import { DEMO_SECRET_KEY, DEMO_WEBHOOK_SECRET, startPayments } from "./demo/payments.ts"
import { type Seeded, seed, upgrade } from "./demo/seed.ts"
import { type DemoTeam, dayOfTeam, makeTeam, runTeam, TEAM_LOGINS } from "./demo/team.ts"
import { liveThroughMonth, PAST_MS } from "./demo/weather/month.ts"
import type { WeatherProduct } from "./demo/weather/product.ts"
import { runWeather } from "./demo/weather/story.ts"
import { startWeatherTools } from "./demo/weather/tools.ts"
import { startWeather } from "./demo/weather/upstream.ts"
import { stopSignal } from "./serve.ts"
import type { Verb } from "./verb.ts"

const PERSON = { name: "Ada Reader", email: "ada@demo.example" }
/** The group that the person makes for their tools. */
const TOOLS = "weather"
/** Slow enough to see the words come. */
const WORD_MS = 25

export const demo: Verb = {
  words: "demo",
  help: "try everything in a sandbox that is thrown away",
  about: [
    "Makes a sandbox in a temporary folder with a person, a developer, a team of three, a sample app and a model that costs nothing, runs the main job once while it tells each step, then stays up for clicking around. Nothing of it is kept.",
    "It shows everybody's mail, so it listens on this machine only.",
  ],
  options: [{ name: "once", help: "end after the job, with 0 only if every step held" }],
  examples: [
    { run: "demo", does: "then open what it prints" },
    { run: "demo --once", does: "proves an executable on this machine in a few seconds" },
  ],
  exits: { 1: "a step did not hold" },
  async run(args) {
    const once = args.switches.has("once")
    const dataDir = mkdtempSync(join(tmpdir(), "purser-demo-"))
    refuseNetwork(args.flags.host)
    const payPort = freePort(once ? 0 : 3_001)
    const config = demoConfig(args.flags, dataDir, once, payPort)
    const lock = lockFolder(dataDir)
    // Warnings are advice for an operator (keep a copy of the key); this folder is thrown away.
    const log = createLog({ level: "error", format: "text" })
    const clock = new PastClock(PAST_MS)
    const app = await compose(config, { log, sandboxWordMs: WORD_MS, clock })
    const control = serveControl(dataDir, controlVerbs(app))
    const chatPort = freePort(once ? 0 : 3_000)
    const chatUrl = `http://127.0.0.1:${chatPort}`
    const payments = startPayments(payPort, config.baseUrl)
    const weather = startWeatherAndTools(() => clock.now())
    let stopChat = () => {}
    let midLine = false
    try {
      const seeded = await seed(app, `${chatUrl}/callback`)
      const team = await makeTeam(app, seeded.password)
      const product = await monthOfWeather(app, clock, `${weather.url}/v1`, seeded, team)
      await app.listen()
      const chat = await startChat(config, seeded, chatPort)
      stopChat = chat.stop
      console.log(`Purser runs at ${config.baseUrl}, the sample app Storyteller at ${chatUrl}\n`)
      await runJob({
        purserUrl: config.baseUrl,
        chatUrl,
        tools: { group: TOOLS, url: weather.toolsUrl },
        person: { ...PERSON, password: seeded.password },
        upgrade: (email) => upgrade(app, email),
        verifyBooks: () => app.reads.ask<VerifyReport>("ledger.verify"),
        say: (step, detail) => {
          console.log(`${midLine ? "\n" : ""}  ok  ${step.padEnd(16)} ${detail}`)
          midLine = false
        },
        word: (text) => {
          process.stdout.write(midLine ? text : `      ${text}`)
          midLine = true
        },
      })
      await sellWeather(app, product, config.hosts.api, seeded)
      await runTeam(app, team, sayStep)
      console.log("\nEvery step held.")
      if (!once) await stayUp(app, chatUrl, seeded)
      return 0
    } finally {
      stopChat()
      payments.stop()
      weather.stop()
      await control.stop()
      await app.stop()
      lock.release()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
}

/** Before it, a test user calls an app in test mode. */
async function monthOfWeather(
  app: App,
  clock: PastClock,
  upstreamUrl: string,
  { developer, consumer }: Seeded,
  team: DemoTeam,
) {
  const publisherId = idOf(app, developer.email)
  await earnTestMoney(app, publisherId)
  const eachDay = (day: number) => dayOfTeam(app, team, day)
  return liveThroughMonth({ app, clock, upstreamUrl, publisherId, readerId: idOf(app, consumer.email), eachDay })
}

/** The weather as an API for the marketplace, and as a tool server. */
function startWeatherAndTools(now: () => number): { url: string; toolsUrl: string; stop(): void } {
  const weather = startWeather(0, now)
  const tools = startWeatherTools(`${weather.url}/v1`)
  const stop = () => {
    weather.stop()
    tools.stop()
  }
  return { url: weather.url, toolsUrl: tools.url, stop }
}

const startChat = ({ baseUrl }: Config, { client }: Seeded, port: number) =>
  startChatApp({
    issuer: baseUrl,
    clientId: client.id,
    clientSecret: client.secret,
    port,
    model: "sandbox",
    tools: TOOLS,
  })

const idOf = (app: App, email: string): UserId => app.identity.userByEmail(email)!.id

const sayStep = (step: string, detail: string): void => console.log(`  ok  ${step.padEnd(16)} ${detail}`)

async function sellWeather(app: App, product: WeatherProduct, apiUrl: string, seeded: Seeded): Promise<void> {
  const publisherId = idOf(app, seeded.developer.email)
  const [readerId, visitorId] = [idOf(app, PERSON.email), idOf(app, seeded.admin.email)]
  await runWeather({ app, product, apiUrl, publisherId, readerId, visitorId, say: sayStep })
  await payTestMoneyOut(app, publisherId, sayStep)
}

/** The demo shows every mail, with codes and links, to whoever opens it. */
function refuseNetwork(host: string | undefined): void {
  if (host === undefined || host === "localhost" || host === "::1" || /^127\./.test(host)) return
  throw new UsageError(`the demo shows everybody's mail, so it listens on this machine only; leave out --host ${host}`)
}

function demoConfig(flags: Record<string, string>, dataDir: string, once: boolean, payPort: number): Config {
  const port = freePort(once ? 0 : Number(flags.port ?? 8_080))
  return {
    ...readConfig({ "drain-seconds": "3", ...flags, port: String(port), "data-dir": dataDir }, {}, true),
    baseUrl: `http://localhost:${port}`,
    // The demo's API runs on this machine.
    productNetworks: ["127.0.0.0/8"],
    webhookNetworks: ["127.0.0.0/8"],
    stripe: {
      secretKey: DEMO_SECRET_KEY,
      webhookSecret: DEMO_WEBHOOK_SECRET,
      apiBase: `http://127.0.0.1:${payPort}`,
    },
  }
}

/** The wished port when nobody has it, else a free one. */
function freePort(wish: number): number {
  for (const port of [wish, 0]) {
    try {
      const probe = Bun.serve({ hostname: "127.0.0.1", port, reusePort: false, fetch: () => new Response() })
      const found = probe.port
      probe.stop(true)
      if (found) return found
    } catch {
      // Taken: the next candidate is any free port.
    }
  }
  throw new Error("no free port on 127.0.0.1")
}

async function stayUp(app: App, chatUrl: string, seeded: Seeded): Promise<void> {
  const { config } = app
  await listApps(app, idOf(app, seeded.developer.email))
  console.log(`
Now you. All logins have the password ${seeded.password}

  Sample app      ${chatUrl}
  Dashboard       ${config.baseUrl}/dashboard    ${PERSON.email}
  Tools           ${config.baseUrl}/mcp/${TOOLS}    ${PERSON.email}; for an agent: ${config.baseUrl}/v1/mcp/groups/${TOOLS}/mcp
  API consumer    ${config.baseUrl}/subscriptions    ${seeded.consumer.email}, a month of calls of the weather API
  Developer       ${config.baseUrl}/developer    ${seeded.developer.email}
  Team            ${config.baseUrl}/teams        ${TEAM_LOGINS.map(({ email, words }) => `${email} (${words})`).join(", ")}
  Admin           ${config.baseUrl}/admin        ${seeded.admin.email}
  Marketplace     ${config.baseUrl}/marketplace
  Mailbox         ${config.baseUrl}/mailbox

Press Ctrl+C to stop; the sandbox is thrown away.`)
  await stopSignal()
}
