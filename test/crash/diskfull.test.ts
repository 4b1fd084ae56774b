// A full disk, by a preloaded library (diskfull.c): what cannot be saved is refused in words, what needs no write goes on, and with room
// again everything works as before, without a start in between.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { cli } from "../../src/cli/testing.ts"
import { readSchema } from "../../src/store/index.ts"
import { freePort } from "../build.ts"
import { bundled } from "../bundle.ts"

setDefaultTimeout(90_000)
const hasCompiler = process.platform === "linux" && Bun.which("cc") !== null
if (!hasCompiler && !process.env.PURSER_CI)
  console.log(
    "\n*** no C compiler (cc) found: the tests of a full disk are SKIPPED. Install Debian's gcc and libc6-dev. ***\n",
  )

const ROOT = join(import.meta.dir, "../..")
describe.skipIf(!hasCompiler && !process.env.PURSER_CI)("a full disk", () => {
  const folder = mkdtempSync(join(tmpdir(), "purser-full-"))
  const dataDir = join(folder, "data")
  const flag = join(folder, "full")
  const library = join(folder, "diskfull.so")
  const port = freePort()
  const url = `http://localhost:${port}`
  const settings = ["--data-dir", dataDir, "--port", String(port), "--base-url", url]
  let child: Bun.Subprocess | undefined

  const run = (...argv: string[]) =>
    Bun.spawn([...bundled("src/main.ts"), ...argv, ...settings], {
      // Bun reads the project's tsconfig from where it is started.
      cwd: ROOT,
      env: { ...process.env, LD_PRELOAD: library, DISKFULL_WHILE: flag },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    })
  /** A write through the running server. */
  const write = () => cli("setup-link", ...settings)
  const fill = () => writeFileSync(flag, "")
  const free = () => rmSync(flag, { force: true })

  beforeAll(async () => {
    const source = join(import.meta.dir, "diskfull.c")
    const made = Bun.spawnSync(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"])
    expect(made.stderr.toString()).toBe("")
    const started = run("serve")
    child = started
    let said = ""
    // Read to its end: a server whose words nobody takes any more has a fault of its own.
    void (async () => {
      for await (const text of started.stderr.pipeThrough(new TextDecoderStream())) said += text
    })()
    while (!said.includes("/setup/") && started.exitCode === null) await Bun.sleep(50)
  })
  afterAll(async () => {
    child?.kill("SIGKILL")
    await child?.exited
    rmSync(folder, { recursive: true, force: true })
  })

  test("while it is full, writes are refused in words and pages are answered; with room again it saves as before", async () => {
    expect((await write()).code).toBe(0)
    fill()
    const refused = await write()
    expect(refused.err).toBe("purser: The server could not save that. Nothing was changed; try again.\n")
    expect(refused.code).toBe(1)
    expect((await fetch(`${url}/login`)).status).toBe(200)
    expect((await write()).code).toBe(1)
    free()
    expect((await write()).code).toBe(0)
    expect(child?.exitCode).toBeNull()
  })

  test("a start on a full disk says so, ends with 1 and harms nothing", async () => {
    child?.kill("SIGTERM")
    expect(await child?.exited).toBe(0)
    const before = readSchema(join(dataDir, "purser.db"))
    fill()
    for (const verb of [["serve"], ["migrate", "up"]]) {
      const started = run(...verb)
      const [err, code] = await Promise.all([new Response(started.stderr).text(), started.exited])
      expect(err).toContain("free some room and start again")
      expect(err).not.toContain("    at ")
      expect(code).toBe(1)
    }
    free()
    expect(readSchema(join(dataDir, "purser.db"))).toEqual(before)
    const verified = await cli("ledger", "verify", "--data-dir", dataDir)
    expect(verified.out).toContain("The books balance.")
  })
})
