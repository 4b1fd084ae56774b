// A call of a tool: found as it was approved, held, made at its server with the server's own credential, settled. What the program that calls
// sent of itself stays here (no token passes through).
import type { CallToolResult, Progress } from "@modelcontextprotocol/sdk/types.js"
import { AppError, amountJson, ensure } from "../app/index.ts"
import type { AskedOnce, Caller, Receipt, WorkCall } from "../gateway/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { type Core, type Own, overConnection } from "./core.ts"
import { noteFaultIn } from "./discover.ts"
import { MCP_LIMITS as L } from "./limits.ts"
import { exposedIn } from "./offers.ts"
import { pricedName, priceOf } from "./price.ts"
import { groupFor } from "./reach.ts"
import { callTool } from "./remote/ask.ts"
import { callError, Fault } from "./remote/fault.ts"
import { canonical } from "./rules.ts"
import { sandboxCall } from "./sandbox/call.ts"
import { approvedText, saveServer, serverById } from "./store.ts"
import type { Exposed, Group } from "./types.ts"

export interface ToolCallInput {
  caller: Caller
  requestId: string
  startMs: number
  group: string
  tool: string
  args: Record<string, unknown>
  once: AskedOnce | null
  /** Of whoever asked: gone = cancelled. */
  signal: AbortSignal
  onProgress?: ((progress: Progress) => void) | undefined
  /** A connection of the caller's own, where its server may ask it something. */
  own?: Own | null
  /** What the tool answered, before it is settled. */
  onResult?(result: CallToolResult): void
}

const SCOPE = "mcp"
const ENDPOINT = "mcp"

/** @throws AppError those of a charged call, not_found, tool_error, tool_timeout */
export async function callOf(core: Core, input: ToolCallInput): Promise<Response> {
  const { caller, requestId, startMs, once, tool } = input
  const noted = { requestId, startMs, caller, endpoint: ENDPOINT, scope: SCOPE, requested: tool } as const
  let found: Found
  try {
    found = find(core, core.store.read, input)
    takePlace(core, caller.userId)
  } catch (error) {
    if (error instanceof AppError) core.gateway.noteRefused({ ...noted, model: "" }, error)
    throw error
  }
  const { group, exposed } = found
  const name = pricedName(group.name, exposed.offer.name)
  const { charge, snapshot } = priceOf(core.pricing, name, caller.kind === "app" ? "app" : "key")
  const work = {
    requestId,
    startMs,
    caller,
    endpoint: ENDPOINT,
    scope: SCOPE,
    model: name,
    prices: snapshot,
    charge,
    units: { calls: 1 },
    once,
    runMs: L.callMsMax,
    requireIn: (tx: Tx) => sameIn(core, tx, caller, found),
    run: (cut: AbortSignal) => run(core, input, found, cut),
  } satisfies WorkCall
  try {
    return await core.gateway.chargedWork(work)
  } finally {
    count(core, caller.userId, -1)
  }
}

/** The group of this name that this caller may use. @throws AppError not_found */
export function groupOf(core: Pick<Core, "oauth">, sql: Reader, caller: Caller, name: string): Group {
  const group = groupFor(core, sql, caller, name)
  ensure(group, "not_found", "There is no group of this name. GET /v1/mcp/groups lists those that there are.")
  return group
}

interface Found {
  group: Group
  exposed: Exposed
}

/** @throws AppError not_found */
function find(core: Core, sql: Reader, { caller, group: name, tool }: ToolCallInput): Found {
  const group = groupOf(core, sql, caller, name)
  const exposed = exposedIn(sql, group.id, "tool").find((one) => one.name === tool)
  ensure(exposed, "not_found", "This group has no such tool, or it waits for its owner's approval.", { param: "tool" })
  return { group, exposed }
}

/** Inside the body that holds: nobody pays for what was just turned off, or runs what was just changed. */
function sameIn(core: Core, tx: Tx, caller: Caller, { group, exposed: { offer, server } }: Found): void {
  groupOf(core, tx, caller, group.name)
  const now = serverById(tx, server.id)
  const isSame = now?.active && now.url === server.url && approvedText(tx, offer.id) === canonical(offer.definition)
  ensure(isSame, "conflict", "This tool was just changed or turned off. List the tools again.")
}

const running = new WeakMap<Core, Map<number, number>>()

/** Given back by `count`. @throws AppError rate_limit_exceeded */
function takePlace(core: Core, userId: number): void {
  if ((running.get(core)?.get(userId) ?? 0) < L.callsPerPersonMax) {
    count(core, userId, 1)
    return
  }
  const words = `At most ${L.callsPerPersonMax} tool calls of one person run at the same time.`
  throw new AppError("rate_limit_exceeded", words, { retryAfterSeconds: 1 })
}

function count(core: Core, userId: number, by: 1 | -1): void {
  const counts = running.get(core) ?? new Map<number, number>()
  running.set(core, counts)
  const now = (counts.get(userId) ?? 0) + by
  if (now > 0) counts.set(userId, now)
  else counts.delete(userId)
}

async function run(core: Core, input: ToolCallInput, { group, exposed }: Found, cut: AbortSignal) {
  const { offer, server } = exposed
  try {
    const signal = AbortSignal.any([input.signal, cut])
    const { callMs = L.callMs } = core
    const asked = { tool: offer.name, args: input.args, signal, callMs, onProgress: input.onProgress }
    const isTest = input.caller.mode === "test"
    const result = isTest
      ? await sandboxCall({ ...asked, definition: offer.definition })
      : await overConnection(core, server, (connection) => callTool(connection, asked), input.own)
    input.onResult?.(result)
    if (!isTest) noteUse(core, server.id)
    const isError = result.isError === true
    return {
      isCharged: !isError,
      ...(isError ? { end: "failed" as const, errorCode: "tool_error" as const } : {}),
      answer: (receipt: Receipt, transactionId: string | null) =>
        answerOf(input, { group: group.name, server: server.name }, result, { ...receipt, transactionId }),
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    if (input.caller.mode === "test") throw callError(error, server.name)
    if (error.reason === "sign_in" || error.reason === "unreachable") core.pool.end(server.id)
    if (error.reason === "sign_in")
      void core.store.write(FAILED, (tx) => noteFaultIn(tx, server, error)).catch(() => {})
    throw callError(error, server.name)
  }
}

const FAILED = { actor: "system:mcp-calls", requestId: "job:mcp-calls", reason: "a tool server refused its credential" }
const USED = { actor: "system:mcp-calls", requestId: "job:mcp-calls", reason: "when a tool server was used" }

/** Once a minute, beside the answer: when it was exactly is nobody's need. */
function noteUse(core: Core, serverId: number): void {
  const now = core.clock.now()
  const { usedMs } = serverById(core.store.read, serverId) ?? { usedMs: now }
  if (usedMs !== null && now - usedMs < L.usedEveryMs) return
  void core.store.write(USED, (tx) => saveServer(tx, serverId, { usedMs: tx.now })).catch(() => {})
}

const answerOf = (
  { requestId, tool }: Pick<ToolCallInput, "requestId" | "tool">,
  where: { group: string; server: string },
  result: CallToolResult,
  { chargedNano, balanceAfterNano, transactionId }: Receipt & { transactionId: string | null },
): string =>
  JSON.stringify({
    object: "mcp.tool_call",
    id: requestId,
    ...where,
    tool,
    content: result.content,
    ...(result.structuredContent === undefined ? {} : { structured_content: result.structuredContent }),
    is_error: result.isError === true,
    charged: amountJson(chargedNano),
    balance: amountJson(balanceAfterNano),
    transaction: transactionId,
  })
