// A tool world with a model behind it: an upstream of real HTTP that says what a test wants, round by round, and remembers what it was asked.
import { credits } from "../../src/app/index.ts"
import { chunkOf, MockUpstream, USAGE, usageChunk } from "../../src/sites/api/mock-upstream.ts"
import { CTX, giveCredits } from "../build.ts"
import { openToolWorld, type ToolWorld } from "./world.ts"

export interface Asked {
  messages: { role: string; content?: unknown; tool_calls?: unknown[]; tool_call_id?: string }[]
  tools?: { function: { name: string; parameters: unknown } }[]
  stream?: boolean
}
/** What a round says: words, and calls of tools. */
export interface Says {
  text?: string
  calls?: readonly { id?: string; name: string; args: string | object }[]
}
export type Script = (asked: Asked, round: number) => Says | Response | Promise<Says | Response>

export interface ModelWorld extends ToolWorld {
  upstream: MockUpstream
  /** What the model was asked, round by round. */
  asked(): Asked[]
  /** From the next call on. */
  says(script: Script | readonly Says[]): void
  /** A key with both permissions, and one for models alone. */
  both: string
  llmOnly: string
  post(
    path: string,
    body: object,
    more?: { bearer?: string; signal?: AbortSignal; headers?: Record<string, string> },
  ): Promise<Response>
  request(id: string, bearer?: string): Promise<Record<string, never>>
}

export const GROUP = { type: "mcp", group: "travel" } as const

export async function openModelWorld(
  options: { funds?: number } & Parameters<typeof openToolWorld>[0] = {},
): Promise<ModelWorld> {
  const { funds = credits(500), ...overrides } = options
  const world = await openToolWorld(overrides)
  const upstream = new MockUpstream()
  const { app } = world.server
  await addModel(world, upstream)
  const { user } = world
  const keyOf = async (name: string, scopes: ("llm" | "mcp")[]) =>
    (await app.keys.create(CTX, { userId: user.id, name, scopes })).secret
  const both = await keyOf("Both", ["llm", "mcp"])
  const llmOnly = await keyOf("Models", ["llm"])
  if (funds > 0) await giveCredits(app, user, funds)
  let script: Script = () => ({ text: "nothing" })
  let round = 0
  upstream.answer = async (body) => {
    const said = await script(body as unknown as Asked, ++round)
    return said instanceof Response ? said : answered(body as unknown as Asked, said)
  }
  return {
    ...world,
    upstream,
    both,
    llmOnly,
    asked: () => upstream.journal as unknown as Asked[],
    says(next) {
      round = 0
      upstream.journal.length = 0
      script = typeof next === "function" ? next : (_, n) => next[n - 1] ?? { text: "and nothing more" }
    },
    post: (path, body, { bearer = both, signal, headers = {} } = {}) =>
      fetch(world.server.at(path), {
        method: "POST",
        headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
        ...(signal ? { signal } : {}),
      }),
    async request(id, bearer = both) {
      const answer = await fetch(`${world.server.at("/v1/requests")}/${id}`, {
        headers: { authorization: `Bearer ${bearer}` },
      })
      return (await answer.json()) as Record<string, never>
    },
    async close() {
      upstream.stop()
      await world.close()
    },
  }
}

/** `mock-1`, at $1 and $2 a million tokens. */
export async function addModel(
  { server: { app } }: Pick<ToolWorld, "server">,
  upstream: { url: string },
): Promise<void> {
  await app.plans.updatePlan(CTX, { code: "free", freeModelsOnly: false, markupPaidBp: 1_000 })
  await app.pricing.setModelPrice(CTX, {
    provider: "openai",
    model: "mock-1",
    rates: { input: 1_000_000, output: 2_000_000 },
    limits: { contextWindow: 128_000, maxOutputTokens: 1_000 },
  })
  await app.gateway.addUpstream(CTX, {
    kind: "openai-compatible",
    name: "mock",
    baseUrl: upstream.url,
    apiKey: "sk-upstream-secret-key",
    priceProvider: "openai",
    models: ["mock-1"],
  })
}

const jsonOf = (args: string | object): string => (typeof args === "string" ? args : JSON.stringify(args))
const callsOf = ({ calls = [] }: Says) =>
  calls.map(({ id, name, args }, index) => ({
    index,
    id: id ?? `call_${name}_${index}`,
    type: "function",
    function: { name, arguments: jsonOf(args) },
  }))

export function answered({ stream }: Asked, says: Says): Response {
  const calls = callsOf(says)
  const finish = calls.length > 0 ? "tool_calls" : "stop"
  if (!stream) {
    const tool_calls = calls.length > 0 ? { tool_calls: calls.map(({ index: _, ...call }) => call) } : {}
    return Response.json({
      id: "c1",
      object: "chat.completion",
      created: 1,
      model: "mock-1",
      choices: [
        { index: 0, message: { role: "assistant", content: says.text ?? null, ...tool_calls }, finish_reason: finish },
      ],
      usage: USAGE,
    })
  }
  const words = (says.text ?? "").split(/(?<= )/).filter(Boolean)
  const pieces = calls.flatMap(({ index, id, type, function: { name, arguments: args } }) => [
    chunkOf({ tool_calls: [{ index, id, type, function: { name, arguments: "" } }] }),
    chunkOf({ tool_calls: [{ index, function: { arguments: args.slice(0, 5) } }] }),
    chunkOf({ tool_calls: [{ index, function: { arguments: args.slice(5) } }] }),
  ])
  const text = [
    chunkOf({ role: "assistant", content: "" }),
    ...words.map((content) => chunkOf({ content })),
    ...pieces,
    chunkOf({}, {}, finish),
    usageChunk(),
    "data: [DONE]\n\n",
  ]
  return new Response(text.join(""), { headers: { "content-type": "text/event-stream" } })
}
