// Vercel's AI SDK, as its documentation shows it, with each of its providers that speaks one of our dialects, over every wire.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { createAnthropic } from "@ai-sdk/anthropic"
import { createOpenAI } from "@ai-sdk/openai"
import { createOpenAICompatible } from "@ai-sdk/openai-compatible"
import { generateText, type LanguageModel, Output, stepCountIs, streamText, tool } from "ai"
import { z } from "zod"
import type { Column } from "../columns.ts"
import { goldenPrice, openRig, type Rig } from "../rig.ts"
import { USAGE } from "../scenarios.ts"
import { begin, conversation, endedWell, run, WIRES, WORDS } from "./script.ts"

let rig: Rig
beforeAll(async () => {
  rig = await openRig()
})
afterAll(() => rig.close())

type Options = NonNullable<Parameters<typeof generateText>[0]["providerOptions"]>
interface Client {
  model(name: string): LanguageModel
  /** As its documentation asks for thinking; and that nothing is kept, where it would count on it. */
  options: Options
  /** It sends thinking back. */
  keepsSeals: boolean
}

const CLIENTS: Readonly<Record<string, Client>> = {
  "@ai-sdk/openai (responses)": {
    model: (name) => createOpenAI({ apiKey: rig.token, baseURL: `${rig.kit.server.url}/v1` })(name),
    options: { openai: { store: false, reasoningEffort: "medium", reasoningSummary: "auto", forceReasoning: true } },
    keepsSeals: true,
  },
  // It takes answers for kept, and names what they said by ids.
  "@ai-sdk/openai, as it is": {
    model: (name) => createOpenAI({ apiKey: rig.token, baseURL: `${rig.kit.server.url}/v1` })(name),
    options: {},
    keepsSeals: true,
  },
  "@ai-sdk/openai (chat)": {
    model: (name) => createOpenAI({ apiKey: rig.token, baseURL: `${rig.kit.server.url}/v1` }).chat(name),
    options: {},
    keepsSeals: false,
  },
  "@ai-sdk/openai-compatible": {
    model: (name) =>
      createOpenAICompatible({
        name: "purser",
        apiKey: rig.token,
        baseURL: `${rig.kit.server.url}/v1`,
        includeUsage: true,
        supportsStructuredOutputs: true,
      })(name),
    options: { purser: { reasoningEffort: "medium" } },
    keepsSeals: false,
  },
  "@ai-sdk/anthropic": {
    model: (name) => createAnthropic({ apiKey: rig.token, baseURL: `${rig.kit.server.url}/v1` })(name),
    options: { anthropic: { thinking: { type: "enabled", budgetTokens: 2_000 } } },
    keepsSeals: true,
  },
}

const tools = {
  weather: tool({
    description: "The weather of a place.",
    inputSchema: z.object({ place: z.string() }),
    execute: async ({ place }) => run.weather({ place }),
  }),
  time: tool({
    description: "The time of a place.",
    inputSchema: z.object({ zone: z.string() }),
    execute: async ({ zone }) => run.time({ zone }),
  }),
}

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

for (const [name, client] of Object.entries(CLIENTS)) {
  describe(name, () => {
    for (const column of WIRES) {
      const asked = () => ({
        model: client.model(`${column.name}/${column.model}`),
        maxOutputTokens: 4_000,
        maxRetries: 0,
      })
      const used = { inputTokens: USAGE.input, outputTokens: USAGE.output }

      test(`${column.name}: text, whole and streamed`, async () => {
        begin(rig, () => ({ text: WORDS, finish: "stop", usage: USAGE }))
        const before = rig.kit.balance()
        const whole = await generateText({ ...asked(), system: "Be short.", prompt: "hi" })
        const stream = streamText({ ...asked(), system: "Be short.", prompt: "hi" })
        let text = ""
        for await (const piece of stream.textStream) text += piece
        expect([whole.text, text]).toEqual([WORDS, WORDS])
        expect([whole.finishReason, await stream.finishReason]).toEqual(["stop", "stop"])
        expect(whole.usage).toMatchObject(used)
        expect(await stream.usage).toMatchObject(used)
        expect(before - rig.kit.balance()).toBe(2 * goldenPrice(column, USAGE))
      })

      test(`${column.name}: a loop with two tools, whole`, async () => {
        begin(rig, conversation(true))
        const before = rig.kit.balance()
        const loop = { tools, stopWhen: stepCountIs(5), prompt: "Weather in Köln, and the time?" }
        const { text, steps } = await generateText({ ...asked(), ...loop, providerOptions: client.options })
        expect([text, steps.length]).toEqual([WORDS, 2])
        endedWell(rig, column, before, client.keepsSeals)
      })

      test(`${column.name}: the same streamed`, async () => {
        begin(rig, conversation(true))
        const before = rig.kit.balance()
        const loop = { tools, stopWhen: stepCountIs(5), prompt: "Weather in Köln, and the time?" }
        const stream = streamText({ ...asked(), ...loop, providerOptions: client.options })
        expect([await stream.text, (await stream.steps).length]).toEqual([WORDS, 2])
        endedWell(rig, column, before, client.keepsSeals)
      })

      test(`${column.name}: an object by schema, and a picture`, async () => {
        // One of the clients makes a tool of the schema where it does not know the model, and wants one call of it at most.
        const args = { name: "Ada", age: 36 }
        const calls = ["call_1", "call_2"].map((id) => ({ id, name: "json", args }))
        begin(rig, ({ schema, tools: [json] }) =>
          json && !schema
            ? { calls: column.name === "gemini" ? calls : calls.slice(0, 1), finish: "tool_calls", usage: USAGE }
            : { text: JSON.stringify(args), finish: "stop", usage: USAGE },
        )
        const output = Output.object({ schema: z.object({ name: z.string(), age: z.number() }) })
        const content = [
          { type: "text" as const, text: "Who is it?" },
          { type: "image" as const, image: PNG },
        ]
        const answer = await generateText({ ...asked(), output, messages: [{ role: "user", content }] })
        expect(answer.output).toEqual({ name: "Ada", age: 36 })
        expect(rig.asked.at(-1)!.seen.turns.at(-1)!.images).toEqual([PNG])
        expect(rig.wrong).toEqual([])
      })
    }
  })
}

test("a refusal is the SDK's own error, with our words", async () => {
  const column = WIRES[0] as Column
  const model = CLIENTS["@ai-sdk/openai (chat)"]!.model(`${column.name}/nothing-such`)
  const error = await generateText({ model, prompt: "hi", maxRetries: 0 }).then(
    () => null,
    (thrown: unknown) => thrown as { statusCode: number; message: string },
  )
  expect(error).toMatchObject({ statusCode: 404, name: "AI_APICallError" })
  expect(error!.message).toContain("nothing-such")
})
