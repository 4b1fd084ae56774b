// Requests per second through the whole path (token, limits, price, hold, upstream, settle, usage, roll-up; every commit
// durable) against a floor of the same run: a bare `Bun.serve` → `fetch` proxy to the same upstream. Each part is a process
// of its own on loopback; the load comes from raw sockets, so that the generator costs little. `--quick` is for CI.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { credits, PrincipalId, randomSecret, readConfig, sha256Hex, silentLog, UserId } from "../src/app/index.ts"
import { compose } from "../src/compose.ts"
import type { Oauth } from "../src/oauth/index.ts"
import { type Load, load, median, part, turns } from "./kit.ts"
import { machine, say, two } from "./measure.ts"

export interface GatewayBenchResult {
  bench: "gateway"
  /** Answers per second at 32 connections, as a part of the floor. */
  ratio: number
  streams_ratio: number
  rps: number
  floor_rps: number
  streams_per_s: number
  floor_streams_per_s: number
  added_p50_ms: number
  added_p99_ms: number
  cpus: number
  fsync_ms: number
  users: number
  lots: number
  calls: number
}

const CONNECTIONS = 32
const EVENTS = 50
const LOTS_PER_USER = 5
const CTX = { actor: "cli", requestId: "req_bench", reason: "benchmark data" }
const PIECE = { id: "c1", object: "chat.completion.chunk", created: 1, model: "bench-1" }
const USAGE = { prompt_tokens: 20, completion_tokens: EVENTS, total_tokens: 20 + EVENTS }

// ---- the parts, each in a process of its own -------------------------------------------------------------------------------

function mock(): void {
  const answer = JSON.stringify({
    id: "c1",
    object: "chat.completion",
    created: 1,
    model: "bench-1",
    choices: [{ index: 0, message: { role: "assistant", content: "x".repeat(500) }, finish_reason: "stop" }],
    usage: USAGE,
  })
  const encoder = new TextEncoder()
  const event = (more: object) => encoder.encode(`data: ${JSON.stringify({ ...PIECE, ...more })}\n\n`)
  const events = Array.from({ length: EVENTS }, () =>
    event({ choices: [{ index: 0, delta: { content: " word" }, finish_reason: null }] }),
  )
  events.push(
    event({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }),
    event({ choices: [], usage: USAGE }),
  )
  events.push(encoder.encode("data: [DONE]\n\n"))
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const body = await request.text()
      if (!body.includes('"stream":true'))
        return new Response(answer, { headers: { "content-type": "application/json" } })
      let at = 0
      const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.enqueue(events[at++])
          if (at === events.length) controller.close()
        },
      })
      return new Response(stream, { headers: { "content-type": "text/event-stream" } })
    },
  })
  say({ port: server.port })
}

function floor(upstream: string): void {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const body = await request.text()
      const headers = { "content-type": "application/json", authorization: "Bearer key" }
      const response = await fetch(`${upstream}/chat/completions`, { method: "POST", headers, body })
      return new Response(response.body, { headers: { "content-type": response.headers.get("content-type")! } })
    },
  })
  say({ port: server.port })
}

