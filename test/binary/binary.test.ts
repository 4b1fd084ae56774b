// The executable alone: every verb, its exit codes and its words, in an empty folder and with an empty environment.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { freePort } from "../build.ts"
import { type Executable, filesBeside, openExecutable, type Serving } from "./binary.ts"

// Building and whole jobs, on a machine that may be busy.
setDefaultTimeout(60_000)

let purser: Executable

beforeAll(async () => {
  purser = await openExecutable()
})
afterAll(() => purser?.remove())

describe("alone in an empty folder", () => {
  test("tells its version, and its verbs without any", async () => {
    const version = await purser.run(["version"])
    expect(version).toMatchObject({ code: 0, err: "" })
    expect(version.out).toMatch(/^purser \d+\.\d+\.\d+ \(bun [\d.]+, sqlite [\d.]+, \w+-\w+\)\n$/)
    const help = await purser.run([])
    expect(help.code).toBe(0)
    for (const verb of ["serve", "demo", "setup-link", "ledger verify", "healthcheck", "PURSER_DATA_DIR"])
      expect(help.out).toContain(verb)
  })

  test.each([
    { name: "nothing at all", env: {} },
    { name: "a home that does not exist and no PATH", env: { HOME: "/nonexistent", LANG: "C" } },
  ])("demo --once runs the whole job with $name in its environment", async ({ env }) => {
    const demo = await purser.run(["demo", "--once"], { env })
    expect(demo.err).toBe("")
    expect(demo.out).toMatch(/ok {2}books +verified: \d+ promises over [1-9]\d* transactions/)
    expect(demo.out).toMatch(/ok {2}team +three people of Night Shift share one balance/)
    expect(demo.out).toMatch(/ok {2}test payout +\$0\.\d\d that a test user/)
    expect(demo.out).toContain("payout.requested and payout.paid came to")
    expect(demo.out).toContain("Every step held.")
    expect(demo.code).toBe(0)
    expect(filesBeside(purser)).toEqual([])
  })

  test("a stray .env, bunfig.toml, package.json or tsconfig.json in the folder changes nothing", async () => {
    const cwd = purser.folder("stray")
    writeFileSync(join(cwd, ".env"), "PURSER_PORT=1234\nPURSER_LOG_LEVEL=nonsense\n")
    writeFileSync(join(cwd, "bunfig.toml"), 'preload = ["./evil.ts"]\n')
    writeFileSync(
      join(cwd, "evil.ts"),
      `require("node:fs").writeFileSync(${JSON.stringify(join(cwd, "evil"))}, "ran")\n`,
    )
    writeFileSync(join(cwd, "package.json"), "this is no JSON")
    writeFileSync(join(cwd, "tsconfig.json"), "nor is this")
    const config = await purser.run(["config", "--json"], { cwd })
    expect(config).toMatchObject({ code: 0, err: "" })
    expect(JSON.parse(config.out)).toMatchObject({
      port: { value: 8080, source: "default" },
      logLevel: { value: "info", source: "default" },
      dataDir: { value: join(cwd, "data"), source: "default" },
    })
    expect(existsSync(join(cwd, "evil"))).toBe(false)
    expect(existsSync(join(cwd, "data"))).toBe(false)
  })
})

describe("what it cannot do is told in words and exit codes", () => {
  test.each<{ args: string[]; says: string }>([
    { args: ["nonsense"], says: 'unknown command "nonsense"' },
    { args: ["ledger"], says: '"purser ledger" needs one more word' },
    { args: ["serve", "port", "9000"], says: 'does not know what to do with "port"' },
    { args: ["serve", "--port"], says: "--port needs a value" },
    { args: ["serve", "--port=1", "--port=2"], says: "--port is given twice" },
  ])("$args", async ({ args, says }) => {
    const ran = await purser.run(args)
    expect(ran.err).toContain(says)
    expect(ran).toMatchObject({ code: 2, out: "" })
    expect(filesBeside(purser)).toEqual([])
  })

  test("bad settings are all named at once, and nothing is made", async () => {
    const flags = ["--nonsense=1", "--base-url=http://ai.example.com", "--drain-seconds=-1", "--smtp-url=mail"]
    const env = { PURSER_PORT: "eighty", PURSER_LOG_LEVEL: "loud", PURSER_SECRET_KEY: "short" }
    const ran = await purser.run(["serve", ...flags], { env })
    const named = ["--nonsense", "PURSER_BASE_URL", "PURSER_DRAIN_SECONDS", "PURSER_SMTP_URL", ...Object.keys(env)]
    for (const name of named) expect(ran.err).toContain(`${name}`)
    expect(ran.err.match(/^ {2}- /gm)).toHaveLength(named.length)
    expect(ran).toMatchObject({ code: 2, out: "" })
    expect(filesBeside(purser)).toEqual([])
  })

  test("a port that is taken, and an address of another machine", async () => {
    const other = Bun.serve({ hostname: "127.0.0.1", port: 0, reusePort: false, fetch: () => new Response() })
    const dataDir = purser.folder("taken")
    const { port } = other
    const taken = await purser.run(["serve", "--data-dir", dataDir, "--port", String(port)])
    await other.stop(true)
    expect(taken.err).toContain(`port ${port} on 127.0.0.1 is taken by another program`)
    expect(taken.err).not.toContain("    at ")
    expect(taken.code).toBe(1)
    const elsewhere = purser.folder("elsewhere")
    const wrong = await purser.run(["serve", "--data-dir", elsewhere, "--host", "192.0.2.1", "--port", "8080"])
    expect(wrong.err).toContain("set --host to an address of this machine")
    expect(wrong.err).not.toContain("    at ")
    expect(wrong.code).toBe(1)
  })

  test("no server, no database: healthcheck, ledger verify and setup-link fail and make nothing", async () => {
    const health = await purser.run(["healthcheck", "--port", String(freePort())])
    expect(health.out).toStartWith("down: ")
    expect(health.code).toBe(1)
    const missing = join(purser.home, "missing")
    for (const verb of [["ledger", "verify"], ["setup-link"]]) {
      const ran = await purser.run([...verb, "--data-dir", missing])
      expect(ran.err).toContain("there is no database")
      expect(ran).toMatchObject({ code: 1, out: "" })
    }
    expect(filesBeside(purser)).toEqual([])
  })

  test("a data folder that cannot be made", async () => {
    const below = join(purser.home, "purser", "data")
    const ran = await purser.run(["serve", "--data-dir", below])
    expect(ran.err).toContain(`cannot write to the data folder ${below}`)
    expect(ran.code).toBe(1)
  })
})

