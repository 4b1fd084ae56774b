// The executable on a bad day: a disk that fills up or may not be written, a certificate that cannot be used, a port that is not for it, a
// clock that jumps. Each time: words that say what to do, the exit code, and nothing damaged. Keys, foreign and newer databases: data.test.ts.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { whyNot } from "../image/container.ts"
import { canDropRights, type Executable, openExecutable, type Serving } from "./binary.ts"

// Building, on a machine that may be busy.
setDefaultTimeout(60_000)
const TLS = join(import.meta.dir, "../fixtures/tls")
const BASE_URL = "http://localhost:9"
const DAY_S = 86_400

let purser: Executable
beforeAll(async () => {
  purser = await openExecutable()
})
afterAll(() => purser?.remove())

const flagsOf = (dataDir: string) => [
  "--data-dir",
  dataDir,
  "--port",
  "0",
  "--base-url",
  BASE_URL,
  "--drain-seconds",
  "2",
]
const addressOf = async (server: Serving): Promise<string> => (await server.saying(/"address":"([^"]+)"/))[1]!
async function stops(server: Serving): Promise<void> {
  server.stop()
  expect(await server.exited).toBe(0)
}
async function booksBalance(dataDir: string): Promise<void> {
  const verified = await purser.run(["ledger", "verify", "--data-dir", dataDir])
  expect(verified).toMatchObject({ code: 0, out: expect.stringContaining("The books balance.") })
}

const noBoxes = whyNot()
if (noBoxes) console.log(`\n*** ${noBoxes}: a disk that is really full or mounted read-only is NOT tried. ***\n`)
describe.skipIf(noBoxes !== null)("a disk", () => {
  /** The machine with other mounts, which end with the process. */
  const mounted = (mount: string) => ["unshare", "--mount", "sh", "-ec", `${mount}; exec "$@"`, "sh"]
  const onDisk = (folder: string, kb: number) => mounted(`mount -t tmpfs -o size=${kb}k tmpfs '${folder}'`)
  const inside = (pid: number, ...command: string[]) =>
    Bun.spawnSync(["nsenter", "--target", String(pid), "--mount", ...command], {
      env: { PATH: process.env.PATH ?? "" },
    })

  test("too small for the first start", async () => {
    const disk = purser.folder("tiny")
    const ran = await purser.run(["serve", ...flagsOf(join(disk, "data"))], { under: onDisk(disk, 64) })
    expect(ran.err).toContain("free some room and start again")
    expect(ran.err).not.toContain("    at ")
    expect(ran.code).toBe(1)
  })

  test("that fills up while it serves: what needs no write is answered, the rest refused; with room again it goes on", async () => {
    const disk = purser.folder("filling")
    const dataDir = join(disk, "data")
    const server = await purser.serve(flagsOf(dataDir), { under: onDisk(disk, 24 * 1_024) })
    const url = await addressOf(server)
    const { pid } = server
    // Another Purser that sees the same disk, as `docker exec` would run it.
    const write = () =>
      inside(pid, join(purser.home, "purser"), "setup-link", "--data-dir", dataDir, "--base-url", BASE_URL)
    expect(write().exitCode).toBe(0)
    inside(pid, "sh", "-c", `cat /dev/zero > ${disk}/filler 2>/dev/null; cat /dev/zero > ${disk}/rest 2>/dev/null`)
    let refused = write()
    // Room that the log of the database had before is used up first.
    for (let tries = 0; tries < 200 && refused.exitCode === 0; tries++) refused = write()
    expect({ code: refused.exitCode, said: `${refused.stderr}` }).toEqual({
      code: 1,
      said: "purser: The server could not save that. Nothing was changed; try again.\n",
    })
    expect((await fetch(`${url}/login`)).status).toBe(200)
    const ready = await fetch(`${url}/readyz`)
    expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining("writes-fail")])
    inside(pid, "rm", `${disk}/filler`, `${disk}/rest`)
    expect(write().exitCode).toBe(0)
    while ((await fetch(`${url}/readyz`)).status !== 200) await Bun.sleep(100)
    const verified = inside(pid, join(purser.home, "purser"), "ledger", "verify", "--data-dir", dataDir)
    expect(`${verified.stdout}`).toContain("The books balance.")
    await stops(server)
  })

  test("that is mounted read-only: a start says so, verbs that only look work", async () => {
    const dataDir = purser.folder("mounted")
    await stops(await purser.serve(flagsOf(dataDir)))
    const before = readFileSync(join(dataDir, "purser.db"))
    const under = mounted(`mount --bind '${dataDir}' '${dataDir}'; mount -o remount,bind,ro '${dataDir}'`)
    const ran = await purser.run(["serve", ...flagsOf(dataDir)], { under })
    expect(ran.err).toContain(`cannot write to the data folder ${dataDir}`)
    expect(ran.err).toContain("make it writable or set --data-dir")
    expect(ran.code).toBe(1)
    const verified = await purser.run(["ledger", "verify", "--data-dir", dataDir], { under })
    expect(verified).toMatchObject({ code: 0, out: expect.stringContaining("The books balance.") })
    expect(readFileSync(join(dataDir, "purser.db"))).toEqual(before)
  })
})

