// Figures over HTTP with 10,000,000 calls of 1,000,000 people in the file: each page, API and CSV, alone and while the gateway is under load,
// what that costs the gateway, and a floor of the same run: a bare page of as many bytes. `--quick` has about 0.1 % of it;
// `--calls=N --users=N` other sizes; `--keep=FOLDER` fills that folder once and uses it again, with the calls of the runs before in it.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { foldedThrough, foldIn } from "../src/analytics/store-fold.ts"
import { readConfig, silentLog } from "../src/app/index.ts"
import { WebAgent } from "../src/cli/demo/agent.ts"
import { type App, compose } from "../src/compose.ts"
import { addSandbox, giveCredits, makeClient, mintTokens } from "../test/build.ts"
import { startFloor } from "./floor-page.tsx"
import { type Load, load, type Part, part, turns } from "./kit.ts"
import { inFolder, machine, say, two } from "./measure.ts"
import { fill } from "./pages-data.ts"

export interface AnalyticsBenchResult {
  bench: "analytics"
  /** Of the floor, worst page, one reader and nobody else. */
  ratio: number
  ratios: Record<string, number>
  /** What 99 of 100 answers take, as a multiple of what the floor's take. */
  p99_of_floor: Record<string, number>
  p50_ms: Record<string, number>
  p99_ms: Record<string, number>
  /** The same while the gateway answers as much as it can. */
  busy_p50_ms: Record<string, number>
  busy_p99_ms: Record<string, number>
  /** What the floor's take meanwhile. */
  busy_floor_p99_ms: Record<string, number>
  /** Calls a second of the gateway alone, and while figures are read without a pause. */
  gateway_per_s: number
  gateway_busy_per_s: number
  gateway_p99_ms: number
  gateway_busy_p99_ms: number
  calls: number
  users: number
  fill_s: number
  /** Summing all calls, ms of the writer for 1,000. */
  fold_ms_per_1000: number
  /** The proof of the books, with nobody beside it. */
  proof_s: number
  rss_mb: number
  cpus: number
}

const CTX = { actor: "cli", requestId: "req_bench", reason: "benchmark data" }
const PASSWORD = "a long bench password"
const CALLER = "caller@example.com"
const OVERRIDES = { log: silentLog, sandboxWordMs: 0 }
const SLICE = 250_000
/** One of those who came late. */
const PERSON = `usr_bench${"0042".padStart(21, "0")}`
const SENDERS = 16
const CALLER_NANO = 1_000_000_000_000
/** Long enough for one answer at least, however busy the machine is. */
const FLOOR_MS = 200
/** A key may ask 120 times a minute: as many keys as an app may have, and no more questions than they allow. */
const APP_KEYS = 10
const QUESTIONS = 120

/** What a filled folder is asked with. */
interface Filled {
  calls: number
  users: number
  appId: string
  quietAppId: string
  /** Of the first app. */
  secret: string
  appKeys: string[]
  adminKey: string
  fillMs: number
  foldMs: number
}

interface Ready extends Filled {
  port: number
  admin: string
  person: string
  developer: string
  token: string
  /** How long the hourly proof of the books took, which runs at a start too. */
  proofMs: number
}

async function purser(calls: number, users: number, dataDir: string): Promise<void> {
  mkdirSync(dataDir, { recursive: true })
  const port = portOf(dataDir)
  const url = `http://localhost:${port}`
  const config = readConfig({ port: String(port), "data-dir": dataDir, "base-url": url }, {})
  // The last thing that is written: a folder whose filling was broken off is filled again.
  const note = join(dataDir, "bench.json")
  if (!existsSync(note)) await fillFolder(config, { calls, users, dataDir, note })
  const filled = JSON.parse(readFileSync(note, "utf8")) as Filled
  if (filled.calls !== calls || filled.users !== users)
    throw new Error(`${dataDir} has ${filled.calls} calls of ${filled.users} people: name these, or another folder`)
  const app = await compose(config, OVERRIDES)
  const token = await tokenOf(app, filled)
  await app.listen()
  const [admin, person, developer] = [
    await signIn(url, "admin@example.com"),
    await signIn(url, "person@example.com"),
    await signIn(url, "dev@example.com"),
  ]
  await app.reads.ask("bench.wait").catch(() => {})
  const proofMs = await proved(app)
  say({ ...filled, port, admin, person, developer, token, proofMs } satisfies Ready)
  for await (const _ of Bun.stdin.stream()) break
  say({ rssMb: Math.round(process.memoryUsage().rss / 1_048_576) })
  await app.stop()
  process.exit(0)
}

