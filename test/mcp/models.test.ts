// A model with the tools of a group in one chat call: rounds and tools are held and charged one by one, whatever ends them.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import OpenAI from "openai"
import { credits, type Nano, nano } from "../../src/app/index.ts"
import { CTX, makeClient, makeDeveloper, mintTokens } from "../build.ts"
import { GROUP, type ModelWorld, openModelWorld } from "./model-world.ts"

let world: ModelWorld
beforeAll(async () => {
  world = await openModelWorld({ toolCallMs: 1_500 })
  await world.post("/v1/chat/completions", { model: "mock-1", messages: [USER] })
}, 30_000)
afterAll(() => world?.close())

const USER = { role: "user" as const, content: "Say hello by a tool." }
const echo = (text: string, id?: string) => ({ name: "echo", args: { text }, ...(id ? { id } : {}) })
/** A round at `USAGE` through a key: $1 and $2 a million tokens, and the plan's 10 %. */
const ROUND = nano(154_000)
const CHAT = "/v1/chat/completions"
const asking = (more: object = {}) => ({ model: "mock-1", messages: [USER], tools: [GROUP], ...more })
const ask = (more: object = {}, init: Parameters<ModelWorld["post"]>[2] = {}) => world.post(CHAT, asking(more), init)
const books = () => world.server.app.ledger.verify().checks.filter((check) => check.violations > 0)
const codeOf = async (answer: Response) => ((await answer.json()) as { error: { code: string } }).error.code
const settled = async (of: ModelWorld = world) => {
  while (of.openHolds() > 0) await Bun.sleep(5)
}

interface Chat {
  choices: {
    message: {
      content: string
      tool_calls?: { function: { name: string } }[]
      mcp_calls?: Hosted[]
      mcp_stopped?: { code: string }
    }
    finish_reason: string
  }[]
  usage: { prompt_tokens: number; completion_tokens: number }
}
interface Hosted {
  id: string
  group: string
  name: string
  arguments: string
  status: string
  output: string | null
  error: string | null
  request_id: string
  charged: { credits: string }
}

describe("a chat call that names a group", () => {
  test("offers its tools, runs what the model calls, and answers and charges as one", async () => {
    const before = world.balance()
    world.says([{ text: "Let me see. ", calls: [echo("hello")] }, { text: "It says hello." }])
    const answer = await ask()
    const body = (await answer.json()) as Chat
    expect(answer.status).toBe(200)
    const { message, finish_reason } = body.choices[0]!
    expect([message.content, finish_reason, message.tool_calls]).toEqual([
      "Let me see. It says hello.",
      "stop",
      undefined,
    ])
    expect(message.mcp_calls).toMatchObject([
      {
        group: "travel",
        name: "echo",
        arguments: '{"text":"hello"}',
        status: "completed",
        output: "hello",
        charged: { credits: "1" },
      },
    ])
    expect(body.usage).toMatchObject({ prompt_tokens: 200, completion_tokens: 40 })
    const spent = before - world.balance()
    expect([spent, answer.headers.get("x-credits-charged")]).toEqual([2 * ROUND + credits(1), "1.308"])
    const [first, second] = world.asked()
    expect(first!.tools!.map(({ function: { name } }) => name)).toEqual(["echo", "fail", "slow", "giant", "structured"])
    expect(second!.messages.slice(1)).toMatchObject([
      { role: "assistant", content: "Let me see. ", tool_calls: [{ id: "call_echo_0", function: { name: "echo" } }] },
      { role: "tool", tool_call_id: "call_echo_0", content: "hello" },
    ])
    expect(books()).toEqual([])
  })

  test("is explained with its rounds and tools", async () => {
    world.says([{ calls: [echo("a"), echo("b")] }, { text: "Both." }])
    const answer = await ask()
    await answer.text()
    const told = (await world.request(answer.headers.get("x-request-id")!)) as unknown as {
      id: string
      total: { credits: string }
      parts: {
        id: string
        kind: string
        model: string
        charge: { credits: string }
        usage: { prompt_tokens: number }
      }[]
    }
    expect(told.parts.map(({ kind, model, charge }) => [kind, model, charge.credits])).toEqual([
      ["model", "mock-1", "0.154"],
      ["tool", "mcp:travel/echo", "1"],
      ["tool", "mcp:travel/echo", "1"],
      ["model", "mock-1", "0.154"],
    ])
    expect([told.total.credits, told.parts[0]!.id]).toEqual(["2.308", told.id])
    const part = (await world.request(told.parts[1]!.id)) as unknown as { model: string; parts: unknown[] }
    expect([part.model, part.parts]).toEqual(["mcp:travel/echo", []])
  })

  test("is parsed by OpenAI's SDK", async () => {
    world.says([{ calls: [echo("hello")] }, { text: "Done." }])
    const openai = new OpenAI({ apiKey: world.both, baseURL: world.server.at("/v1"), maxRetries: 0 })
    const said = await openai.chat.completions.create(asking() as never)
    expect((said as unknown as Chat).choices[0]!.message).toMatchObject({
      content: "Done.",
      mcp_calls: [{ output: "hello" }],
    })
    // What it answered can be sent back.
    world.says([{ text: "Again." }])
    const again = await openai.chat.completions.create(
      asking({ messages: [USER, (said as unknown as Chat).choices[0]!.message, USER] }) as never,
    )
    expect((again as unknown as Chat).choices[0]!.message.content).toBe("Again.")
    expect(JSON.stringify(world.asked())).not.toContain("mcp_calls")
  })

  test("offers only what is asked for, and says what is not there", async () => {
    world.says([{ text: "ok" }])
    expect((await ask({ tools: [{ ...GROUP, allowed_tools: ["echo"] }] })).status).toBe(200)
    expect(world.asked()[0]!.tools!.map(({ function: { name } }) => name)).toEqual(["echo"])
    expect((await ask({ tools: [{ ...GROUP, allowed_tools: ["nothing"] }] })).status).toBe(400)
    expect((await ask({ tools: [{ type: "mcp", group: "nobodys" }] })).status).toBe(404)
    expect((await ask({ tools: [{ type: "mcp", server_url: "http://169.254.169.254" }] })).status).toBe(400)
    expect((await ask({ n: 2 })).status).toBe(400)
    expect((await ask({}, { headers: { "idempotency-key": "k" } })).status).toBe(400)
  })

  test("leaves the caller's own tools to the caller, and no name is two tools", async () => {
    const own = { type: "function", function: { name: "echo", parameters: { type: "object" } } }
    world.says([{ calls: [{ name: "travel__echo", args: { text: "ours" } }] }, { calls: [echo("theirs", "call_own")] }])
    const { choices } = (await (await ask({ tools: [own, GROUP] })).json()) as Chat
    const { message, finish_reason } = choices[0]!
    expect([finish_reason, message.tool_calls?.length, message.mcp_calls?.[0]?.output]).toEqual([
      "tool_calls",
      1,
      "ours",
    ])
    expect(message.tool_calls![0]).toMatchObject({
      id: "call_own",
      function: { name: "echo", arguments: '{"text":"theirs"}' },
    })
  })
})