describe("a certificate", () => {
  const secure = (dataDir: string, cert: string, key: string) =>
    purser.run(["serve", ...flagsOf(dataDir).slice(0, 2), "--port", "0", "--base-url", "https://localhost:9"], {
      env: { PURSER_TLS_CERT: cert, PURSER_TLS_KEY: key },
    })
  test.each([
    { what: "is not there", cert: "missing.pem", key: "localhost.key.pem", says: /cannot read .*missing\.pem/ },
    {
      what: "is none",
      cert: "letter.pem",
      key: "localhost.key.pem",
      says: /cannot be used: it is not a certificate in PEM/,
    },
    { what: "has no key", cert: "localhost.cert.pem", key: "letter.pem", says: /its key is not a private key in PEM/ },
    {
      what: "has another's key",
      cert: "localhost.cert.pem",
      key: "other.key.pem",
      says: /the key does not belong to it/,
    },
  ])("that $what", async ({ what, cert, key, says }) => {
    const files = purser.folder(`tls ${what}`)
    writeFileSync(join(files, "letter.pem"), "this is a letter\n")
    const { privateKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"])
    const pem = Buffer.from(await crypto.subtle.exportKey("pkcs8", privateKey)).toString("base64")
    writeFileSync(join(files, "other.key.pem"), `-----BEGIN PRIVATE KEY-----\n${pem}\n-----END PRIVATE KEY-----\n`)
    const place = (name: string) => (existsSync(join(files, name)) ? join(files, name) : join(TLS, name))
    const ran = await secure(join(files, "data"), place(cert), place(key))
    expect(ran.err).toMatch(says)
    expect(ran.err).not.toContain("    at ")
    expect(ran.code).toBe(1)
  })
})

/** Docker and some machines give low ports to everybody. */
const LOW = "/proc/sys/net/ipv4/ip_unprivileged_port_start"
const areLowPortsClosed = existsSync(LOW) && Number(readFileSync(LOW, "utf8")) > 81
if (!areLowPortsClosed)
  console.log("\n*** this machine gives low ports to everybody: a port that a user may not have is NOT tried. ***\n")
test.skipIf(!canDropRights || !areLowPortsClosed)("a port that this user may not have", async () => {
  const dataDir = purser.folder("low")
  Bun.spawnSync(["chown", "65534:65534", dataDir])
  const ran = await purser.run(["serve", "--data-dir", dataDir, "--port", "81", "--base-url", BASE_URL], {
    unprivileged: true,
  })
  expect(ran.err).toContain("this user may not listen on port 81; set a --port of 1024 or higher")
  expect(ran.code).toBe(1)
})

test.skipIf(process.getuid?.() !== 0 || !canDropRights)("root, who mends a folder of the server's user", async () => {
  const dataDir = purser.folder("roots")
  await stops(await purser.serve(flagsOf(dataDir)))
  Bun.spawnSync(["chown", "-R", "65534:65534", dataDir])
  const before = readFileSync(join(dataDir, "secret.key"), "utf8").trim()
  rmSync(join(dataDir, "secret.key"))
  const words = Bun.spawn([join(purser.home, "purser"), "keys", "import", "--data-dir", dataDir], {
    stdin: new Blob([before]),
    env: {},
  })
  expect(await words.exited).toBe(0)
  expect((await purser.run(["setup-link", ...flagsOf(dataDir)])).code).toBe(0)
  expect((await purser.run(["hook", "pre-backup", "--data-dir", dataDir])).code).toBe(0)
  expect((await purser.run(["hook", "post-restore", "--data-dir", dataDir])).code).toBe(0)
  const owners = readdirSync(dataDir).map((name) => [name, statSync(join(dataDir, name)).uid])
  expect(owners.filter(([, uid]) => uid !== 65_534)).toEqual([])
  const server = await purser.serve(flagsOf(dataDir), { unprivileged: true })
  await stops(server)
})

const hasCompiler = process.platform === "linux" && Bun.which("cc") !== null
if (!hasCompiler)
  console.log("\n*** no C compiler (cc) found: a clock that jumps is NOT tried with the executable. ***\n")
describe.skipIf(!hasCompiler && !process.env.PURSER_CI)("a clock", () => {
  let env: Record<string, string> = {}
  let shift = ""
  const shiftBy = (seconds: number) => writeFileSync(shift, String(seconds))
  beforeAll(() => {
    const folder = purser.folder("clock")
    const library = join(folder, "clock.so")
    shift = join(folder, "shift")
    const made = Bun.spawnSync(["cc", "-shared", "-fPIC", "-O1", "-o", library, join(import.meta.dir, "clock.c")])
    expect(made.stderr.toString()).toBe("")
    env = { LD_PRELOAD: library, CLOCK_SHIFT: shift }
  })

  test("that jumps by days, forth and back, while it serves", async () => {
    const dataDir = purser.folder("jumps")
    shiftBy(0)
    const server = await purser.serve(flagsOf(dataDir), { env })
    const url = await addressOf(server)
    const link = async () => (await purser.run(["setup-link", ...flagsOf(dataDir)], { env })).code
    /** By the newest line of its log. */
    const clockMs = () => Date.parse([...server.said().matchAll(/"time":"([^"]+)"/g)].at(-1)?.[1] ?? "")
    expect(await link()).toBe(0)
    for (const days of [2, -3, 0]) {
      shiftBy(days * DAY_S)
      expect((await fetch(`${url}/login`)).status).toBe(200)
      while (Math.abs(clockMs() - Date.now() - days * DAY_S * 1_000) > (DAY_S * 1_000) / 2) await Bun.sleep(50)
      expect(await link()).toBe(0)
      expect((await fetch(`${url}/readyz`)).status).toBe(200)
    }
    await stops(server)
    await booksBalance(dataDir)
  })

  test("that is behind the data at the start: it serves, and doctor says so", async () => {
    const dataDir = purser.folder("behind")
    shiftBy(2 * DAY_S)
    await stops(await purser.serve(flagsOf(dataDir), { env }))
    const server = await purser.serve(flagsOf(dataDir))
    expect((await fetch(`${await addressOf(server)}/readyz`)).status).toBe(200)
    const found = await purser.run(["doctor", "--json", ...flagsOf(dataDir)])
    expect(found.code).toBe(1)
    expect(JSON.parse(found.out).findings).toContainEqual(
      expect.objectContaining({ id: "clock", state: "bad", remedy: expect.stringContaining("timedatectl") }),
    )
    await stops(server)
    await booksBalance(dataDir)
  })
})
