// The words of calls whose tools run here: which groups a request names, what they offer to its model, and what a tool answered.
import type { Nano } from "../../app/index.ts"
import type { Caller } from "../caller.ts"

/** A group that a request names, as `{"type": "mcp", "group": "travel"}`. */
export interface AskedGroup {
  group: string
  /** Those of its tools that the model may use; null = all. */
  only: readonly string[] | null
  /** Where it stands in the request. */
  param: string
}

/** A tool of a group, under the name by which the group offers it. */
export interface OfferedTool {
  group: string
  name: string
  description: string | null
  schema: Readonly<Record<string, unknown>>
}

export interface ToolRun {
  caller: Caller
  requestId: string
  /** performance.now() */
  startMs: number
  group: string
  tool: string
  args: Record<string, unknown>
  signal: AbortSignal
}

export interface ToolSaid {
  /** As a model reads it. */
  text: string
  /** The tool says that it failed; then it cost nothing. */
  isError: boolean
  chargedNano: Nano
  balanceAfterNano: Nano
}

/** Whoever has tools; `mcp` fits it. */
export interface ToolPort {
  /** @throws AppError not_found, also where this caller may not use the group */
  offered(caller: Caller, group: string): OfferedTool[]
  /** Held, run and settled as a call of its own. @throws AppError as such a call */
  run(run: ToolRun): Promise<ToolSaid>
}

/** A call of a tool that ran here, as answers tell it. */
export interface HostedCall {
  /** As the model named it. */
  id: string
  /** The charged call: `req_…`. */
  requestId: string
  group: string
  tool: string
  /** JSON, as the model wrote it. */
  arguments: string
  /** What the model was told. */
  output: string
  isError: boolean
  chargedNano: Nano
}
