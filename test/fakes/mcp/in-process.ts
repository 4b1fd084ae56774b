// A tool server without a network, by the official SDK: for worlds that need one to be there. Its words want to break pages.
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js"
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js"
import { z } from "zod"
import type { SafeStream } from "../../../src/http/index.ts"

const HOSTILE = `<script>alert("tool")</script> ${"W".repeat(60)} مرحبا`
const said = (text: string) => ({ content: [{ type: "text" as const, text }] })

/** Stands at every address. */
export const toolServer: SafeStream = async (url, { method = "GET", headers, body }) => {
  if (method !== "POST") return new Response(null, { status: 405 })
  const mcp = new McpServer({ name: "weather", title: `"><img src=x onerror=alert(1)>`, version: "1.0.0" })
  mcp.registerTool(
    "get_weather",
    {
      description: HOSTILE,
      inputSchema: { city: z.string().describe(HOSTILE), days: z.number().int().min(1).max(7).optional() },
    },
    ({ city }) => said(`Sunny in ${city}`),
  )
  mcp.registerTool("send_mail", { title: HOSTILE, description: "Sends a mail.", inputSchema: {} }, () => said("sent"))
  mcp.registerResource("notes", "note://one", { description: HOSTILE }, () => ({ contents: [] }))
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
  await mcp.connect(transport as Transport)
  return transport.handleRequest(new Request(url, { method, headers: headers ?? {}, ...(body ? { body } : {}) }))
}