/** When the proof of the start is over: it takes a core for minutes of each hour, and figures are measured without it. @returns ms */
async function proved({ verification, ledger }: App): Promise<number> {
  await verification.run({ ...CTX, reason: "waiting for the proof" })
  return ledger.verifications(1)[0]!.tookMs
}

/** A house keeps the address that it began with. */
function portOf(dataDir: string): number {
  const kept = join(dataDir, "bench-port")
  if (existsSync(kept)) return Number(readFileSync(kept, "utf8"))
  const probe = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() })
  const port = probe.port!
  probe.stop(true)
  writeFileSync(kept, String(port))
  return port
}

async function fillFolder(
  config: ReturnType<typeof readConfig>,
  { calls, users, dataDir, note }: { calls: number; users: number; dataDir: string; note: string },
): Promise<void> {
  for (const name of ["purser.db", "purser.db-wal", "purser.db-shm"]) rmSync(join(dataDir, name), { force: true })
  let app = await compose(config, OVERRIDES)
  const seeds = await seed(app)
  await app.stop()
  const started = performance.now()
  fill(join(dataDir, "purser.db"), {
    firstUser: seeds.personId,
    users,
    charges: calls,
    clientIds: seeds.clientIds,
    quietId: seeds.quietId,
    developerId: seeds.developerId,
    nowMs: Date.now(),
    isOnePerson: false,
  })
  const fillMs = performance.now() - started
  app = await compose(config, OVERRIDES)
  const foldMs = await foldAll(app)
  await app.stop()
  writeFileSync(`${note}.part`, JSON.stringify({ calls, users, ...seeds.names, fillMs, foldMs } satisfies Filled))
  renameSync(`${note}.part`, note)
}

/** Of somebody who calls, anew for each run: they got their credits when the folder was filled. */
async function tokenOf(app: App, { appId, secret }: Filled): Promise<string> {
  const [client, user] = [app.oauth.clientByPublicId(appId)!, app.identity.userByEmail(CALLER)!]
  // All that they have: the runs of a day use one folder.
  return (await mintTokens(app, { user, client, secret, dailyNano: CALLER_NANO })).accessToken
}

async function seed(app: App) {
  const user = (email: string, isAdmin = false) =>
    app.identity.createUser(CTX, { email, password: PASSWORD, name: email, isAdmin })
  const admin = await user("admin@example.com", true)
  const developer = await user("dev@example.com")
  await app.developers.acceptAgreement(CTX, {
    userId: developer.id,
    version: app.developers.agreementVersion,
    company: "Bench",
  })
  await addSandbox(app)
  const clients = []
  for (const name of ["Storyteller", "Margin Notes", "Kitchen Helper", "Quiet Hours"])
    clients.push(await makeClient(app, { ownerId: developer.id, name }))
  const [first, , , quiet] = clients
  const caller = await user(CALLER)
  await giveCredits(app, caller, CALLER_NANO)
  const appKeys: string[] = []
  for (let at = 0; at < APP_KEYS; at++) {
    const { secret } = await app.appKeys.create(CTX, {
      ownerId: developer.id,
      clientPublicId: first!.client.publicId,
      name: `Server ${at}`,
      scopes: ["users", "usage", "revenue"],
    })
    appKeys.push(secret)
  }
  const adminKey = await app.keys.create(CTX, { userId: admin.id, name: "Figures", scopes: ["admin:settings"] })
  // The last one: people of the file are numbered from here on.
  const person = await user("person@example.com")
  return {
    personId: person.id,
    developerId: developer.id,
    clientIds: clients.slice(0, 3).map(({ client }) => client.id),
    quietId: quiet!.client.id,
    names: {
      appId: first!.client.publicId,
      quietAppId: quiet!.client.publicId,
      secret: first!.secret,
      appKeys,
      adminKey: adminKey.secret,
    },
  }
}

/** In large slices: a million people's calls are not summed while somebody waits. */
async function foldAll(app: App): Promise<number> {
  const started = performance.now()
  const last = app.store.read.get<{ id: number }>("SELECT MAX(id) AS id FROM v_charges")!.id
  for (;;) {
    const isMore = await app.store.write(CTX, (tx) => {
      const after = foldedThrough(tx)
      if (after >= last) return false
      foldIn(tx, after, Math.min(last, after + SLICE))
      return true
    })
    if (!isMore) return performance.now() - started
  }
}

async function signIn(url: string, email: string): Promise<string> {
  const agent = new WebAgent((next) => next.origin === url)
  const login = await agent.get(`${url}/dashboard`)
  const dashboard = await agent.submit(login, "/login", { email, password: PASSWORD })
  if (dashboard.status !== 200) throw new Error(`not signed in: ${dashboard.url} ${dashboard.status}`)
  return agent.cookieHeader(url)
}

