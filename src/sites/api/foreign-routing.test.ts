// Two accounts of one model, one of them an upstream that we did not write and that fails by its own chaos, behind callers that
// we did not write: the openai SDK gets every answer, and the books are exact.
import { expect, onTestFinished, test } from "bun:test"
import { LLMock } from "@copilotkit/aimock"
import OpenAI from "openai"
import { testCtx } from "../../store/index.ts"
import { addUpstream, books, IN_NANO, kit, OUT_NANO, spent, start, token, until } from "./testing.ts"

const USAGE = { prompt_tokens: 31, completion_tokens: 7, total_tokens: 38 }
const COST = 31 * IN_NANO + 7 * OUT_NANO
const TEXT = "Grüße aus der Ferne"
const ask = { model: "mock-1", messages: [{ role: "user" as const, content: "hello" }] }

type Chaos = Parameters<LLMock["setChaos"]>[0]

/** Both are aimock; the first one fails as told, the second answers. Nothing else offers `mock-1`. */
async function open(chaos: Chaos) {
  await start()
  await kit.gateway.enableUpstream(
    testCtx,
    kit.gateway.upstreams().find(({ name }) => name === "mock")!.publicId,
    false,
  )
  const mocks: LLMock[] = []
  for (const name of ["wild", "calm"]) {
    const mock = await LLMock.create({ port: 0, chunkSize: 4 })
    onTestFinished(() => mock.stop())
    mock.onMessage("hello", { content: TEXT, usage: USAGE })
    await addUpstream(name, `${mock.url}/v1`, "k")
    mocks.push(mock)
  }
  const [wild, calm] = mocks as [LLMock, LLMock]
  wild.setChaos(chaos)
  const client = new OpenAI({ apiKey: token, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
  return { wild, calm, completions: client.chat.completions }
}

const health = (name: string) => kit.gateway.health(kit.gateway.upstreams().find((one) => one.name === name)!.publicId)!

const SETTINGS: Chaos[] = [
  { dropRate: 1 },
  { malformedRate: 1 },
  { disconnectRate: 1 },
  { rateLimitRate: 1 },
  { dropRate: 0.3, malformedRate: 0.3, rateLimitRate: 0.3, disconnectRate: 0.3 },
]

for (const chaos of SETTINGS) {
  test(`under ${JSON.stringify(chaos)} every call is answered by one of the two, once`, async () => {
    const { completions, calm, wild } = await open(chaos)
    for (let at = 1; at <= 12; at++) {
      if (at % 2 === 0) {
        const whole = await completions.create(ask)
        expect(whole).toMatchObject({ choices: [{ message: { content: TEXT } }], usage: USAGE })
      } else {
        const stream = completions.stream({ ...ask, stream_options: { include_usage: true } })
        expect(await stream.finalChatCompletion()).toMatchObject({ choices: [{ message: { content: TEXT } }] })
      }
      await until(() => kit.gateway.callsInFlight === 0)
      expect(spent()).toBe(at * COST)
    }
    if (Object.values(chaos).includes(1)) {
      expect(calm.getRequests()).toHaveLength(12)
      // It was not asked for ever: its circuit opened.
      expect(wild.getRequests().length).toBeLessThan(12)
      expect(health("wild").state).not.toBe("closed")
    }
    books()
  })
}

test("a rate limit of theirs moves the calls to the other account until it is over", async () => {
  const { wild, calm, completions } = await open({})
  wild.nextRequestError(429, { message: "slow down" })
  for (let at = 0; at < 3; at++) await completions.create(ask)
  expect([wild.getRequests().length, calm.getRequests().length]).toEqual([1, 3])
  kit.clock.advance(1_000)
  await completions.create(ask)
  expect([wild.getRequests().length, calm.getRequests().length]).toEqual([2, 3])
  expect(spent()).toBe(4 * COST)
  books()
})
