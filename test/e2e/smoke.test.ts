// A deployed instance proved from outside, and what a proxy in front of it can break; the unit that systemd runs it by.
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { credits } from "../../src/app/index.ts"
import { prove, type Step } from "../../src/cli/smoke.ts"
import { unit } from "../../src/cli/systemd.ts"
import { cli } from "../../src/cli/testing.ts"
import {
  addSandbox,
  giveCredits,
  makeClient,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"

setDefaultTimeout(60_000)
const TLS = join(import.meta.dir, "../fixtures/tls")
let server: TestServer
let token = ""
const proxies: Bun.Server<undefined>[] = []
beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
  const user = await makeUser(server.app)
  await giveCredits(server.app, user, credits(1_000))
  token = (await mintTokens(server.app, { user, ...(await makeClient(server.app)) })).accessToken
})
afterAll(() => server?.close())
afterEach(async () => {
  delete process.env.PURSER_SMOKE_TOKEN
  for (const proxy of proxies.splice(0)) await proxy.stop(true)
})

/** Something in front of it that changes its answers. */
function behind(
  change: (path: string, answer: Response) => Response | Promise<Response>,
  tls?: Bun.TLSOptions,
): string {
  const proxy = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    ...(tls ? { tls } : {}),
    async fetch(request) {
      const { pathname, search } = new URL(request.url)
      const body = request.method === "POST" ? await request.text() : undefined
      const { headers, method } = request
      const answer = await fetch(`${server.url}${pathname}${search}`, {
        method,
        headers,
        redirect: "manual",
        decompress: false,
        ...(body === undefined ? {} : { body }),
      })
      return change(pathname, answer)
    },
  })
  proxies.push(proxy)
  return `${tls ? "https" : "http"}://localhost:${proxy.port}`
}
const failed = (steps: readonly Step[]) => steps.filter(({ ok }) => !ok).map(({ name }) => name)
const proved = (url: string, given: Partial<{ token: string }> = {}) =>
  prove(new URL(url), { token: given.token, model: "sandbox" })
const without = (answer: Response, ...names: string[]): Response => {
  const headers = new Headers(answer.headers)
  for (const name of names) headers.delete(name)
  return new Response(answer.body, { status: answer.status, headers })
}

test("an instance that works is proved, with a charged call when a token is given", async () => {
  const plain = await cli("smoke", server.url)
  expect(plain.out).toContain(`${server.url} works.`)
  expect(plain.code).toBe(0)
  expect(plain.out).not.toMatch(/^ok +call /m)
  process.env.PURSER_SMOKE_TOKEN = token
  const called = await cli("smoke", server.url, "--json")
  expect(called.code).toBe(0)
  const { ok, steps } = JSON.parse(called.out) as { ok: boolean; steps: Step[] }
  expect(ok).toBe(true)
  expect(steps.map(({ name }) => name)).toEqual(["tls", "up", "headers", "discovery", "sign-in", "api", "call"])
  expect(steps.at(-1)!.detail).toMatch(/^sandbox streamed \d+ pieces in \d+ ms for [\d.]+ credits$/)
  expect(called.out).not.toContain(token)
})

test("a token or a model that does not work fails the call alone", async () => {
  expect(failed(await proved(server.url, { token: "sk_live_nonsense" }))).toEqual(["call"])
})

test.each<[string, string[], (path: string, answer: Response) => Response]>([
  ["changes no more than the address", ["discovery"], (_, answer) => answer],
  ["drops security headers", ["headers", "discovery"], (_, answer) => without(answer, "content-security-policy")],
  [
    "keeps /assets to itself",
    ["discovery", "sign-in"],
    (path, answer) => (path.startsWith("/assets/") ? new Response("", { status: 404 }) : answer),
  ],
  [
    "asks for a password of its own",
    ["up"],
    () => new Response("", { status: 401, headers: { "www-authenticate": "Basic" } }),
  ],
  [
    "answers the API by a page",
    ["discovery", "api"],
    (path, answer) =>
      path.startsWith("/v1") ? new Response("<h1>Hello</h1>", { headers: { "content-type": "text/html" } }) : answer,
  ],
])("a proxy that %s is found: %p", async (_, fails, change) => {
  expect(failed(await proved(behind(change)))).toEqual(fails)
})

