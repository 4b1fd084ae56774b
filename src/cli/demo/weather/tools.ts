// The demo's weather as a tool server (MCP, Streamable HTTP without sessions): one tool, which asks the same made-up weather.
interface Message {
  id?: number | string
  method?: string
  params?: { name?: string; arguments?: { city?: unknown }; protocolVersion?: string }
}

const TOOL = {
  name: "current_weather",
  title: "Current weather",
  description: "The weather in a city, now.",
  inputSchema: {
    type: "object",
    properties: { city: { type: "string", description: "Its name" } },
    required: ["city"],
  },
  annotations: { readOnlyHint: true },
}
const VERSION = "2025-06-18"

export interface WeatherTools {
  url: string
  stop(): void
}

/** @param weatherUrl of the weather server, without a slash at its end */
export function startWeatherTools(weatherUrl: string): WeatherTools {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      if (request.method !== "POST") return new Response(null, { status: 405 })
      const message = (await request.json()) as Message
      if (message.id === undefined) return new Response(null, { status: 202 })
      const { id } = message
      const result = await resultOf(weatherUrl, message)
      const error = { code: -32_601, message: "There is no such method." }
      return Response.json({ jsonrpc: "2.0", id, ...(result ? { result } : { error }) })
    },
  })
  return { url: `http://127.0.0.1:${server.port}/mcp`, stop: () => void server.stop(true) }
}

async function resultOf(weatherUrl: string, { method, params = {} }: Message): Promise<object | null> {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: VERSION,
        capabilities: { tools: {} },
        serverInfo: { name: "weather", title: "Weather", version: "1.0.0" },
      }
    case "ping":
      return {}
    case "tools/list":
      return { tools: [TOOL] }
    case "tools/call":
      return params.name === TOOL.name ? weatherOf(weatherUrl, String(params.arguments?.city ?? "")) : null
    default:
      return null
  }
}

async function weatherOf(weatherUrl: string, city: string): Promise<object> {
  const answer = await fetch(`${weatherUrl}/current/${encodeURIComponent(city)}`)
  const said = (await answer.json()) as { temperature?: number; error?: string }
  const text = said.temperature === undefined ? (said.error ?? "no answer") : `${said.temperature} °C in ${city}`
  return { content: [{ type: "text", text }], isError: said.temperature === undefined }
}
