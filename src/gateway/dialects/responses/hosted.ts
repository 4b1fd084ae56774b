// Calls of tools that ran here, in the words of the Responses API: OpenAI's `mcp_call`, with the group as its label. Sent back, such an item is
// a call and its answer, which every provider knows; the item itself only its maker would.
import type { ResponseOutputItem } from "openai/resources/responses/responses"
import { amountJson } from "../../../app/index.ts"
import type { HostedCall } from "../../rounds/types.ts"
import { isObject, type Json } from "../checks.ts"
import type { Emit, Item } from "./items.ts"

type McpCall = ResponseOutputItem.McpCall

export class Hosted implements Item {
  readonly item: McpCall

  constructor(
    private readonly emit: Emit,
    private readonly index: number,
    id: string,
    { group, tool, arguments: args }: HostedCall,
  ) {
    const asked = { id, type: "mcp_call" as const, server_label: group, name: tool, approval_request_id: null }
    this.item = { ...asked, arguments: "", output: null, error: null, status: "in_progress" }
    emit({ type: "response.output_item.added", output_index: index, item: { ...this.item } })
    const at = { item_id: id, output_index: index }
    emit({ type: "response.mcp_call.in_progress", ...at })
    this.item.arguments = args
    emit({ type: "response.mcp_call_arguments.delta", ...at, delta: args })
    emit({ type: "response.mcp_call_arguments.done", ...at, arguments: args })
  }

  done({ output, isError, requestId, chargedNano }: HostedCall): void {
    const status = isError ? ("failed" as const) : ("completed" as const)
    const said = isError ? { error: output } : { output }
    // What it cost, and where that is explained: ours beside OpenAI's.
    Object.assign(this.item, said, { status, request_id: requestId, charged: amountJson(chargedNano) })
    this.emit({ type: `response.mcp_call.${status}`, item_id: this.item.id, output_index: this.index })
    this.close()
  }

  close(): void {
    this.emit({ type: "response.output_item.done", output_index: this.index, item: this.item })
  }
}

const isHosted = (item: unknown): item is Json => isObject(item) && item.type === "mcp_call"

/** The same items where there is none, as nearly always. */
export function withoutHosted(items: unknown): unknown {
  if (!Array.isArray(items) || !items.some(isHosted)) return items
  return items.flatMap((item: unknown) => (isHosted(item) ? asCall(item) : [item]))
}

function asCall({ id, name, arguments: args, output, error }: Json): Json[] {
  const said = typeof output === "string" ? output : typeof error === "string" ? error : JSON.stringify(error ?? "")
  return [
    { type: "function_call", call_id: id, name, arguments: args },
    { type: "function_call_output", call_id: id, output: said },
  ]
}
