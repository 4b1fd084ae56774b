// Dashboard and history over HTTP, signed in by real session cookies, with 10,000 people and 1,000,000 charges in the file, against a
// floor of the same run: a bare Elysia + kita page of as many bytes. `--quick` runs about 1 % of it; `--one-person` gives all charges to
// one of the people.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { randomSecret, readConfig, silentLog } from "../src/app/index.ts"
import { WebAgent } from "../src/cli/demo/agent.ts"
import { type App, compose } from "../src/compose.ts"
import { startFloor } from "./floor-page.tsx"
import { type Load, load, type Part, part, turns } from "./kit.ts"
import { machine, say, two } from "./measure.ts"
import { chargeId, fill } from "./pages-data.ts"

export interface PagesBenchResult {
  bench: "pages"
  /** Of the floor, worst page. */
  ratio: number
  ratios: Record<string, number>
  per_s: Record<string, number>
  floor_per_s: Record<string, number>
  p99_ms: Record<string, number>
  p99_one_ms: Record<string, number>
  /** Processor time of the server per page, all kinds together. */
  cpu_us: number
  csv_rows_per_s: number
  rss_mb: number
  users: number
  charges: number
  cpus: number
}

/** Enough people that neighbours in time are strangers in the file; signing in costs a password hash each. */
const SIGNED_IN = 40
const CONNECTIONS = 32
const CTX = { actor: "cli", requestId: "req_bench", reason: "benchmark data" }
const PASSWORD = "a long bench password"
/** A processor that is never asked: pages show what is for sale. */
const SELLS = { secretKey: "sk_test_bench", webhookSecret: null, apiBase: "http://127.0.0.1:9" }

interface Ready {
  port: number
  cookies: string[]
  appId: string
  rows: Record<string, number>
  fillMs: number
}
interface Report {
  cpuUs: number
  rssMb: number
}

async function purser(users: number, charges: number, isOnePerson: boolean, dataDir: string): Promise<void> {
  const probe = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() })
  const port = probe.port!
  probe.stop(true)
  const url = `http://localhost:${port}`
  const config = readConfig({ port: String(port), "data-dir": dataDir, "base-url": url }, {})
  let app = await compose(config, { log: silentLog, stripe: SELLS })
  const people = Math.min(users, isOnePerson ? 1 : SIGNED_IN)
  const { emails, firstUser, developerId, clientIds, appId } = await seed(app, people)
  await app.stop()
  const started = performance.now()
  const input = { firstUser, users, charges, clientIds, developerId, nowMs: Date.now(), isOnePerson }
  const rows = fill(join(dataDir, "purser.db"), input)
  const fillMs = Math.round(performance.now() - started)
  app = await compose(config, { log: silentLog, stripe: SELLS })
  await app.listen()
  const cookies: string[] = []
  for (const email of emails) cookies.push(await signIn(url, email))
  // The proof of the books that follows a start would be measured otherwise: the read Worker answers in order, also what it cannot.
  await app.reads.ask("bench.wait").catch(() => {})
  const before = process.cpuUsage()
  say({ port, cookies, appId, rows, fillMs } satisfies Ready)
  for await (const _ of Bun.stdin.stream()) break
  const { user, system } = process.cpuUsage(before)
  say({ cpuUs: user + system, rssMb: Math.round(process.memoryUsage().rss / 1_048_576) } satisfies Report)
  await app.stop()
  process.exit(0)
}

async function seed(app: App, people: number) {
  const developer = await app.identity.createUser(CTX, {
    email: "dev@example.com",
    password: randomSecret(),
    name: "Dev",
  })
  const names = ["Storyteller", "Margin Notes", "Kitchen Helper"]
  const clients = []
  for (const name of names) {
    const made = await app.store.write(CTX, (tx) =>
      app.oauth.registerClientIn(tx, {
        ownerId: developer.id,
        type: "confidential",
        name,
        scopes: ["llm"],
        redirectUris: ["http://localhost/callback"],
      }),
    )
    clients.push(made.client)
  }
  const emails: string[] = []
  let firstUser = 0
  for (let at = 0; at < people; at++) {
    const email = `person${at}@example.com`
    const user = await app.identity.createUser(CTX, { email, password: PASSWORD, name: `Person ${at}` })
    if (at === 0) firstUser = user.id
    emails.push(email)
  }
  const clientIds = clients.map((client) => client.id)
  return { emails, firstUser, developerId: developer.id, clientIds, appId: clients[0]!.publicId }
}

async function signIn(url: string, email: string): Promise<string> {
  const agent = new WebAgent((next) => next.origin === url)
  const login = await agent.get(`${url}/dashboard`)
  const dashboard = await agent.submit(login, "/login", { email, password: PASSWORD })
  if (dashboard.url !== `${url}/dashboard`) throw new Error(`not signed in: ${dashboard.url} ${dashboard.status}`)
  const cookie = (name: string) => `purser_${name}=${agent.cookie(url, name)}`
  return `${cookie("console")}; ${cookie("browser")}`
}

function floor(): void {
  say({ port: startFloor() })
}

export interface PagesBenchOptions {
  quick?: boolean
  onePerson?: boolean
  print?: (line: string) => void
}

