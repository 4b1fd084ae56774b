// /settings: a person lets apps keep answers, without JavaScript; what is kept is counted, and goes when it is turned off.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { ClientId } from "../../src/app/index.ts"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let person: User
let agent: WebAgent
const at = (path: string) => `${server.url}${path}`

beforeAll(async () => {
  server = await startTestServer()
  person = await makeUser(server.app, { name: "Ada" })
  agent = await signedIn(server, person.email)
})
afterAll(() => server.close())

/** @param keep a box that is not ticked is not sent */
async function save(keep: boolean) {
  const page = await agent.get(at("/settings"))
  const form = page.forms.find(({ action }) => action.endsWith("/settings/answers"))!
  const fields = form.fields.filter(([name]) => name !== "keep")
  return agent.post(at("/settings/answers"), keep ? [...fields, ["keep", "1"]] : fields)
}

test("off until it is turned on, and gone when it is turned off", async () => {
  const { kept } = server.app
  expect(kept.isOn(person.id)).toBe(false)
  const on = await save(true)
  expect(plainText(on.text)).toContain("Apps can keep answers now, for 30 days.")
  expect(kept.isOn(person.id)).toBe(true)
  const keeper = { userId: person.id, clientId: ClientId(1), mode: "live" as const }
  await kept.keep(CTX, { ...keeper, publicId: "resp_1", previous: null, input: ["hi"], answer: { output: [] } })
  expect(plainText((await agent.get(at("/settings"))).text)).toContain("1 answer kept.")
  const off = await save(false)
  expect(plainText(off.text)).toContain("What was kept is deleted.")
  expect([kept.isOn(person.id), kept.one(keeper, "resp_1")]).toEqual([false, null])
})
