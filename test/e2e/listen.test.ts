// A port that somebody else has: the message names the listener's own setting, the exit code is 1, and nothing of ours stays open.
import { afterAll, expect, setDefaultTimeout, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readConfig, silentLog } from "../../src/app/index.ts"
import { cli } from "../../src/cli/testing.ts"
import { compose } from "../../src/compose.ts"
import { freePort } from "../build.ts"

setDefaultTimeout(60_000)
const folder = mkdtempSync(join(tmpdir(), "purser-listen-"))
const pem = (of: string) => join(import.meta.dir, `../fixtures/tls/localhost.${of}.pem`)
const taken = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("another program") })
afterAll(async () => {
  await taken.stop(true)
  rmSync(folder, { recursive: true, force: true })
})

const place = `127.0.0.1:${taken.port}`
const CASES = [
  { setting: "--port", more: [] },
  { setting: "--metrics-listen", more: ["--metrics-listen", place] },
  { setting: "--http-listen", more: ["--http-listen", place, "--tls-cert", pem("cert"), "--tls-key", pem("key")] },
]

for (const { setting, more } of CASES)
  test(`the port of ${setting} is taken`, async () => {
    const own = freePort()
    const port = setting === "--port" ? taken.port! : own
    const scheme = setting === "--http-listen" ? "https" : "http"
    const address = ["--host", "127.0.0.1", "--port", String(port), "--base-url", `${scheme}://localhost:${port}`]
    const settings = [...more, ...address, "--data-dir", join(folder, setting)]
    const said = await cli("serve", ...settings)
    expect(said.err.trim().split("\n").at(-1)).toBe(
      `purser: port ${taken.port} on 127.0.0.1 is taken by another program; stop it, or set another ${setting}`,
    )
    expect(said.code).toBe(1)
    // Ours is free again, and so is the folder.
    Bun.serve({ hostname: "127.0.0.1", port: own, reusePort: false, fetch: () => new Response() }).stop(true)
    const again = await cli("serve", ...settings)
    expect(again.code).toBe(1)
    expect(await (await fetch(`http://${place}`)).text()).toBe("another program")
  })

test("a first start that found its port taken binds the data folder to no address: with another port it starts", async () => {
  const dataDir = mkdtempSync(join(folder, "first-"))
  const at = (port: number) => readConfig({ "data-dir": dataDir, port: String(port) }, {})
  const quiet = { log: silentLog }
  const failed = await compose(at(taken.port!), quiet)
  await expect(failed.listen()).rejects.toThrow("is taken by another program")
  const other = freePort()
  const app = await compose(at(other), quiet)
  await app.listen()
  await app.stop()
  // From then on it is fixed.
  await expect(compose(at(freePort()), quiet)).rejects.toThrow(`belongs to http://localhost:${other}`)
})