export async function run(options: PagesBenchOptions = {}): Promise<PagesBenchResult> {
  const print = options.print ?? console.log
  const isOnePerson = options.onePerson ?? false
  const users = options.quick ? 200 : 10_000
  const charges = options.quick ? 10_000 : 1_000_000
  const roundMs = options.quick ? 120 : 3_000
  const folder = mkdtempSync(join(tmpdir(), "purser-bench-"))
  const parts: Part<unknown, unknown>[] = []
  try {
    const { cpus, line: about } = machine(folder)
    print(about)
    const bare = await part<{ port: number }, never>(import.meta.path, "floor")
    parts.push(bare)
    const ours = await part<Ready, Report>(
      import.meta.path,
      "purser",
      String(users),
      String(charges),
      isOnePerson ? "1" : "0",
      folder,
    )
    parts.push(ours)
    const { port, cookies, appId, rows, fillMs } = ours.first
    print(
      `rows, made in ${(fillMs / 1_000).toFixed(1)} s: ${Object.entries(rows)
        .map(([table, n]) => `${table} ${n}`)
        .join(", ")}`,
    )
    print(
      `${cookies.length} signed in, ${CONNECTIONS} connections and 1; p99 as a browser would see it, load from the same machine`,
    )

    const perPerson = isOnePerson ? charges : charges / users
    const middle = (person: number) => chargeId(users, isOnePerson, person, Math.floor(perPerson / 2))
    const from = new Date(Date.now() - 60 * 86_400_000).toISOString().slice(0, 10)
    const pages: Record<string, (person: number) => string> = {
      dashboard: () => "/dashboard",
      credits: () => "/credits",
      "credits, middle": (person) => `/credits?before=${middle(person)}`,
      "credits, daily": () => "/credits?kind=claims",
      "credits, app+days": () => `/credits?app=${appId}&to=${from}`,
      "credits, charges+days": () => `/credits?kind=charges&range=30d`,
      pricing: () => "/pricing",
    }
    const result: PagesBenchResult = {
      bench: "pages",
      ratio: Number.POSITIVE_INFINITY,
      ratios: {},
      per_s: {},
      floor_per_s: {},
      p99_ms: {},
      p99_one_ms: {},
      cpu_us: 0,
      csv_rows_per_s: 0,
      rss_mb: 0,
      users,
      charges,
      cpus,
    }
    let answers = 0
    for (const [name, path] of Object.entries(pages)) {
      const requests = cookies.map((cookie, person) =>
        Buffer.from(`GET ${path(person)} HTTP/1.1\r\nhost: localhost:${port}\r\ncookie: ${cookie}\r\n\r\n`),
      )
      const warm = await load(port, CONNECTIONS, roundMs / 4, turns(requests))
      const size = Math.round(warm.bytes)
      const floorRequest = [Buffer.from(`GET /bytes/${size} HTTP/1.1\r\nhost: localhost\r\n\r\n`)]
      await load(bare.first.port, CONNECTIONS, roundMs / 4, turns(floorRequest))
      const base = await load(bare.first.port, CONNECTIONS, roundMs, turns(floorRequest))
      const many = await load(port, CONNECTIONS, roundMs, turns(requests))
      const one = await load(port, 1, roundMs / 2, turns(requests))
      const bad = [base, many, one].find((each) => each.bad > 0)
      if (bad) throw new Error(`${bad.bad} answers were not 200, such as ${bad.firstBad}`)
      answers += warm.count + many.count + one.count
      result.ratios[name] = two(many.perSecond / base.perSecond)
      result.per_s[name] = Math.round(many.perSecond)
      result.floor_per_s[name] = Math.round(base.perSecond)
      result.p99_ms[name] = two(many.p99Ms)
      result.p99_one_ms[name] = two(one.p99Ms)
      result.ratio = Math.min(result.ratio, result.ratios[name])
      print(
        `${name.padEnd(22)} ${line(many)} | 1 conn ${line(one)} | floor ${line(base)} | ${Math.round(size / 1_000)} kB, ratio ${result.ratios[name]}`,
      )
    }
    const csv = await download(port, cookies[0]!)
    result.csv_rows_per_s = Math.round(csv.rows / csv.seconds)
    const report = await ours.finish()
    result.rss_mb = report.rssMb
    result.cpu_us = Math.round(report.cpuUs / Math.max(1, answers))
    print(
      `CSV: ${csv.rows} rows, ${Math.round(csv.bytes / 1_000)} kB in ${csv.seconds.toFixed(1)} s, ${result.csv_rows_per_s} rows/s`,
    )
    print(`server: ${(report.cpuUs / 1e6).toFixed(1)} s of processor time in all, RSS at the end ${report.rssMb} MB`)
    return result
  } finally {
    for (const one of parts) one.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

const line = (one: Load): string =>
  `${one.perSecond.toFixed(0).padStart(6)}/s p50 ${one.p50Ms.toFixed(2)} p99 ${one.p99Ms.toFixed(2)} ms`

async function download(port: number, cookie: string) {
  const started = performance.now()
  const response = await fetch(`http://localhost:${port}/credits.csv`, { headers: { cookie } })
  if (!response.ok) throw new Error(`the CSV answered ${response.status}`)
  let bytes = 0
  let rows = -1
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    for (const byte of chunk) if (byte === 10) rows++
  }
  return { bytes, rows, seconds: (performance.now() - started) / 1_000 }
}

if (import.meta.main) {
  const role = process.argv.find((arg) => arg.startsWith("--role="))?.slice(7)
  const rest = process.argv.slice(3)
  if (role === "floor") floor()
  else if (role === "purser") await purser(Number(rest[0]), Number(rest[1]), rest[2] === "1", rest[3]!)
  else {
    const has = (flag: string) => process.argv.includes(flag)
    say(await run({ quick: has("--quick"), onePerson: has("--one-person") }))
  }
}
