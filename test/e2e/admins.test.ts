// Who is an admin, from both sides: the page that asks for the password again, and the commands with the server running and stopped.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readConfig, silentLog } from "../../src/app/index.ts"
import { controlVerbs } from "../../src/cli/control.ts"
import { WebAgent } from "../../src/cli/demo/agent.ts"
import { cli } from "../../src/cli/testing.ts"
import { compose } from "../../src/compose.ts"
import type { User } from "../../src/identity/index.ts"
import { serveControl } from "../../src/store/index.ts"
import { signedIn } from "../browser/house.ts"
import { makeUser, startTestServer, type TestServer } from "../build.ts"

setDefaultTimeout(60_000)
let server: TestServer
let control: { stop(): Promise<void> }
let admin: User
let other: User
let agent: WebAgent
beforeAll(async () => {
  server = await startTestServer()
  control = serveControl(server.dataDir, controlVerbs(server.app))
  admin = await makeUser(server.app, { email: "ada@example.com", isAdmin: true })
  other = await makeUser(server.app, { email: "bob@example.com", name: "Bob" })
  agent = await signedIn(server, admin.email)
})
afterAll(async () => {
  await control?.stop()
  await server?.close()
})

const run = (...argv: string[]) => cli(...argv, "--data-dir", server.dataDir, "--base-url", server.url)
const isAdmin = (user: User) => server.app.identity.userById(user.id)!.isAdmin
const rolePath = (user: User) => `/admin/users/${user.publicId}/role`

async function changeRole(user: User) {
  const page = await agent.get(`${server.url}${rolePath(user)}`)
  return agent.submit(page, rolePath(user), { reason: "Runs the shop with me" })
}

test("an admin makes another one, and takes it back; the last one stays", async () => {
  const person = await agent.get(`${server.url}/admin/users/${other.publicId}`)
  expect(person.text).toContain(rolePath(other))
  const given = await changeRole(other)
  expect(given.text).toContain("bob@example.com is an admin now.")
  // Whoever is signed in gets the pages at once, and loses them at once.
  const bob = await signedIn(server, other.email)
  expect((await bob.get(`${server.url}/admin/users`)).status).toBe(200)
  const taken = await changeRole(other)
  expect(taken.text).toContain("bob@example.com is no admin any more.")
  expect((await bob.get(`${server.url}/admin/users`)).status).toBe(404)
  const last = await changeRole(admin)
  expect(last.text).toContain("This is the only admin. Make somebody else an admin first.")
  expect(isAdmin(admin)).toBe(true)
})

test("the commands ask the running server", async () => {
  expect((await run("admin", "grant", "BOB@example.com")).out).toBe("BOB@example.com is an admin now.\n")
  expect((await run("admin", "grant", other.email)).out).toBe("bob@example.com is an admin already.\n")
  const listed = await run("admin", "list", "--json")
  expect(JSON.parse(listed.out).map(({ email }: { email: string }) => email)).toEqual([admin.email, other.email])
  expect((await run("admin", "revoke", other.email)).code).toBe(0)
  expect(await run("admin", "revoke", admin.email)).toMatchObject({
    code: 1,
    err: expect.stringContaining("only admin"),
  })
  const nobody = await run("admin", "grant", "nobody@example.com")
  expect(nobody.err).toContain("Nobody has the address nobody@example.com")
  expect(nobody.err).not.toContain("    at ")
  expect(nobody.code).toBe(1)
  expect(await run("admin", "login-link", other.email)).toMatchObject({
    code: 1,
    err: expect.stringContaining("admin grant"),
  })
})

test("a login link of the running server signs its admin in; opening it uses nothing up", async () => {
  const link = (await run("admin", "login-link", admin.email)).out.trim()
  const path = new URL(link).pathname
  const lost = new WebAgent()
  for (let looks = 0; looks < 2; looks++) expect((await lost.get(link)).text).toContain("ada@example.com")
  const short = await lost.submit(await lost.get(link), path, { password: "short" })
  expect(short.status).toBe(422)
  const entered = await lost.submit(await lost.get(link), path, { password: "" })
  expect(entered.url).toBe(`${server.url}/admin`)
  expect(entered.status).toBe(200)
  const again = await new WebAgent().get(link)
  expect(again.status).toBe(404)
  expect(again.text).toContain("purser admin login-link")
})

test("and one that was made while the server was stopped opens when it runs", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "purser-admins-"))
  const flags = { "data-dir": dataDir, port: "0", "base-url": "http://localhost:9" }
  const first = await compose(readConfig(flags, {}), { log: silentLog })
  await makeUser(first, { email: "ada@example.com", isAdmin: true })
  await first.stop()
  const asked = await cli(
    "admin",
    "login-link",
    "ada@example.com",
    "--data-dir",
    dataDir,
    "--base-url",
    "http://localhost:9",
  )
  expect(asked.out).toContain("Start the server to open it")
  const token = new URL(asked.out.split("\n")[0]!).pathname.split("/").at(-1)!
  const second = await compose(readConfig(flags, {}), { log: silentLog })
  expect(second.identity.loginLinkOf(token)).toMatchObject({ email: "ada@example.com" })
  await second.stop()
  rmSync(dataDir, { recursive: true, force: true })
})