export interface AnalyticsBenchOptions {
  quick?: boolean
  calls?: number
  users?: number
  /** Folder that is filled once; its own for each run by default. */
  keep?: string
  print?: (line: string) => void
}

const get = (port: number, path: string, ...heads: string[]): Buffer =>
  Buffer.from(`GET ${path} HTTP/1.1\r\nhost: localhost:${port}\r\n${heads.map((one) => `${one}\r\n`).join("")}\r\n`)

function questions({
  port,
  admin,
  person,
  developer,
  appId,
  quietAppId,
  appKeys,
  adminKey,
}: Ready): Record<string, Buffer[]> {
  const [boss, own, dev] = [`cookie: ${admin}`, `cookie: ${person}`, `cookie: ${developer}`]
  const byKey = (path: string) => appKeys.map((secret) => get(port, path, `authorization: Bearer ${secret}`))
  return {
    dashboard: [get(port, "/dashboard", own)],
    usage: [get(port, "/usage?range=90d", own)],
    "usage.csv": [get(port, "/usage.csv?range=90d&by=model", own)],
    "developer home": [get(port, "/developer", dev)],
    developer: [get(port, "/developer/analytics?range=90d", dev)],
    app: [get(port, `/developer/apps/${appId}`, dev)],
    "developer, app": [get(port, `/developer/analytics?range=30d&app=${appId}`, dev)],
    requests: [get(port, `/developer/apps/${appId}/requests`, dev)],
    "requests, failed": [get(port, `/developer/apps/${appId}/requests?only=failed`, dev)],
    "requests, quiet app": [get(port, `/developer/apps/${quietAppId}/requests`, dev)],
    health: [get(port, `/developer/apps/${appId}/health`, dev)],
    "app users": [get(port, `/developer/apps/${appId}/users`, dev)],
    "app users, search": [get(port, `/developer/apps/${appId}/users?q=bench4242`, dev)],
    "app API, users": byKey("/v1/app/users?limit=100"),
    "app API, use": byKey("/v1/app/analytics/usage?range=30d"),
    "app API, revenue": byKey("/v1/app/analytics/revenue?range=30d"),
    admin: [get(port, "/admin?range=30d", boss)],
    "admin users": [get(port, "/admin/users", boss)],
    "admin users, search": [get(port, "/admin/users?q=bench4242", boss)],
    "admin users, by name": [get(port, "/admin/users?sort=name", boss)],
    "admin apps": [get(port, "/admin/apps", boss)],
    "admin app": [get(port, `/admin/apps/${appId}`, boss)],
    "admin person": [get(port, `/admin/users/${PERSON}`, boss)],
    "admin analytics": [get(port, "/admin/analytics?range=30d", boss)],
    "admin analytics, 90d": [get(port, "/admin/analytics?range=90d", boss)],
    "admin API": [get(port, "/api/v1/admin/analytics?range=30d", `authorization: Bearer ${adminKey}`)],
  }
}

export const run = (options: AnalyticsBenchOptions = {}): Promise<AnalyticsBenchResult> =>
  inFolder(async (folder) => {
    const print = options.print ?? console.log
    const calls = options.calls ?? (options.quick ? 10_000 : 10_000_000)
    const users = options.users ?? (options.quick ? 1_000 : 1_000_000)
    const roundMs = options.quick ? 60 : 4_000
    const parts: Part<unknown, unknown>[] = []
    try {
      const { cpus, line } = machine(folder)
      print(line)
      const bare = await part<{ port: number }, never>(import.meta.path, "floor")
      parts.push(bare)
      const ours = await part<Ready, { rssMb: number }>(
        import.meta.path,
        "purser",
        String(calls),
        String(users),
        options.keep === undefined ? join(folder, "data") : resolve(options.keep),
      )
      parts.push(ours)
      const result = await measure(ours.first, bare.first.port, roundMs, print)
      const { rssMb } = await ours.finish()
      const { fillMs, foldMs, proofMs } = ours.first
      const made = {
        fill_s: two(fillMs / 1_000),
        fold_ms_per_1000: two((foldMs * 1_000) / calls),
        proof_s: two(proofMs / 1_000),
      }
      return { bench: "analytics", ...result, calls, users, ...made, rss_mb: rssMb, cpus }
    } finally {
      for (const one of parts) one.kill()
    }
  })

