// An operator rebuilds an instance's whole set-up on an empty machine from one exported file: two servers as processes of their own, and the command.
import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort } from "../build.ts"
import { bundled } from "../bundle.ts"
import { eventually } from "../eventually.ts"

const MAIN = bundled("src/main.ts")
const root = mkdtempSync(join(tmpdir(), "purser-apply-"))
const children: Bun.Subprocess[] = []
afterAll(async () => {
  for (const child of children) child.kill()
  await Promise.all(children.map(({ exited }) => exited))
  rmSync(root, { recursive: true, force: true })
})

const KEYS = { OPENAI_API_KEY: "sk-of-openai", LOCAL_API_KEY: "sk-local" }
const env = (more: Record<string, string> = {}) => ({ PATH: process.env.PATH ?? "", ...more })

async function serve(name: string): Promise<string> {
  const [dataDir, port] = [join(root, name), String(freePort())]
  const args = ["serve", "--port", port, "--base-url", `http://localhost:${port}`, "--data-dir", dataDir]
  const child = Bun.spawn([...MAIN, ...args], { env: env(), stdout: "ignore", stderr: "pipe" })
  children.push(child)
  let said = ""
  void (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) said += text
  })()
  await eventually("the link to set it up", () => said.includes("/setup/"), { ms: 60_000 })
  return dataDir
}

async function purser(dataDir: string, args: string[], more: Record<string, string> = KEYS) {
  const child = Bun.spawn([...MAIN, ...args, "--data-dir", dataDir], {
    env: env(more),
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { code: await child.exited, out, err }
}

/** The example of the documentation, with all sections. */
const example = /```yaml\n([\s\S]+?)```/.exec(
  readFileSync(join(import.meta.dir, "../../docs/reference/setup-file.md"), "utf8"),
)![1]!

test("exported by one server, applied on an empty one, it says the same there; again it changes nothing", async () => {
  const [first, second] = [await serve("first"), await serve("second")]
  const [made, taken, again] = [join(root, "made.yaml"), join(root, "taken.yaml"), join(root, "again.yaml")]
  writeFileSync(made, example)
  const set = await purser(first, ["apply", made])
  expect([set.code, set.err]).toEqual([0, ""])
  expect((await purser(first, ["apply", "--export", "--out", taken], {})).code).toBe(0)
  const text = readFileSync(taken, "utf8")
  for (const key of Object.values(KEYS)) expect(text).not.toContain(key)

  // Without its keys nothing is done at all.
  const keyless = await purser(second, ["apply", taken], {})
  expect([keyless.code, keyless.err.includes("nothing was changed")]).toEqual([1, true])
  const applied = await purser(second, ["apply", taken, "--json"])
  expect([applied.code, applied.err]).toEqual([0, ""])
  const changes = JSON.parse(applied.out) as { kind: string }[]
  expect(new Set(changes.map(({ kind }) => kind)).size).toBeGreaterThan(7)
  expect((await purser(second, ["apply", "--export", "--out", again], {})).code).toBe(0)
  expect(readFileSync(again, "utf8")).toBe(text)
  const twice = await purser(second, ["apply", taken])
  expect([twice.code, twice.out.trim()]).toEqual([0, "It is so already. Nothing was changed."])
}, 600_000)
