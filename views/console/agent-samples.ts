// How well-known MCP clients are told of a server: each in its own words, with an address that signs people in by itself.

export interface Sample {
  label: string
  code: string
  language?: "json" | "bash"
}

const json = (value: unknown): string => JSON.stringify(value, null, 2)

/** @param name small letters, digits and dashes */
export const agentSamples = (name: string, url: string): Sample[] => [
  { label: "Address", code: url },
  { label: "Claude Code", code: `claude mcp add --transport http ${name} ${url}`, language: "bash" },
  { label: "VS Code", code: json({ servers: { [name]: { type: "http", url } } }), language: "json" },
  { label: "Cursor", code: json({ mcpServers: { [name]: { url } } }), language: "json" },
  {
    label: "With a key",
    code: json({
      mcpServers: { [name]: { type: "http", url, headers: { Authorization: "Bearer YOUR_API_KEY" } } },
    }),
    language: "json",
  },
]