async function measure(ready: Ready, floorPort: number, roundMs: number, print: (line: string) => void) {
  const { port } = ready
  const call = chatCall(ready)
  await load(port, SENDERS, roundMs / 2, () => call)
  const alone = sound(await load(port, SENDERS, roundMs, () => call))
  const names = [
    "ratios",
    "p99_of_floor",
    "p50_ms",
    "p99_ms",
    "busy_p50_ms",
    "busy_p99_ms",
    "busy_floor_p99_ms",
  ] as const
  const told = Object.fromEntries(names.map((name) => [name, {}])) as Record<
    (typeof names)[number],
    Record<string, number>
  >
  const gateway: Load[] = []
  for (const [name, requests] of Object.entries(questions(ready))) {
    const first = sound(await load(port, 1, roundMs / 4, capped(requests)))
    const one = sound(await load(port, 1, roundMs, capped(requests)))
    const floor = await load(
      floorPort,
      1,
      Math.max(roundMs / 2, FLOOR_MS),
      turns([get(floorPort, `/bytes/${Math.round(first.bytes)}`)]),
    )
    const [busy, under] = await Promise.all([
      load(port, 1, roundMs, capped(requests)),
      load(port, SENDERS, roundMs, () => call),
    ])
    gateway.push(sound(under))
    // What a machine without a free core makes of a bare page.
    const [bare] = await Promise.all([
      load(floorPort, 1, roundMs / 2, turns([get(floorPort, `/bytes/${Math.round(first.bytes)}`)])),
      load(port, SENDERS, roundMs / 2, () => call),
    ])
    // Four places: a page of figures is hundreds of bare ones.
    told.ratios[name] = Math.round((one.perSecond / floor.perSecond) * 10_000) / 10_000
    told.p99_of_floor[name] = two(one.p99Ms / Math.max(floor.p99Ms, 0.01))
    told.p50_ms[name] = two(one.p50Ms)
    told.p99_ms[name] = two(one.p99Ms)
    told.busy_p50_ms[name] = two(sound(busy).p50Ms)
    told.busy_p99_ms[name] = two(busy.p99Ms)
    told.busy_floor_p99_ms[name] = two(bare.p99Ms)
    print(
      `${name.padEnd(22)} ${lineOf(one)} | busy ${lineOf(busy)} | floor ${lineOf(floor)} busy p99 ${bare.p99Ms.toFixed(2)} | p99 ${told.p99_of_floor[name]} of the floor's | gateway ${lineOf(under)}`,
    )
  }
  const mean = (of: (one: Load) => number) => two(gateway.reduce((sum, one) => sum + of(one), 0) / gateway.length)
  print(`gateway alone          ${lineOf(alone)}`)
  return {
    ratio: Math.min(...Object.values(told.ratios)),
    ...told,
    gateway_per_s: two(alone.perSecond),
    gateway_busy_per_s: mean((one) => one.perSecond),
    gateway_p99_ms: two(alone.p99Ms),
    gateway_busy_p99_ms: mean((one) => one.p99Ms),
  }
}

/** In turn, and no more than their keys allow. */
function capped(requests: Buffer[]): () => Buffer | null {
  const next = turns(requests)
  let left = requests.length > 1 ? QUESTIONS : Number.POSITIVE_INFINITY
  return () => (left-- > 0 ? next() : null)
}

function chatCall({ port, token }: Ready): Buffer {
  const body = JSON.stringify({ model: "sandbox", messages: [{ role: "user", content: "Tell me something." }] })
  return Buffer.from(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost:${port}\r\nauthorization: Bearer ${token}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
}

function sound(one: Load): Load {
  if (one.bad > 0) throw new Error(`${one.bad} answers were not 200, such as ${one.firstBad}`)
  return one
}

const lineOf = (one: Load): string =>
  `${one.perSecond.toFixed(0).padStart(6)}/s p50 ${one.p50Ms.toFixed(2)} p99 ${one.p99Ms.toFixed(2)} ms`

if (import.meta.main) {
  const role = process.argv.find((arg) => arg.startsWith("--role="))?.slice(7)
  const rest = process.argv.slice(3)
  if (role === "floor") say({ port: startFloor() })
  else if (role === "purser") await purser(Number(rest[0]), Number(rest[1]), rest[2]!)
  else {
    const number = (name: string) => {
      const text = process.argv.find((arg) => arg.startsWith(`--${name}=`))?.split("=")[1]
      return text === undefined ? {} : { [name]: Number(text) }
    }
    const keep = process.argv.find((arg) => arg.startsWith("--keep="))?.slice("--keep=".length)
    const quick = process.argv.includes("--quick")
    say(await run({ quick, ...number("calls"), ...number("users"), ...(keep === undefined ? {} : { keep }) }))
  }
}