async function purser(upstream: string, users: number, dataDir: string): Promise<void> {
  const config = readConfig({ port: "0", "data-dir": dataDir, "base-url": "http://localhost:8080" }, {})
  const app = await compose(config, { log: silentLog })
  await app.pricing.setModelPrice(CTX, { provider: "openai", model: "bench-1", rates: { input: 1_000, output: 2_000 } })
  await app.gateway.addUpstream(CTX, {
    kind: "openai-compatible",
    name: "bench",
    baseUrl: upstream,
    apiKey: "key",
    priceProvider: "openai",
    models: ["bench-1"],
  })
  const developer = users + 1
  const { client, secret } = await app.store.write(CTX, (tx) =>
    app.oauth.registerClientIn(tx, {
      ownerId: UserId(developer),
      type: "confidential",
      name: "Bench",
      scopes: ["llm"],
      redirectUris: ["http://localhost/callback"],
    }),
  )
  const tokens = new Array<string>(users)
  for (let from = 0; from < users; from += 100) {
    const ids = Array.from({ length: Math.min(100, users - from) }, (_, at) => from + at + 1)
    await app.store.write(CTX, (tx) => {
      for (const id of ids) {
        // People are made without passwords: hashing 10,000 of them would be all this benchmark does.
        tx.run("INSERT INTO principals (id, kind, created_ms) VALUES (?, 'user', ?)", id, tx.now)
        tx.run(
          `INSERT INTO users (id, public_id, email, email_verified_ms, created_ms, updated_ms) VALUES (?, ?, ?, ?, ?, ?)`,
          id,
          `usr_${id}`,
          `p${id}@example.com`,
          tx.now,
          tx.now,
          tx.now,
        )
        for (let lot = 0; lot < LOTS_PER_USER; lot++) {
          app.ledger.grantIn(tx, {
            owner: { kind: "principal", id: PrincipalId(id) },
            mode: "live",
            type: "topup",
            bucket: "purchase",
            paid: true,
            amountNano: credits(1_000_000),
            key: `bench:${id}:${lot}`,
          })
        }
        app.ledger.claimDailyIn(tx, {
          owner: { kind: "principal", id: PrincipalId(id) },
          mode: "live",
          amountNano: credits(100),
          freeBudgetNano: null,
          auto: true,
        })
      }
    })
    await Promise.all(
      ids.map(async (id) => {
        tokens[id - 1] = await login(app.oauth, client.publicId, secret!, id)
      }),
    )
  }
  const server = await app.listen()
  writeFileSync(join(dataDir, "tokens.json"), JSON.stringify(tokens))
  const cpuBefore = process.cpuUsage()
  say({ port: server.port })
  // On stdin's end: what happened, and whether the books hold.
  for await (const _ of Bun.stdin.stream()) break
  const loadCpu = process.cpuUsage(cpuBefore)
  const calls = app.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM usage_calls WHERE status = 200")!.n
  const verify = app.ledger.verify()
  const { commits, mutations, commitMs } = app.store.stats
  const count = (table: string) => app.store.read.get<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`)!.n
  const rows = Object.fromEntries(TABLES.map((table) => [table, count(table)]))
  const cpuUs = Math.round((loadCpu.user + loadCpu.system) / Math.max(1, calls))
  console.log(
    JSON.stringify({
      calls,
      ok: verify.ok,
      commits,
      mutations,
      commitMs: Math.round(commitMs),
      rssMb: rss(),
      cpuUs,
      rows,
    }),
  )
  await app.stop()
  process.exit(0)
}

const TABLES = ["holds", "transactions", "entries", "usage_calls", "usage_daily"]
const rss = (): number => Math.round(process.memoryUsage().rss / 1_048_576)

async function login(oauth: Oauth, clientId: string, secret: string, userId: number): Promise<string> {
  const verifier = sha256Hex("bench verifier")
  const challenge = new Bun.CryptoHasher("sha256").update(verifier).digest("base64url")
  const redirect = "http://localhost/callback"
  const session = { sessionId: userId, userId: UserId(userId), authTimeMs: Date.now() }
  const browserIds = [randomSecret()]
  const params = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirect,
    response_type: "code",
    scope: "openid llm",
    state: "s",
    code_challenge: challenge,
    code_challenge_method: "S256",
  })
  let outcome = await oauth.beginAuthorization({ params, session, browserIds, requestId: "req_bench" })
  if (outcome.kind === "consent") {
    const decision = { approve: true, scopes: ["openid", "llm"], limits: { llm: credits(1_000_000) } }
    outcome = await oauth.decide({
      interaction: outcome.interaction,
      session,
      browserIds,
      requestId: "req_bench",
      ...decision,
    })
  }
  if (outcome.kind !== "redirect") throw new Error(`no code: ${outcome.kind}`)
  const code = new URL(outcome.location).searchParams.get("code")!
  const answer = await oauth.token({
    params: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      code_verifier: verifier,
      redirect_uri: redirect,
      client_id: clientId,
      client_secret: secret,
    }),
    authorization: null,
    requestId: "req_bench",
  })
  return answer.access_token
}

// ---- load ------------------------------------------------------------------------------------------------------------------

function requests(tokens: string[], stream: boolean): () => Buffer {
  const messages = [{ role: "user", content: "Tell me something about ledgers, in one paragraph please." }]
  const body = JSON.stringify({ model: "bench-1", messages, max_tokens: 200, ...(stream ? { stream: true } : {}) })
  const all = tokens.map((token) =>
    Buffer.from(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    ),
  )
  return turns(all)
}

// ---- the run ---------------------------------------------------------------------------------------------------------------

export async function run(
  options: { quick?: boolean; print?: (line: string) => void } = {},
): Promise<GatewayBenchResult> {
  const print = options.print ?? console.log
  const users = options.quick ? 200 : 10_000
  const roundMs = options.quick ? 1_000 : 4_000
  const rounds = options.quick ? 1 : 3
  const folder = mkdtempSync(join(tmpdir(), "purser-bench-"))
  const parts: { kill(): void }[] = []
  const start = async (role: string, ...args: string[]) => {
    const one = await part<{ port: number }, Report>(import.meta.path, role, ...args)
    parts.push(one)
    return { port: one.first.port, finish: one.finish }
  }
  try {
    const { cpus, fsync_ms, line } = machine(folder)
    print(line)
    const upstream = await start("mock")
    const url = `http://127.0.0.1:${upstream.port}/v1`
    const bare = await start("floor", url)
    const started = performance.now()
    const ours = await start("purser", url, String(users), folder)
    print(
      `${users} users, ${users * LOTS_PER_USER} lots, ${users} tokens in ${Math.round((performance.now() - started) / 1_000)} s`,
    )
    const tokens = JSON.parse(readFileSync(join(folder, "tokens.json"), "utf8")) as string[]
    const json = requests(tokens, false)
    const stream = requests(tokens, true)
    const against = async (name: string, connections: number, request: () => Buffer) => {
      const floors: Load[] = []
      const purser: Load[] = []
      await load(bare.port, connections, roundMs / 4, request)
      await load(ours.port, connections, roundMs / 4, request)
      for (let round = 0; round < rounds; round++) {
        floors.push(await load(bare.port, connections, roundMs, request))
        purser.push(await load(ours.port, connections, roundMs, request))
      }
      const pair = { floor: median(floors), purser: median(purser) }
      for (const [who, one] of Object.entries(pair)) {
        print(
          `${name.padEnd(24)} ${who.padEnd(7)} ${one.perSecond.toFixed(0).padStart(6)}/s  p50 ${one.p50Ms.toFixed(3)} ms  p99 ${one.p99Ms.toFixed(3)} ms`,
        )
      }
      const bad = [...floors, ...purser].find((one) => one.bad > 0)
      if (bad) throw new Error(`${bad.bad} answers were not 200, such as ${bad.firstBad}`)
      return pair
    }
    const wide = await against(`answers, ${CONNECTIONS} conns`, CONNECTIONS, json)
    const single = await against("answers, 1 conn", 1, json)
    const streams = await against(`${EVENTS}-event streams, ${CONNECTIONS}`, CONNECTIONS, stream)
    const report = await ours.finish()
    print(
      `${report.calls} calls charged, ${report.mutations} mutations in ${report.commits} commits (${report.commitMs} ms in COMMIT), RSS ${report.rssMb} MB, books ${report.ok ? "hold" : "BROKEN"}`,
    )
    const rows = Object.entries(report.rows).map(([table, n]) => `${table} ${n}`)
    print(`${report.cpuUs} µs of processor time a call (streams included); rows: ${rows.join(", ")}`)
    if (!report.ok) throw new Error("the books do not hold after the run")
    return {
      bench: "gateway",
      ratio: two(wide.purser.perSecond / wide.floor.perSecond),
      streams_ratio: two(streams.purser.perSecond / streams.floor.perSecond),
      rps: Math.round(wide.purser.perSecond),
      floor_rps: Math.round(wide.floor.perSecond),
      streams_per_s: Math.round(streams.purser.perSecond),
      floor_streams_per_s: Math.round(streams.floor.perSecond),
      added_p50_ms: two(single.purser.p50Ms - single.floor.p50Ms),
      added_p99_ms: two(single.purser.p99Ms - single.floor.p99Ms),
      cpus,
      fsync_ms,
      users,
      lots: users * LOTS_PER_USER,
      calls: report.calls,
    }
  } finally {
    for (const one of parts) one.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Report {
  calls: number
  ok: boolean
  commits: number
  mutations: number
  commitMs: number
  rssMb: number
  cpuUs: number
  rows: Record<string, number>
}
if (import.meta.main) {
  const role = process.argv.find((arg) => arg.startsWith("--role="))?.slice(7)
  const rest = process.argv.slice(3)
  if (role === "mock") mock()
  else if (role === "floor") floor(rest[0]!)
  else if (role === "purser") await purser(rest[0]!, Number(rest[1]), rest[2]!)
  else say(await run({ quick: process.argv.includes("--quick") }))
}