describe("money", () => {
  test("a tool that fails, is too slow, or is asked for in nonsense is told to the model, and costs nothing", async () => {
    const before = world.balance()
    const calls = [
      { name: "fail", args: {} },
      { name: "slow", args: {} },
      { name: "echo", args: "{no json" },
      { name: "echo", args: { text: 7 } },
    ]
    world.says([{ calls }, { text: "I see." }])
    const { choices } = (await (await ask()).json()) as Chat
    const { mcp_calls } = choices[0]!.message
    expect(mcp_calls!.map(({ status, charged }) => [status, charged.credits])).toEqual(Array(4).fill(["failed", "0"]))
    expect(mcp_calls!.find(({ name }) => name === "fail")!.error).toBe("it did not work")
    const told = world.asked()[1]!.messages.slice(-4)
    expect(told.map(({ role, content }) => [role, String(content).length > 5])).toEqual(Array(4).fill(["tool", true]))
    expect([before - world.balance(), books()]).toEqual([2 * ROUND, []])
  }, 20_000)

  test("a model that never ends is ended, and pays for what it was", async () => {
    const before = world.balance()
    world.says(() => ({ calls: [echo("again")] }))
    const { choices } = (await (await ask()).json()) as Chat
    expect([choices[0]!.finish_reason, choices[0]!.message.mcp_stopped?.code]).toEqual(["length", "max_tool_rounds"])
    expect([world.asked().length, before - world.balance()]).toEqual([10, 10 * ROUND + 9 * credits(1)])
  })

  test("without the scope for tools it is refused before anything is asked", async () => {
    world.says([])
    const { balance } = { balance: world.balance() }
    const refused = await ask({}, { bearer: world.llmOnly })
    expect([refused.status, await codeOf(refused)]).toEqual([403, "insufficient_scope"])
    const tools = await ask({}, { bearer: world.secret })
    expect([tools.status, world.asked().length, world.balance()]).toEqual([403, 0, balance])
  })

  test("a failure of the provider in the middle is one, and the rounds before it are paid", async () => {
    const before = world.balance()
    world.says((_, round) => (round === 1 ? { calls: [echo("x")] } : new Response("{}", { status: 400 })))
    const answer = await ask()
    expect([answer.status >= 400, answer.headers.get("x-credits-charged")]).toEqual([true, "1.154"])
    expect(before - world.balance()).toBe(ROUND + credits(1))
  })

  test("a client that leaves ends the rounds: nothing more is asked, run or held", async () => {
    const leave = new AbortController()
    const calls = world.peer.calls.length
    const before = world.balance()
    world.says([{ calls: [{ name: "slow", args: {} }] }, { text: "too late" }])
    const left = ask({}, { signal: leave.signal }).catch(() => "left")
    while (world.peer.calls.length === calls) await Bun.sleep(5)
    leave.abort()
    expect(await left).toBe("left")
    await settled()
    await Bun.sleep(50)
    expect([world.asked().length, before - world.balance(), books()]).toEqual([1, ROUND, []])
  })
})

