// What is asked of a connected server: its lists, and a call of one of its tools. Every answer is bounded; nothing of it is believed.
import type { CallToolResult, Progress } from "@modelcontextprotocol/sdk/types.js"
import { MCP_LIMITS as L } from "../limits.ts"
import { canonical, keptDefinition } from "../rules.ts"
import type { Definition, OfferKind } from "../types.ts"
import type { Connection } from "./connect.ts"
import { Fault, faultOf } from "./fault.ts"
import { words } from "./library.ts"

export interface Listed {
  /** As the server names itself. */
  title: string
  offers: { kind: OfferKind; definition: Definition }[]
}

const LISTS = [
  ["tool", "tools", "tools/list", "tools"],
  ["resource", "resources", "resources/list", "resources"],
  ["template", "resources", "resources/templates/list", "resourceTemplates"],
  ["prompt", "prompts", "prompts/list", "prompts"],
] as const

/** @throws Fault */
export async function listAll(connection: Connection): Promise<Listed> {
  const { client, way } = connection
  const can = client.getServerCapabilities() ?? {}
  const { title, name } = client.getServerVersion() ?? { name: "" }
  const offers: Listed["offers"] = []
  for (const [kind, capability, method, member] of LISTS) {
    if (!can[capability]) continue
    try {
      offers.push(...(await listOf(connection, kind, method, member)))
    } catch (error) {
      const fault = faultOf(error, way.met)
      // A server that has resources may have no templates of them, and says so by an error.
      if (kind === "tool" || fault.reason !== "refused") throw fault
    }
  }
  return { title: plainTitle(title ?? name), offers }
}

const plainTitle = (text: string): string =>
  text
    .replace(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, L.titleCharsMax)

async function listOf(
  { client }: Connection,
  kind: OfferKind,
  method: string,
  member: string,
): Promise<Listed["offers"]> {
  const { ResultSchema } = words()
  const found = new Map<string, Listed["offers"][number]>()
  let cursor: string | undefined
  for (let page = 0; page < L.listPagesMax; page++) {
    const params = cursor === undefined ? {} : { cursor }
    const answer = await client.request({ method, params } as never, ResultSchema, { timeout: L.listMs })
    const rows = answer[member]
    if (!Array.isArray(rows)) throw new Fault("protocol", `That server's list of ${member} is not a list.`)
    for (const row of rows as unknown[]) {
      const definition =
        row !== null && typeof row === "object" ? keptDefinition(kind, row as Record<string, unknown>) : null
      if (definition && found.size < L.offersMax)
        found.set(canonical([definition.name, definition.uri]), { kind, definition })
    }
    if (typeof answer.nextCursor !== "string" || found.size >= L.offersMax) break
    cursor = answer.nextCursor
  }
  return [...found.values()]
}

export interface ToolCall {
  tool: string
  args: Record<string, unknown>
  signal: AbortSignal
  callMs: number
  onProgress?: ((progress: Progress) => void) | undefined
}

/** @throws Fault; what a tool itself says went wrong is a result with `isError` */
export async function callTool({ client, way }: Connection, call: ToolCall): Promise<CallToolResult> {
  const { CallToolResultSchema } = words()
  way.met = null
  try {
    const result = await client.request(
      { method: "tools/call", params: { name: call.tool, arguments: call.args } },
      CallToolResultSchema,
      {
        timeout: call.callMs,
        maxTotalTimeout: L.callMsMax,
        resetTimeoutOnProgress: true,
        signal: call.signal,
        onprogress: (progress) => call.onProgress?.(progress),
      },
    )
    if (JSON.stringify(result).length > L.answerBytesMax)
      throw new Fault("too_large", "The answer of that tool is too large.")
    return result
  } catch (error) {
    if (call.signal.aborted) throw new Fault("cancelled", "The call was cancelled.", error)
    throw faultOf(error, way.met)
  }
}
