// The sandbox: what its model does when a prompt tells it to, and that a failure that was asked for takes the model from nobody else.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, HOUR_MS, VirtualClock } from "../../src/app/index.ts"
import { signedIn } from "../browser/house.ts"
import {
  addSandbox,
  chat,
  makeClient,
  makeDeveloper,
  mintTokens,
  ownerOf,
  startTestServer,
  type TestServer,
} from "../build.ts"

let server: TestServer
let token: string
const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
beforeAll(async () => {
  server = await startTestServer({ clock })
  await addSandbox(server.app)
  const developer = await makeDeveloper(server.app)
  const { client, secret } = await makeClient(server.app, { ownerId: developer.id, mode: "test" })
  token = (await mintTokens(server.app, { user: developer, client, secret })).accessToken
}, 30_000)
afterAll(() => server?.close())

interface Answer {
  error?: { code: string }
  usage?: { completion_tokens: number }
  choices?: { finish_reason: string; message: { content: string | null; refusal: string | null } }[]
}
const say = async (content: string, more: object = {}) => {
  const answer = await chat(server.url, token, { messages: [{ role: "user", content }], ...more })
  const body = more && "stream" in more ? await answer.text() : ((await answer.json()) as Answer)
  return { status: answer.status, body, charged: Number(answer.headers.get("x-credits-charged") ?? 0) }
}
const whole = async (content: string, more: object = {}) => {
  const { body, ...rest } = await say(content, more)
  return { ...rest, ...(body as Answer) }
}

test("it fails with the status that was asked for, and the next call is answered", async () => {
  for (let calls = 0; calls < 12; calls++) expect((await say("sandbox:fail")).status).toBeGreaterThanOrEqual(500)
  expect((await say("Tell me something.")).status).toBe(200)
  for (let calls = 0; calls < 4; calls++) expect((await whole("sandbox:fail 429")).status).toBeOneOf([429, 503])
  expect((await say("sandbox:fail 400 and more words")).status).toBe(400)
  expect((await say("Tell me something.")).status).toBe(200)
})

test("it costs what was asked for, within the answer's maximum", async () => {
  const small = await whole("sandbox:cost 10")
  const large = await whole("sandbox:cost 1000")
  expect([small.usage?.completion_tokens, large.usage?.completion_tokens]).toEqual([10, 1_000])
  expect(large.charged).toBeGreaterThan(small.charged * 10)
  const cut = await whole("sandbox:cost 1000", { max_tokens: 7 })
  expect([cut.usage?.completion_tokens, cut.choices?.[0]?.finish_reason]).toEqual([7, "length"])
})

test("it refuses in the words' own place, whole and streamed", async () => {
  const { choices } = await whole("sandbox:refuse")
  expect(choices?.[0]?.message).toMatchObject({ content: null, refusal: "I cannot help with that." })
  const streamed = await say("sandbox:refuse", { stream: true })
  expect(String(streamed.body)).toContain('"refusal":"I"')
})

test("it calls the tool that it is told to, where it is offered, and repeats what the tool said", async () => {
  const content = 'sandbox:tool get_weather {"city":"Oslo"}'
  const tools = [{ type: "function", function: { name: "get_weather", parameters: { type: "object" } } }]
  const called = await whole(content, { tools })
  const call = {
    id: "call_sandbox_1",
    type: "function",
    function: { name: "get_weather", arguments: '{"city":"Oslo"}' },
  }
  expect([called.status, called.error]).toEqual([200, undefined])
  expect(called.choices?.[0]).toMatchObject({
    finish_reason: "tool_calls",
    message: { content: null, tool_calls: [call] },
  })
  const messages = [
    { role: "user", content },
    { role: "assistant", content: null, tool_calls: [call] },
    { role: "tool", tool_call_id: call.id, content: "7 °C" },
  ]
  expect((await whole(content, { tools, messages })).choices?.[0]).toMatchObject({
    finish_reason: "stop",
    message: { content: "The tool says: 7 °C" },
  })
  expect((await whole(content)).choices?.[0]?.message.content).toBe("I was not offered a tool called get_weather.")
})

test("it stalls, and breaks off: a stream ends with an error, not as if it were whole", async () => {
  const startMs = performance.now()
  expect((await say("sandbox:stall 1")).status).toBe(200)
  expect(performance.now() - startMs).toBeGreaterThan(950)
  const broken = String((await say("sandbox:break", { stream: true })).body)
  expect(broken).toContain('"content":"You"')
  expect(broken).toContain('"error"')
  expect(broken).not.toContain("[DONE]")
  expect((await say("sandbox:break")).status).toBe(502)
})

test("a word that it does not know is answered with those it knows; in the middle of a question they are words", async () => {
  expect((await whole("sandbox:fial")).choices?.[0]?.message.content).toContain("sandbox:refuse")
  expect((await whole("What does sandbox:fail do?")).choices?.[0]?.message.content).toBe(
    "You said: What does sandbox:fail do?",
  )
})
test("test credits are had by a press, once an hour, for an app in test mode alone; another developer's app is not there", async () => {
  const { app } = server
  const developer = await makeDeveloper(app)
  const agent = await signedIn(server, developer.email)
  const [trial, live] = [
    (await makeClient(app, { ownerId: developer.id, mode: "test" })).client,
    (await makeClient(app, { ownerId: developer.id })).client,
  ]
  const path = `/developer/apps/${trial.publicId}`
  const press = async () => agent.submit(await agent.get(server.at(path)), `${path}/test-credits`)
  const has = (mode: "live" | "test") => app.ledger.wallet(ownerOf(developer), mode).spendableNano as number
  expect((await press()).text).toContain("You have 10,000 credits for tests now.")
  expect((await press()).text).toContain("More can be had next hour.")
  expect([has("test"), has("live")]).toEqual([credits(10_000), 0] as number[])
  clock.advance(HOUR_MS)
  await press()
  expect(has("test")).toBe(credits(20_000))
  expect((await agent.get(server.at(`/developer/apps/${live.publicId}`))).text).not.toContain("/test-credits")
  const page = await agent.get(server.at(path))
  const other = (await makeClient(app, { mode: "test" })).client
  for (const id of [live.publicId, other.publicId]) {
    const csrf = page.forms.flatMap(({ fields }) => fields).find(([name]) => name === "csrf")!
    expect((await agent.post(server.at(`/developer/apps/${id}/test-credits`), [csrf])).status).toBe(404)
  }
})