describe("with little", () => {
  /** Leaves so much on a new person's balance, the day's credits taken. */
  async function withBalance(left: Nano): Promise<ModelWorld> {
    const poor = await openModelWorld({ funds: 0 })
    const { app } = poor.server
    await poor.call("echo", { text: "takes the day's credits" })
    const fee = nano(poor.balance() - left)
    await app.pricing.setRule(CTX, rule("mcp:travel/structured", fee))
    await poor.call("structured")
    expect(poor.balance()).toBe(left)
    return poor
  }
  const rule = (pattern: string, requestFeeNano: Nano) => ({
    pattern,
    traffic: "any" as const,
    priority: 0,
    platformBp: 0,
    developerBp: 0,
    minimumNano: nano(0),
    requestFeeNano,
    active: true,
  })
  const short = { max_tokens: 20 }

  test("each round is held before it is asked: who cannot pay the next one gets what there is", async () => {
    // For a round and a tool, and not for another round.
    const poor = await withBalance(nano(ROUND + credits(1) + 20_000))
    poor.says([{ text: "First. ", calls: [echo("x")] }, { text: "never asked" }])
    const answer = await poor.post(CHAT, asking(short))
    const { choices } = (await answer.json()) as Chat
    expect([answer.status, choices[0]!.finish_reason, choices[0]!.message.mcp_stopped?.code]).toEqual([
      200,
      "length",
      "insufficient_credits",
    ])
    expect([choices[0]!.message.content, choices[0]!.message.mcp_calls?.[0]?.output]).toEqual(["First. ", "x"])
    expect([poor.asked().length, poor.balance(), poor.openHolds()]).toEqual([1, nano(20_000), 0])
    await poor.close()
  }, 30_000)

  test("who cannot pay a tool: it does not run, and the call ends", async () => {
    const poor = await withBalance(nano(ROUND + 500_000))
    const calls = poor.peer.calls.length
    poor.says([{ text: "First.", calls: [echo("x")] }])
    const { choices } = (await (await poor.post(CHAT, asking(short))).json()) as Chat
    expect([choices[0]!.message.mcp_stopped?.code, choices[0]!.message.mcp_calls?.[0]?.status]).toEqual([
      "insufficient_credits",
      "failed",
    ])
    expect([poor.peer.calls.length - calls, poor.asked().length, poor.balance()]).toEqual([0, 1, nano(500_000)])
    await poor.close()
  }, 30_000)

  test("an app's daily limits of both scopes hold, each for its own", async () => {
    const { app } = world.server
    const developer = await makeDeveloper(app)
    const tokenOf = async (dailyNano: Nano) => {
      const made = await makeClient(app, { ownerId: developer.id, name: "App", scopes: ["llm", "mcp"] })
      return (await mintTokens(app, { user: world.user, ...made, scope: "llm mcp", dailyNano })).accessToken
    }
    const accessToken = await tokenOf(credits(3))
    world.says(() => ({ calls: [echo("again")] }))
    const { choices } = (await (await ask(short, { bearer: accessToken })).json()) as Chat
    const ran = choices[0]!.message.mcp_calls!.filter(({ status }) => status === "completed")
    expect([choices[0]!.message.mcp_stopped?.code, ran.length]).toEqual(["app_daily_limit_exceeded", 3])
    // Tools took all of theirs; the model's own is not touched by that.
    expect(
      (await world.post(CHAT, { model: "mock-1", messages: [USER], ...short }, { bearer: accessToken })).status,
    ).toBe(200)
    const tight = await ask(short, { bearer: await tokenOf(nano(50_000)) })
    expect([tight.status, await codeOf(tight)]).toEqual([429, "app_daily_limit_exceeded"])
  })
})
