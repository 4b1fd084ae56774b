// Calls of tools that ran here, in Anthropic's words for its own: `mcp_tool_use` and `mcp_tool_result` in one message, with the group as the
// server's name. Sent back, they are calls and answers as every provider knows them, which stand in messages of their own.
import { isObject, type Json } from "../checks.ts"

const isHosted = (block: unknown): block is Json =>
  isObject(block) && (block.type === "mcp_tool_use" || block.type === "mcp_tool_result")
const blocksOf = (message: unknown): unknown[] =>
  isObject(message) && Array.isArray(message.content) ? message.content : []
const hasHosted = (message: unknown): message is Json => blocksOf(message).some(isHosted)

/** The same messages where there is none, as nearly always. */
export function withoutHosted(messages: unknown): unknown {
  if (!Array.isArray(messages) || !messages.some(hasHosted)) return messages
  return messages.flatMap((message: unknown) => (hasHosted(message) ? turnsOf(message) : [message]))
}

/** Answers of tools are the user's: a message that has some is cut where they stand. */
function turnsOf(message: Json): Json[] {
  const turns: { role: string; content: unknown[] }[] = []
  for (const block of blocksOf(message)) {
    const isAnswer = isObject(block) && block.type === "mcp_tool_result"
    const role = isAnswer ? "user" : String(message.role)
    if (turns.at(-1)?.role !== role) turns.push({ role, content: [] })
    turns.at(-1)!.content.push(isHosted(block) ? plainOf(block) : block)
  }
  return turns
}

const plainOf = ({ type, id, name, input, tool_use_id, content, is_error }: Json): Json =>
  type === "mcp_tool_use"
    ? { type: "tool_use", id, name, input }
    : { type: "tool_result", tool_use_id, ...(content ? { content } : {}), ...(is_error === true ? { is_error } : {}) }