test("nobody there, http in public, a certificate that browsers refuse: one step says so", async () => {
  expect(failed(await proved("http://localhost:1"))).toEqual(["up"])
  const open = await proved("http://ai.example.com")
  expect(open).toEqual([{ name: "tls", ok: false, detail: expect.stringContaining("it is http") }])
  const tls = {
    key: readFileSync(join(TLS, "localhost.key.pem"), "utf8"),
    cert: readFileSync(join(TLS, "localhost.cert.pem"), "utf8"),
  }
  const [step, ...rest] = await proved(behind((_, answer) => answer, tls))
  expect(step).toMatchObject({
    name: "tls",
    ok: false,
    detail: expect.stringContaining("do not accept the certificate"),
  })
  expect(rest).toEqual([])
  expect(await cli("smoke", "ai.example.com")).toMatchObject({ code: 2 })
})

test("the unit has the settings on its command line, no secret, and a stop longer than the drain", async () => {
  const text = unit({
    "base-url": "https://ai.example.com",
    "drain-seconds": "100",
    "mail-from": "100% Purser <p@example.com>",
  })
  expect(text).toContain("--base-url https://ai.example.com")
  expect(text).toContain('"100%% Purser <p@example.com>"')
  expect(text).toContain("TimeoutStopSec=165")
  expect(text).toContain("StateDirectory=purser")
  expect(text).not.toContain("MemoryDenyWriteExecute=")
  expect(unit({ port: "443" })).toContain("AmbientCapabilities=CAP_NET_BIND_SERVICE")
  const elsewhere = unit({ "data-dir": "/srv/my data", "replica-url": "file:///mnt/copy" }, { user: "purser" })
  expect(elsewhere).toContain('ReadWritePaths="/srv/my data"')
  expect(elsewhere).toContain("User=purser")
  expect(elsewhere).toContain("ReadWritePaths=/mnt/copy")
  const told = await cli("systemd", "--credentials", "PURSER_SECRET_KEY,PURSER_SMTP_URL")
  expect(told.out).toContain(
    "LoadCredential=PURSER_SMTP_URL:/etc/purser/PURSER_SMTP_URL\nEnvironment=PURSER_SMTP_URL_FILE=%d/PURSER_SMTP_URL\n",
  )
  expect(await cli("systemd", "--credentials", "PURSER_PORT")).toMatchObject({ code: 2, out: "" })
  expect(await cli("systemd", "--data-dir", "/srv/purser")).toMatchObject({ code: 2, out: "" })
  expect(await cli("systemd", "--port", "eighty")).toMatchObject({ code: 2, out: "" })
})

const analyze = Bun.which("systemd-analyze")
if (!analyze)
  console.log("\n*** no systemd-analyze found: the unit of systemd is NOT verified. Install Debian's systemd. ***\n")
test.skipIf(!analyze)("systemd takes every line of the unit, and rates it as little exposed", () => {
  const folder = mkdtempSync(join(tmpdir(), "purser-unit-"))
  for (const [flags, options] of [
    [{}, { credentials: ["PURSER_SECRET_KEY"] }],
    [{ port: "80", "data-dir": "/srv/purser" }, { user: "root" }],
  ] as const) {
    const path = join(folder, "purser.service")
    writeFileSync(path, `${unit(flags, options)}\n`)
    const verified = Bun.spawnSync([analyze!, "verify", path])
    expect({ code: verified.exitCode, said: verified.stderr.toString() }).toEqual({ code: 0, said: "" })
    // 0 = wholly shut in, 100 = not at all; up to 25 is "OK". What is left is the network and the compiler of the engine.
    const rated = Bun.spawnSync([analyze!, "security", "--offline=true", "--threshold=25", path])
    expect({ path, flags, code: rated.exitCode }).toEqual({ path, flags, code: 0 })
  }
  rmSync(folder, { recursive: true, force: true })
})
