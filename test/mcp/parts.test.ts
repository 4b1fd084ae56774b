// One question whose tools ran here is several charges: its person sees them as one request with its parts, wherever a charge is explained.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import { signedIn } from "../browser/house.ts"
import { makeUser } from "../build.ts"
import { GROUP, type ModelWorld, openModelWorld } from "./model-world.ts"

let world: ModelWorld
let agent: WebAgent
let id: string
beforeAll(async () => {
  world = await openModelWorld()
  world.says([{ calls: [{ name: "echo", args: { text: "a" } }] }, { text: "It says a." }])
  const messages = [{ role: "user", content: "Say a." }]
  const answer = await world.post("/v1/chat/completions", { model: "mock-1", messages, tools: [GROUP] })
  await answer.text()
  id = answer.headers.get("x-request-id")!
  agent = await signedIn(world.server, world.user.email)
}, 30_000)
afterAll(() => world?.close())

const said = async (path: string, by = agent) => {
  const page = await by.get(world.server.at(path))
  return { ...page, words: plainText(page.text) }
}

test("the page of a request tells each round and tool with its tokens and its price, and what all came to", async () => {
  const { status, words } = await said(`/usage/requests/${id}`)
  expect(status).toBe(200)
  expect(words).toMatch(/Charged 1.308 credits/)
  expect(words).toMatch(/Tokens in 200 Tokens out 40 Tools 1/)
  expect(words).toMatch(/Round 1 mock-1 200 100 20 1,000 in, 2,000 out a million tokens \d+ ms 0\.154 credits/)
  expect(words).toMatch(/Tool 1 echo of travel 200 – – by the call \d+ ms 1 credit/)
  expect(words).toMatch(/Round 2 mock-1 200 100 20 .* 0\.154 credits/)
  // The name of any part leads to the whole.
  expect((await said(`/usage/requests/${id}-2`)).words).toBe(words)
})

test("the statement tells a part as one, and what the whole came to", async () => {
  const { text, words } = await said("/credits")
  expect(words).toContain("Both · tool echo of travel · part 2 of 3")
  expect(words).toContain("Both · mock-1 · 100 tokens in, 20 out · part 3 of 3")
  expect(words).toContain("Whole request 3 parts, 1.308 credits")
  expect(text).toContain(`href="/usage/requests/${id}"`)
  // A tool is no model with shares.
  expect(words).toMatch(/Tool 1 credit Charged 1 credit/)
})

test("the use page lists it once", async () => {
  const { text, words } = await said("/usage")
  expect(text.split(`href="/usage/requests/${id}`).length - 1).toBe(1)
  expect(words).toMatch(/Both mock-1 · 3 parts 200 1\.3 credits/)
  expect((await said("/usage?model=mock-1")).text).not.toContain("/usage/requests/")
})

test("it is nobody else's, and what is not there is not there", async () => {
  const other = await signedIn(world.server, (await makeUser(world.server.app)).email)
  for (const path of [id, `${id}-2`]) expect((await said(`/usage/requests/${path}`, other)).status).toBe(404)
  for (const path of ["req_none", `${id}-99x`, "x".repeat(2_000)])
    expect((await said(`/usage/requests/${path}`)).status).toBe(404)
})