describe("serving", () => {
  let server: Serving
  let url = ""
  let flags: string[] = []

  beforeAll(async () => {
    const port = freePort()
    url = `http://localhost:${port}`
    flags = ["--data-dir", join(purser.home, "data"), "--port", String(port), "--drain-seconds", "60"]
    server = await purser.serve(flags)
  })

  test("prints a setup link that opens", async () => {
    const link = (await server.saying(/http:\/\/\S+\/setup\/\S+/))[0]
    expect(link).toStartWith(`${url}/setup/`)
    const page = await fetch(link)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain("<form")
  })

  test("serves pages with their styles, scripts and icons", async () => {
    const page = await fetch(url)
    expect(page.status).toBe(200)
    const linked = [...(await page.text()).matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!)
    expect(linked.some((path) => path.includes(".css"))).toBe(true)
    expect(linked.some((path) => path.includes(".js"))).toBe(true)
    for (const path of new Set(linked)) {
      const asset = await fetch(url + path)
      expect({ path, status: asset.status }).toEqual({ path, status: 200 })
      expect((await asset.arrayBuffer()).byteLength).toBeGreaterThan(100)
    }
  })

  test("answers health and discovery", async () => {
    expect(await (await fetch(`${url}/up`)).json()).toEqual({ status: "ok" })
    const discovery = (await (await fetch(`${url}/.well-known/openid-configuration`)).json()) as { issuer: string }
    expect(discovery.issuer).toBe(url)
    const jwks = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: unknown[] }
    expect(jwks.keys.length).toBeGreaterThan(0)
    const up = await purser.run(["healthcheck", ...flags])
    expect(up.out).toStartWith("up: ")
    expect(up.code).toBe(0)
  })

  test("a second server on the same folder is refused; the first keeps working", async () => {
    const second = await purser.run(["serve", ...flags.slice(0, 2), "--port", String(freePort())])
    expect(second.err).toContain("another Purser is already running on")
    expect(second.code).toBe(3)
    expect((await fetch(`${url}/up`)).status).toBe(200)
    // Through the control socket the first still writes.
    expect((await purser.run(["setup-link", ...flags])).code).toBe(0)
  })

  test("setup-link asks the running server for a link that opens there", async () => {
    const asked = await purser.run(["setup-link", ...flags])
    expect(asked).toMatchObject({ code: 0, err: "" })
    expect(asked.out.trim()).toStartWith(`${url}/setup/`)
    expect((await fetch(asked.out.trim())).status).toBe(200)
  })

  test("ledger verify proves the books beside it", async () => {
    const verified = await purser.run(["ledger", "verify", ...flags])
    expect(verified.out).toContain("The books balance.")
    expect(verified).toMatchObject({ code: 0, err: "" })
    const json = await purser.run(["ledger", "verify", "--json", ...flags])
    expect(JSON.parse(json.out)).toMatchObject({ ok: true })
  })

  test("SIGTERM ends it with 0, at once although an idle connection is kept alive, and the folder starts again", async () => {
    expect((await fetch(`${url}/up`)).status).toBe(200)
    server.stop("SIGTERM")
    expect(await Promise.race([server.exited, Bun.sleep(30_000)])).toBe(0)
    expect(readdirSync(join(purser.home, "data")).toSorted()).toEqual(["lock.db", "purser.db", "secret.key"])
    expect(server.said()).toContain('"event":"stopped"')
    expect((await purser.run(["healthcheck", ...flags])).code).toBe(1)
    const again = await purser.serve(flags)
    expect((await fetch(`${url}/up`)).status).toBe(200)
    again.stop("SIGINT")
    expect(await again.exited).toBe(0)
    expect(existsSync(join(purser.home, "data", "control.sock"))).toBe(false)
  })
})

test("a folder made below a folder that is not there yet", async () => {
  const dataDir = join(purser.folder("deep"), "a", "b")
  const server = await purser.serve([
    "--data-dir",
    dataDir,
    "--port=0",
    "--base-url=http://localhost:9",
    "--drain-seconds=5",
  ])
  expect(existsSync(join(dataDir, "purser.db"))).toBe(true)
  server.stop()
  expect(await server.exited).toBe(0)
})
