// A streamed chat call with the tools of a group: words as they come, tools as they begin and end, one end, and the charge of all.
import { afterAll, beforeAll, expect, test } from "bun:test"
import OpenAI from "openai"
import { credits, nano } from "../../src/app/index.ts"
import { CTX } from "../build.ts"
import { GROUP, type ModelWorld, openModelWorld } from "./model-world.ts"

let world: ModelWorld
beforeAll(async () => {
  world = await openModelWorld()
  await world.post(CHAT, { model: "mock-1", messages: [USER] })
}, 30_000)
afterAll(() => world?.close())

const CHAT = "/v1/chat/completions"
const USER = { role: "user" as const, content: "Say hello by a tool." }
const echo = (text: string) => ({ name: "echo", args: { text } })
const ROUND = nano(154_000)
const asking = { model: "mock-1", messages: [USER], tools: [GROUP], stream: true }
const books = () => world.server.app.ledger.verify().checks.filter((check) => check.violations > 0)
const clientOf = () => new OpenAI({ apiKey: world.both, baseURL: world.server.at("/v1"), maxRetries: 0 })

interface Delta {
  content?: string
  tool_calls?: unknown[]
  mcp_calls?: { name: string; status: string; output?: string }[]
  mcp_stopped?: { code: string }
}

test("OpenAI's SDK reads it as one answer: words, tools, one end, the usage of all rounds", async () => {
  const before = world.balance()
  world.says([{ text: "Let me see. ", calls: [echo("hello")] }, { text: "It says hello." }])
  const stream = await clientOf().chat.completions.create({
    ...asking,
    stream_options: { include_usage: true },
  } as never)
  const told: (string | object)[] = []
  const ends: string[] = []
  let usage: object | null | undefined
  for await (const chunk of stream as unknown as AsyncIterable<OpenAI.ChatCompletionChunk>) {
    const [choice] = chunk.choices
    const { content, tool_calls, mcp_calls } = (choice?.delta ?? {}) as Delta
    if (content) told.push(content)
    for (const { name, status, output } of mcp_calls ?? []) told.push({ name, status, output })
    expect(tool_calls).toBeUndefined()
    if (choice?.finish_reason) ends.push(choice.finish_reason)
    usage = chunk.usage ?? usage
  }
  expect(told).toEqual([
    "Let ",
    "me ",
    "see. ",
    { name: "echo", status: "in_progress", output: undefined },
    { name: "echo", status: "completed", output: "hello" },
    "It ",
    "says ",
    "hello.",
  ])
  expect([ends, usage]).toMatchObject([["stop"], { prompt_tokens: 200, completion_tokens: 40 }])
  expect([before - world.balance(), books()]).toEqual([2 * ROUND + credits(1), []])
})

test("the SDK's helper gathers it, and the comment at its end is the charge of all", async () => {
  world.says([{ calls: [echo("hello")] }, { text: "Done." }])
  const said = await clientOf()
    .chat.completions.stream(asking as never)
    .finalChatCompletion()
  expect(said.choices[0]!.message).toMatchObject({
    content: "Done.",
    mcp_calls: [{ output: "hello", status: "completed" }],
  })
  world.says([{ calls: [echo("hello")] }, { text: "Done." }])
  const text = await (await world.post(CHAT, asking)).text()
  expect(text).toMatch(
    new RegExp(`: charged ${2 * ROUND + credits(1)} remaining \\d+\\n\\n(data: .*\\n\\n)?data: \\[DONE\\]\\n\\n$`),
  )
})

test("a slow tool is waited for with signs of life", async () => {
  const quick = await openModelWorld()
  quick.says([{ calls: [{ name: "slow", args: {} }] }, { text: "Done." }])
  const answer = await quick.post(CHAT, asking)
  const reader = answer.body!.getReader()
  const decoder = new TextDecoder()
  let text = ""
  while (!text.includes("in_progress")) text += decoder.decode((await reader.read()).value)
  while (quick.peer.calls.length === 0) await Bun.sleep(5)
  quick.peer.release()
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += decoder.decode(part.value)
  expect(text).toContain('"status":"completed"')
  expect(text).toEndWith("data: [DONE]\n\n")
  await quick.close()
}, 30_000)

test("who leaves while a tool runs pays for what was asked; the tool is cancelled and free", async () => {
  const before = { balance: world.balance(), calls: world.peer.calls.length, cancelled: world.peer.cancelled }
  world.says([{ text: "Wait. ", calls: [{ name: "slow", args: {} }] }, { text: "too late" }])
  const leave = new AbortController()
  const answer = await world.post(CHAT, asking, { signal: leave.signal })
  const reading = answer.text().catch(() => "left")
  while (world.peer.calls.length === before.calls) await Bun.sleep(5)
  leave.abort()
  expect(await reading).toBe("left")
  while (world.openHolds() > 0 || world.peer.cancelled === before.cancelled) await Bun.sleep(5)
  await Bun.sleep(50)
  expect([world.asked().length, before.balance - world.balance(), books()]).toEqual([1, ROUND, []])
})

test("a provider that fails in the middle ends the stream with an error, and what was said is paid", async () => {
  const before = world.balance()
  world.says((_, round) => (round === 1 ? { calls: [echo("x")] } : new Response("{}", { status: 400 })))
  const text = await (await world.post(CHAT, asking)).text()
  expect(text).toContain('"error":{')
  expect(text).not.toContain("[DONE]")
  expect(before - world.balance()).toBe(ROUND + credits(1))
})

test("who is refused before anything is told gets a status", async () => {
  expect((await world.post(CHAT, asking, { bearer: world.llmOnly })).status).toBe(403)
  world.says(() => new Response("{}", { status: 401 }))
  expect((await world.post(CHAT, asking)).status).toBeGreaterThanOrEqual(500)
})

test("a person who is suspended in the middle is cut off: no other round is asked", async () => {
  const other = await openModelWorld()
  other.says([{ calls: [{ name: "slow", args: {} }] }, { text: "too late" }])
  const reading = other.post(CHAT, asking).then((answer) => answer.text())
  while (other.peer.calls.length === 0) await Bun.sleep(5)
  await other.server.app.identity.suspend(CTX, { userId: other.user.id, reason: "test" })
  expect(await reading).toContain("suspended")
  expect([other.asked().length, other.openHolds()]).toEqual([1, 0])
  await other.close()
}, 30_000)
