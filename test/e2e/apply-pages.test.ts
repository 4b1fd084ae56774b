// Set-up files by page: looked at, applied as it was looked at, once, by an admin who proved who they are; and taken along without any key.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { createSetupFiles } from "../../src/sites/admin/index.ts"
import { signedIn } from "../browser/house.ts"
import { makeUser, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let agent: WebAgent
beforeAll(async () => {
  server = await startTestServer()
  agent = await signedIn(server, (await makeUser(server.app, { isAdmin: true })).email)
})
afterAll(() => server?.close())

const PATH = "/admin/apply"
const FILE = `purser: 1
plans: { pro: { price: 34.99 } }
upstreams: { openai: { kind: openai-compatible, base_url: "https://api.openai.com/v1", key: { env: OPENAI } } }
`
const page = async () => await agent.get(server.at(PATH))
const look = async (text: string, keys = "") => await agent.submit(await page(), PATH, { text, keys })
const price = () => server.app.plans.planByCode("pro")!.priceNano
const acts = (action: string) =>
  server.app.store.read.get<{ n: number }>("SELECT count(*) AS n FROM audit_log WHERE action = ?", action)!.n

test("a file is looked at, then applied, once; its key is in no page", async () => {
  const before = createSetupFiles(server.app).export()
  const seen = await look(FILE, "OPENAI=sk-very-secret\n")
  for (const words of ["Nothing has changed yet.", "34.99", "a new one", "What it changes"])
    expect(seen.text).toContain(words)
  expect(seen.text).not.toContain("sk-very-secret")
  expect(createSetupFiles(server.app).export()).toBe(before)

  const unnamed = await agent.submit(seen, `${PATH}/application`, { reason: "" })
  expect([unnamed.text.includes("Give a reason"), price()]).toEqual([true, 29_990_000_000 as ReturnType<typeof price>])
  const applied = await agent.submit(await page(), `${PATH}/application`, { reason: "as planned" })
  expect(applied.text).toContain("Applied: 2 entries changed.")
  expect([price(), acts("setup.applied")]).toEqual([34_990_000_000 as ReturnType<typeof price>, 1])
  const upstream = server.app.gateway.upstreams().find(({ name }) => name === "openai")!
  expect(server.app.gateway.holdsKey(upstream.publicId, "sk-very-secret")).toBe(true)
  // What is applied waits no more, and the same file again is nothing.
  expect(applied.text).not.toContain("What it changes")
  const same = await look(FILE, "OPENAI=sk-very-secret")
  expect(same.text).toContain("It is so already: nothing would change.")
  expect(same.forms.some(({ action }) => action.endsWith("/application"))).toBe(false)
})

test("a file that is refused is told line by line, and nothing waits", async () => {
  const refused = await look("purser: 1\nplans: { gold: { price: 1 }, pro: { price: ten } }")
  expect(refused.status).toBe(422)
  for (const words of ["nothing was changed", "plans: gold", "plans: pro: price"]) expect(refused.text).toContain(words)
  expect((await look(FILE, "no key here")).text).toContain("NAME=key")
  expect((await look(FILE)).text).toContain("OPENAI")
})

test("what was looked at is what is applied: another change meanwhile, or another file, is refused", async () => {
  const seen = await look("purser: 1\nplans: { pro: { price: 40 } }")
  await server.app.plans.updatePlan(
    { actor: "cli", requestId: "req_test", reason: "test" },
    { code: "pro", priceNano: 35_000_000_000 as never },
  )
  const late = await agent.submit(seen, `${PATH}/application`, { reason: "late" })
  expect(late.text).toContain("Look at it again.")
  const first = await look("purser: 1\nplans: { pro: { price: 41 } }")
  await look("purser: 1\nplans: { pro: { price: 42 } }")
  const other = await agent.submit(first, `${PATH}/application`, { reason: "the first one" })
  expect(other.text).toContain("only the last one")
  expect(price()).toBe(35_000_000_000 as ReturnType<typeof price>)
})

test("the present set-up is taken along as a file that changes nothing", async () => {
  const taken = await agent.get(server.at(`${PATH}/purser.yaml`))
  expect(taken.text).toBe(createSetupFiles(server.app).export())
  expect(taken.text).not.toContain("sk-very-secret")
  expect(acts("setup.exported")).toBe(1)
  expect((await look(taken.text, "OPENAI_API_KEY=sk-very-secret")).text).toContain("It is so already")
})
