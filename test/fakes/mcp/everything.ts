// The server that the official conformance suite asks for, made with the SDK: its tools, resources and prompts under the names that it calls.
import { completable } from "@modelcontextprotocol/sdk/server/completable.js"
import { McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js"
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js"
import { SubscribeRequestSchema, UnsubscribeRequestSchema } from "@modelcontextprotocol/sdk/types.js"
import { z } from "zod"

/** One pixel, and one silent sample. */
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
const WAV = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA="

const text = (said: string) => ({ type: "text" as const, text: said })
const image = { type: "image" as const, data: PNG, mimeType: "image/png" }
const resourceOf = (uri: string, said: string) => ({
  type: "resource" as const,
  resource: { uri, mimeType: "text/plain", text: said },
})

function tools(mcp: McpServer): void {
  const answering = (name: string, content: object[], more: object = {}) =>
    mcp.registerTool(name, { description: `Answers with ${name}.` }, () => ({ content, ...more }) as never)
  answering("test_simple_text", [text("This is a simple text response for testing.")])
  answering("test_image_content", [image])
  answering("test_audio_content", [{ type: "audio", data: WAV, mimeType: "audio/wav" }])
  answering("test_embedded_resource", [resourceOf("test://embedded-resource", "This is an embedded resource content.")])
  const mixed = [
    text("Multiple content types test:"),
    image,
    resourceOf("test://mixed-content-resource", '{"test":"data"}'),
  ]
  answering("test_multiple_content_types", mixed)
  const failed = [text("This tool intentionally returns an error for testing")]
  answering("test_error_handling", failed, { isError: true })
  mcp.registerTool(
    "test_tool_with_progress",
    { description: "Tells of progress." },
    async ({ _meta, sendNotification }) => {
      const progressToken = _meta?.progressToken
      for (const progress of [0, 50, 100])
        if (progressToken !== undefined)
          await sendNotification({ method: "notifications/progress", params: { progressToken, progress, total: 100 } })
      return { content: [text("done")] }
    },
  )
  mcp.registerTool("test_tool_with_logging", { description: "Logs." }, async ({ sendNotification }) => {
    for (const data of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
      await sendNotification({ method: "notifications/message", params: { level: "info", data } })
      await Bun.sleep(50)
    }
    return { content: [text("done")] }
  })
  mcp.registerTool(
    "test_sampling",
    { description: "Asks a model.", inputSchema: { prompt: z.string() } },
    async ({ prompt }) => {
      const messages = [{ role: "user" as const, content: text(prompt) }]
      const { content } = await mcp.server.createMessage({ messages, maxTokens: 100 })
      return { content: [text(`LLM response: ${(content as { text: string }).text}`)] }
    },
  )
  const asking = { description: "Asks a person.", inputSchema: { message: z.string() } }
  mcp.registerTool("test_elicitation", asking, async ({ message }) => {
    const properties = { username: { type: "string" as const }, email: { type: "string" as const } }
    const requestedSchema = { type: "object" as const, properties, required: ["username", "email"] }
    const { action, content } = await mcp.server.elicitInput({ message, requestedSchema })
    return { content: [text(`User response: ${action}, ${JSON.stringify(content)}`)] }
  })
}

const PERSON = {
  name: { type: "string", default: "John Doe" },
  age: { type: "integer", default: 30 },
  score: { type: "number", default: 95.5 },
  status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
  verified: { type: "boolean", default: true },
} as const
const OPTIONS = ["option1", "option2", "option3"]
const titled = (word: string) =>
  ["1", "2", "3"].map((n, i) => ({ const: `value${n}`, title: `${["First", "Second", "Third"][i]} ${word}` }))
const CHOICES = {
  untitledSingle: { type: "string", enum: OPTIONS },
  titledSingle: { type: "string", oneOf: titled("Option") },
  legacyEnum: {
    type: "string",
    enum: ["opt1", "opt2", "opt3"],
    enumNames: ["Option One", "Option Two", "Option Three"],
  },
  untitledMulti: { type: "array", items: { type: "string", enum: OPTIONS } },
  titledMulti: { type: "array", items: { anyOf: titled("Choice") } },
}

function questions(mcp: McpServer): void {
  const asking = (name: string, properties: object) =>
    mcp.registerTool(name, { description: "Asks a person." }, async () => {
      const requestedSchema = { type: "object" as const, properties: properties as never }
      const { action, content } = await mcp.server.elicitInput({ message: "Please", requestedSchema })
      return { content: [text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`)] }
    })
  asking("test_elicitation_sep1034_defaults", PERSON)
  asking("test_elicitation_sep1330_enums", CHOICES)
}

function watched(mcp: McpServer): void {
  const uri = "test://watched-resource"
  mcp.registerResource("watched", uri, {}, () => ({ contents: [{ uri, text: "now" }] }))
  mcp.server.setRequestHandler(SubscribeRequestSchema, () => ({}))
  mcp.server.setRequestHandler(UnsubscribeRequestSchema, () => ({}))
}

function others(mcp: McpServer): void {
  const read = (name: string, uri: string, contents: object) =>
    mcp.registerResource(name, uri, { description: name }, () => ({ contents: [{ uri, ...contents }] }) as never)
  read("static-text", "test://static-text", {
    mimeType: "text/plain",
    text: "This is the content of the static text resource.",
  })
  read("static-binary", "test://static-binary", { mimeType: "image/png", blob: PNG })
  mcp.registerResource(
    "template",
    new ResourceTemplate("test://template/{id}/data", { list: undefined }),
    {},
    (uri, { id }) => ({
      contents: [
        {
          uri: uri.href,
          mimeType: "application/json",
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
        },
      ],
    }),
  )
  const user = (content: object) => ({ messages: [{ role: "user", content }] }) as never
  mcp.registerPrompt("test_simple_prompt", { description: "Simple." }, () =>
    user(text("This is a simple prompt for testing.")),
  )
  mcp.registerPrompt(
    "test_prompt_with_arguments",
    {
      description: "With arguments.",
      argsSchema: { arg1: completable(z.string(), (begun) => [`${begun}ing`]), arg2: z.string() },
    },
    ({ arg1, arg2 }) => user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  )
  mcp.registerPrompt(
    "test_prompt_with_embedded_resource",
    { description: "With a resource.", argsSchema: { resourceUri: z.string() } },
    ({ resourceUri }) =>
      ({
        messages: [
          { role: "user", content: resourceOf(resourceUri, "Embedded resource content for testing.") },
          { role: "user", content: text("Please process the embedded resource above.") },
        ],
      }) as never,
  )
  mcp.registerPrompt("test_prompt_with_image", { description: "With a picture." }, () => ({
    messages: [
      { role: "user", content: image },
      { role: "user", content: text("Please analyze the image above.") },
    ],
  }))
}

export function startEverything(): { url: string; close(): Promise<void> } {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()
  const http = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const known = sessions.get(request.headers.get("mcp-session-id") ?? "")
      if (known) return known.handleRequest(request)
      const transport = new WebStandardStreamableHTTPServerTransport({
        sessionIdGenerator: () => crypto.randomUUID(),
        onsessioninitialized: (id) => void sessions.set(id, transport),
      })
      const mcp = new McpServer(
        { name: "everything", version: "1" },
        { capabilities: { logging: {}, completions: {}, resources: { subscribe: true } } },
      )
      tools(mcp)
      others(mcp)
      questions(mcp)
      watched(mcp)
      await mcp.connect(transport as Transport)
      return transport.handleRequest(request)
    },
  })
  return { url: `http://127.0.0.1:${http.port}/mcp`, close: () => http.stop(true) }
}
