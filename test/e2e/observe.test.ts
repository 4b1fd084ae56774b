// What an operator's tools see over HTTP: metrics of calls that happened, readiness, and the line of log of each request.
import { Database } from "bun:sqlite"
import { afterAll, beforeAll, expect, test } from "bun:test"
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { credits, LIMITS, type Log, readConfig, silentLog } from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import {
  addSandbox,
  chat,
  giveCredits,
  makeClient,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { eventually } from "../eventually.ts"

const TOKEN = "a-metrics-token-of-32-characters"
let server: TestServer
let token = ""
const lines: (Record<string, unknown> & { event: string })[] = []

beforeAll(async () => {
  const keep = (event: string, fields?: object) => void lines.push({ event, ...fields })
  const log: Log = { debug: keep, info: keep, warn: keep, error: keep }
  server = await startTestServer({ log, env: { PURSER_METRICS_TOKEN: TOKEN } })
  await addSandbox(server.app)
  const user = await makeUser(server.app)
  await giveCredits(server.app, user, credits(1_000))
  token = (await mintTokens(server.app, { user, ...(await makeClient(server.app)) })).accessToken
})
afterAll(() => server.close())

const metrics = (authorization?: string) =>
  fetch(`${server.url}/metrics`, authorization ? { headers: { authorization } } : {})
const figure = (text: string, line: string): number =>
  Number(
    text
      .split("\n")
      .find((one) => one.startsWith(`${line} `))
      ?.split(" ")[1] ?? Number.NaN,
  )

test("metrics say what happened, to whoever has the token", async () => {
  expect((await metrics()).status).toBe(401)
  expect((await metrics("Bearer another-token-of-32-characters-")).status).toBe(401)
  expect((await chat(server.url, token)).status).toBe(200)
  await (await chat(server.url, token, { stream: true })).text()
  const answer = await metrics(`Bearer ${TOKEN}`)
  expect(answer.status).toBe(200)
  const text = await answer.text()
  expect(figure(text, 'purser_calls_total{endpoint="chat",end="done"}')).toBe(2)
  expect(figure(text, 'purser_call_seconds_count{endpoint="chat"}')).toBe(2)
  expect(figure(text, 'purser_http_requests_total{method="POST",route="/v1/chat/completions",status="200"}')).toBe(2)
  expect(figure(text, "purser_charged_nanodollars_total")).toBeGreaterThan(0)
  expect(figure(text, "purser_calls_in_flight")).toBe(0)
  expect(figure(text, 'purser_upstream_up{upstream="sandbox"}')).toBe(1)
  for (const name of ["commit_writes_count", "commit_seconds_sum", "sync_seconds_count", "uptime_seconds"])
    expect([name, figure(text, `purser_${name}`)]).toEqual([name, expect.any(Number)])
  expect(text).toContain("purser_write_queue 0")
  expect(text).toContain('purser_event_loop_delay_seconds{of="p99"}')
  expect(text).toContain('purser_outbox_messages{state="dead"} 0')
})

/** Family → its type and samples, as the reader of Prometheus’s own Python library understands them. */
const READER = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families as families
print(json.dumps({f.name: {"type": f.type, "help": f.documentation, "samples": [[s.name, s.labels, s.value] for s in f.samples]}
                  for f in families(sys.stdin.read())}))`
const reads = (python: string) =>
  Bun.spawnSync([python, "-c", "import prometheus_client.parser"], { stderr: "ignore" }).exitCode === 0
/** Debian's own has Debian's packages, whichever comes first on PATH. */
const python = [Bun.which("python3"), "/usr/bin/python3"].find((one) => one !== null && existsSync(one) && reads(one))
const hasReader = python !== undefined
if (!hasReader && !process.env.PURSER_CI)
  console.log("\n*** no reader of Prometheus found: install Debian’s python3-prometheus-client to run its test ***\n")

test.skipIf(!hasReader && !process.env.PURSER_CI)("a reader that we did not write finds every figure", async () => {
  const text = await (await metrics(`Bearer ${TOKEN}`)).text()
  const read = Bun.spawnSync([python!, "-c", READER], { stdin: Buffer.from(text) })
  expect(read.stderr.toString()).toBe("")
  type Family = { type: string; help: string; samples: [string, Record<string, string>, number][] }
  const families = JSON.parse(read.stdout.toString()) as Record<string, Family>
  const typeOf = (name: string) => families[`purser_${name}`]?.type
  const wanted = {
    http_requests: "counter",
    http_request_seconds: "histogram",
    calls: "counter",
    call_seconds: "histogram",
    calls_in_flight: "gauge",
    holds: "gauge",
    held_nanodollars: "gauge",
    write_queue: "gauge",
    commit_writes: "histogram",
    commit_seconds: "histogram",
    sync_seconds: "histogram",
    upstream_up: "gauge",
    job_runs: "counter",
    job_last_seconds: "gauge",
    outbox_messages: "gauge",
    books_ok: "gauge",
    event_loop_delay_seconds: "gauge",
    clock_ahead_seconds: "gauge",
  }
  expect(Object.fromEntries(Object.keys(wanted).map((name) => [name, typeOf(name)]))).toEqual(wanted)
  for (const [name, { help, samples, type }] of Object.entries(families)) {
    expect([name, help === "" ? "no help" : "said", samples.length > 0 || type === "gauge"]).toEqual([
      name,
      "said",
      true,
    ])
    for (const [sample, , value] of samples) expect([sample, Number.isFinite(value)]).toEqual([sample, true])
  }
  // Buckets grow to their count.
  const latency = families.purser_call_seconds!.samples
  const buckets = latency.filter(([name]) => name.endsWith("_bucket")).map(([, , value]) => value)
  expect(buckets).toEqual(buckets.toSorted((a, b) => a - b))
  expect(buckets.at(-1)).toBe(latency.find(([name]) => name.endsWith("_count"))![2])
})

test("without a token and a listener there is no such page", async () => {
  const plain = await startTestServer()
  expect((await fetch(`${plain.url}/metrics`)).status).toBe(404)
  await plain.close()
})

test("a request is one line: its route as a pattern, who asked as a kind, and nothing that opens anything", async () => {
  lines.length = 0
  await chat(server.url, token)
  await fetch(`${server.url}/setup?token=sk_secret_of_a_link`)
  const requests = lines.filter(({ event }) => event === "request")
  expect(requests.map(({ method, route, status, caller }) => [method, route, status, caller])).toEqual([
    ["POST", "/v1/chat/completions", 200, "app"],
    ["GET", expect.any(String), expect.any(Number), "none"],
  ])
  expect(requests.every(({ ms, request }) => Number(ms) >= 0 && String(request).startsWith("req_"))).toBe(true)
  const all = JSON.stringify(lines)
  for (const secret of [token, "sk_secret_of_a_link", "Tell me something"]) expect(all).not.toContain(secret)
})

test("ready until asked to stop; alive all the time", async () => {
  expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ status: "ok" })
  expect((await fetch(`${server.url}/livez`)).status).toBe(200)
})

/** Overwrites the first page of a table that a start does not read. */
function damage(path: string): void {
  const db = new Database(path)
  const { page } = db
    .query<{ page: number }, []>("SELECT rootpage AS page FROM sqlite_schema WHERE name = 'payouts'")
    .get()!
  const { page_size: size } = db.query<{ page_size: number }, []>("PRAGMA page_size").get()!
  db.close(true)
  const file = openSync(path, "r+")
  writeSync(file, Buffer.alloc(size, 0x5a), 0, size, (page - 1) * size)
  closeSync(file)
}

test("a file too large to be read whole before it is served is read beside the service, and damage is told", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "purser-damaged-"))
  const usual = LIMITS.openCheckBytesMax
  const flags = { port: "0", "data-dir": dataDir, "base-url": "http://localhost:9" }
  const open = () => compose(readConfig(flags, {}, true), { log: silentLog })
  await (await open()).stop()
  damage(join(dataDir, "purser.db"))
  await expect(open()).rejects.toThrow("is damaged")
  Object.assign(LIMITS, { openCheckBytesMax: 0 })
  const opened = async () => {
    const app = await open()
    await app.listen()
    return app
  }
  const large = await opened().finally(() => Object.assign(LIMITS, { openCheckBytesMax: usual }))
  const line = () => large.contributed.checks().find(({ label }) => label === "Database")
  expect(await eventually("what was found", line)).toMatchObject({ state: "bad", text: "the file is damaged" })
  expect(large.contributed.metrics.find(({ name }) => name === "database_ok")?.read()).toBe(0)
  await large.stop()
  rmSync(dataDir, { recursive: true, force: true })
})
