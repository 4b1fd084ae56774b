// Agent loops of the official SDKs, with two tools, as their documentation shows them.
import { afterAll, beforeAll, expect, test } from "bun:test"
import Anthropic from "@anthropic-ai/sdk"
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema"
import OpenAI from "openai"
import { TOOLS } from "../meaning.ts"
import { openRig, type Rig } from "../rig.ts"
import { begin, conversation, endedWell, run, WIRES, WORDS } from "./script.ts"

let rig: Rig
beforeAll(async () => {
  rig = await openRig()
})
afterAll(() => rig.close())

const openaiTool = <Args extends object>(name: "weather" | "time", call: (args: Args) => string) => ({
  type: "function" as const,
  function: {
    name,
    description: TOOLS[name]!.description,
    parameters: TOOLS[name]!.schema,
    parse: JSON.parse as (text: string) => Args,
    function: call,
  },
})

for (const column of WIRES) {
  for (const stream of [false, true]) {
    test(`openai's runTools over ${column.name}, ${stream ? "streamed" : "whole"}`, async () => {
      begin(rig, conversation(false))
      const before = rig.kit.balance()
      const client = new OpenAI({ apiKey: rig.token, baseURL: `${rig.kit.server.url}/v1`, maxRetries: 0 })
      const asked = {
        model: `${column.name}/${column.model}`,
        messages: [{ role: "user" as const, content: "Weather in Köln, and the time?" }],
        tools: [openaiTool("weather", run.weather), openaiTool("time", run.time)],
      }
      const runner = stream
        ? client.chat.completions.runTools({ ...asked, stream: true })
        : client.chat.completions.runTools(asked)
      expect(await runner.finalContent()).toBe(WORDS)
      endedWell(rig, column, before)
    })

    test(`Anthropic's tool runner over ${column.name}, ${stream ? "streamed" : "whole"}`, async () => {
      begin(rig, conversation(true))
      const before = rig.kit.balance()
      const client = new Anthropic({ apiKey: rig.token, baseURL: rig.kit.server.url, maxRetries: 0 })
      const tools = [
        betaTool({
          name: "weather",
          description: TOOLS.weather!.description,
          inputSchema: { type: "object", properties: { place: { type: "string" } }, required: ["place"] } as const,
          run: run.weather,
        }),
        betaTool({
          name: "time",
          description: TOOLS.time!.description,
          inputSchema: { type: "object", properties: { zone: { type: "string" } }, required: ["zone"] } as const,
          run: run.time,
        }),
      ]
      const asked = {
        model: `${column.name}/${column.model}`,
        max_tokens: 4_000,
        thinking: { type: "enabled" as const, budget_tokens: 2_000 },
        messages: [{ role: "user" as const, content: "Weather in Köln, and the time?" }],
        tools,
      }
      let text = ""
      if (stream) {
        for await (const messages of client.beta.messages.toolRunner({ ...asked, stream: true })) {
          text = (await messages.finalMessage()).content
            .map((block) => (block.type === "text" ? block.text : ""))
            .join("")
        }
      } else {
        const message = await client.beta.messages.toolRunner(asked)
        text = message.content.map((block) => (block.type === "text" ? block.text : "")).join("")
      }
      expect(text).toBe(WORDS)
      endedWell(rig, column, before, true)
    })
  }
}
