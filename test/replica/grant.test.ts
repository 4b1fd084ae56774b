// The answer to a grant waits for the replica, and says so when it is not there in time; by page and by API. Into a folder, as on a second disk.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { signedIn } from "../browser/house.ts"
import { makeUser, startTestServer, type TestServer } from "../build.ts"
import { eventually } from "../eventually.ts"
import { litestreams } from "./kit.ts"

setDefaultTimeout(60_000)

const LATE = "the replica does not have it yet"
const tried = litestreams().at(-1)!
const disk = mkdtempSync(join(tmpdir(), "purser-second-disk-"))
let server: TestServer

beforeAll(async () => {
  const env = {
    PURSER_REPLICA_URL: `file://${disk}/purser`,
    PURSER_REPLICA_NEW: new Date().toISOString().slice(0, 10),
    PURSER_REPLICA_WAIT_SECONDS: "2",
    PURSER_LITESTREAM: tried.path,
  }
  server = await startTestServer({ env })
  await eventually("the replica is whole", () => server.app.replica.health()!.text.startsWith("up to date"))
})
afterAll(async () => {
  await server.close()
  rmSync(disk, { recursive: true, force: true })
})

test("a grant is answered when the replica has it, and says when it does not", async () => {
  const { app } = server
  const grace = await makeUser(app, { isAdmin: true })
  const ada = await makeUser(app)
  const admin = await signedIn(server, grace.email)
  const path = `/admin/users/${ada.publicId}/wallet/bonus`
  const give = async () => {
    const page = await admin.get(`${server.url}${path}`)
    const confirm = await admin.submit(page, path, { amount: "5", reason: "thanks" })
    const done = await admin.submit(confirm, path)
    expect([done.status, done.url]).toEqual([200, `${server.url}/admin/users/${ada.publicId}/wallet`])
    return done
  }
  // Two seconds may be short on a busy machine; without a fault it is there in one of some tries.
  let held = false
  for (let n = 0; n < 10 && !held; n++) held = !(await give()).text.includes(LATE)
  expect(held).toBe(true)
  const litestream = Number(readFileSync(join(server.dataDir, "litestream.pid"), "utf8"))
  process.kill(litestream, "SIGSTOP")
  const answer = await give()
  process.kill(litestream, "SIGCONT")
  expect(answer.text).toContain(LATE)
  await eventually("it has it later", () => app.replica.health()!.lagMs === 0)
})
