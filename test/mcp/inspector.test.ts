// The Inspector's command line as a client of a group: with a token that a person gave an app by OAuth for this group alone, it lists tools and
// calls one. (It has no sign-in of its own; the SDK's, which it is made with, is proven in serve.test.ts.)
import { afterAll, beforeAll, expect, test } from "bun:test"
import { cpSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { credits } from "../../src/app/index.ts"
import { REGISTRATION } from "../../src/oauth/index.ts"
import { testFolder } from "../../src/store/index.ts"
import { CTX, giveCredits } from "../build.ts"
import { Kept, logIn } from "./sdk-client.ts"
import { openToolWorld, type ToolWorld } from "./world.ts"

const PACKAGES = join(import.meta.dir, "../../node_modules")
/** The package asks for the package.json of the repository that it was cut from, two folders up; so it is run where there is one. */
const home = testFolder("purser-inspector-")
const INSPECTOR = join(home, "cli/build/index.js")

let world: ToolWorld
let url: string
let token: string
beforeAll(async () => {
  cpSync(join(PACKAGES, "@modelcontextprotocol/inspector-cli"), join(home, "cli"), { recursive: true })
  writeFileSync(join(home, "package.json"), JSON.stringify({ name: "inspector", version: "0.22.0", type: "module" }))
  symlinkSync(PACKAGES, join(home, "node_modules"))
  world = await openToolWorld()
  const { app } = world.server
  await app.settings.set(CTX, REGISTRATION, { value: "yes" })
  await giveCredits(app, world.user, credits(50))
  url = world.server.at("/v1/mcp/groups/travel/mcp")
  const kept = new Kept()
  await logIn(url, kept, world.user.email, world.server.url)
  token = kept.saved!.access_token
}, 30_000)
afterAll(async () => {
  await world?.close()
  rmSync(home, { recursive: true, force: true })
})

async function inspect(bearer: string, ...more: string[]): Promise<{ code: number; said: string; failed: string }> {
  const command = [
    process.execPath,
    INSPECTOR,
    url,
    "--transport",
    "http",
    "--header",
    `Authorization: Bearer ${bearer}`,
  ]
  const child = Bun.spawn([...command, ...more], { stdout: "pipe", stderr: "pipe" })
  const [said, failed, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { code, said, failed }
}

test("it lists the tools and calls one, which is charged", async () => {
  const { code, said } = await inspect(token, "--method", "tools/list")
  expect(code).toBe(0)
  const { tools } = JSON.parse(said) as { tools: { name: string }[] }
  expect(tools.map(({ name }) => name)).toEqual(["echo", "fail", "slow", "giant", "structured"])
  const call = ["--method", "tools/call", "--tool-name", "echo", "--tool-arg", "text=hello"]
  const first = await inspect(token, ...call)
  expect(JSON.parse(first.said)).toMatchObject({ content: [{ type: "text", text: "hello" }] })
  const before = world.balance()
  expect((await inspect(token, ...call)).code).toBe(0)
  expect(before - world.balance()).toBe(credits(1))
}, 60_000)

test("without a token that counts it gets nothing", async () => {
  const { code, said, failed } = await inspect(`${token}x`, "--method", "tools/list")
  expect([code === 0, said]).toEqual([false, ""])
  expect(failed).toMatch(/Failed to connect.*(401|sign|token|unauthorized)/is)
}, 30_000)
