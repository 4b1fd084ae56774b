// What came back of a call, as a tool's result: text for the model, pictures as pictures, files as files; refusals in words.
import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/sdk/types.js"
import { readBounded } from "../../http/index.ts"
import { PRODUCT_TOOL_LIMITS as L } from "./limits.ts"

/** Never throws. @param uri of what was called, which names a file in the result */
export async function resultOf(response: Response, uri: string): Promise<CallToolResult> {
  const bytes = await readBounded(response.body, L.answerBytesMax).catch(() => null)
  if (bytes === null) return failed("The answer broke off, or is too large for a tool.")
  const type = (response.headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase()
  if (!isText(type)) return { content: [fileOf(bytes, type, uri)], ...(response.ok ? {} : { isError: true }) }
  const text = new TextDecoder().decode(bytes)
  const value = objectIn(type, text)
  const structured = value === null ? {} : { structuredContent: value }
  if (response.ok) return { content: [{ type: "text", text: text || `${response.status}` }], ...structured }
  return { ...failed(wordsOf(value) ?? `HTTP ${response.status}\n${text}`), ...structured }
}

const failed = (text: string): CallToolResult => ({ content: [{ type: "text", text }], isError: true })

const isText = (type: string): boolean => type === "" || /^text\/|[/+](json|xml|yaml|x-ndjson|javascript)$/.test(type)

function fileOf(bytes: Uint8Array, mimeType: string, uri: string): ContentBlock {
  const data = Buffer.from(bytes).toString("base64")
  if (mimeType.startsWith("image/") && mimeType !== "image/svg+xml") return { type: "image", data, mimeType }
  if (mimeType.startsWith("audio/")) return { type: "audio", data, mimeType }
  return { type: "resource", resource: { uri, mimeType, blob: data } }
}

function objectIn(type: string, text: string): Record<string, unknown> | null {
  if (!/[/+]json$/.test(type)) return null
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === "object" && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** Of problem details (RFC 9457), as the gateway and many publishers have them. */
const wordsOf = (value: Record<string, unknown> | null): string | null =>
  typeof value?.detail === "string" && typeof value.title === "string" ? value.detail : null
