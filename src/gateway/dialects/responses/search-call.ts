// A call of a search that the caller runs: told when it is whole, as its arguments are an object and have no pieces.
import type { ResponseToolSearchCall } from "openai/resources/responses/responses"
import { isObject } from "../checks.ts"
import type { Emit, Item } from "./items.ts"

export class SearchCall implements Item {
  readonly item: ResponseToolSearchCall & { call_id: string }
  private said = ""

  constructor(
    private readonly emit: Emit,
    private readonly index: number,
    id: string,
    call_id: string,
  ) {
    this.item = { id, type: "tool_search_call", call_id, execution: "client", arguments: {}, status: "in_progress" }
    emit({ type: "response.output_item.added", output_index: index, item: { ...this.item } })
  }

  grow(_: string, delta: string): void {
    this.said += delta
  }

  close(status: "completed" | "incomplete"): void {
    this.item.arguments = argumentsIn(this.said)
    this.item.status = status
    this.emit({ type: "response.output_item.done", output_index: this.index, item: this.item })
  }
}

/** As far as they are an object: models break off, and make things up. */
function argumentsIn(text: string): object {
  try {
    const said: unknown = JSON.parse(text)
    return isObject(said) ? said : {}
  } catch {
    return {}
  }
}
