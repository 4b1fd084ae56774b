// Resources and prompts of a group: asked for at the server whose they are. They cost nothing, and are as bounded as calls.
import type { GetPromptResult, ReadResourceResult } from "@modelcontextprotocol/sdk/types.js"
import { AppError, ensure } from "../../app/index.ts"
import { overConnection } from "../core.ts"
import { MCP_LIMITS as L } from "../limits.ts"
import { exposedIn } from "../offers.ts"
import type { Connection } from "../remote/connect.ts"
import { callError, Fault, faultOf } from "../remote/fault.ts"
import { words } from "../remote/library.ts"
import type { Exposed, Server } from "../types.ts"
import type { Served } from "./server.ts"

/** @throws AppError not_found, tool_error, tool_timeout */
export async function readResource(served: Served, uri: string, signal: AbortSignal): Promise<ReadResourceResult> {
  const { core, group } = served
  const sql = core.store.read
  const owner =
    exposedIn(sql, group.id, "resource").find(({ name }) => name === uri) ??
    exposedIn(sql, group.id, "template").find(({ name }) => mayMake(name, uri))
  const { ReadResourceResultSchema } = words()
  return asked(served, owner, ({ client }) =>
    client.request({ method: "resources/read", params: { uri } }, ReadResourceResultSchema, {
      signal,
      timeout: L.callMs,
    }),
  )
}

/** Whether an address begins as the template does (RFC 6570): its server decides the rest. */
const mayMake = (template: string, uri: string): boolean => {
  const fixed = template.slice(0, template.includes("{") ? template.indexOf("{") : undefined)
  return fixed !== "" && uri.startsWith(fixed) && uri.length <= L.uriCharsMax
}

/** @throws AppError not_found, tool_error, tool_timeout */
export async function getPrompt(
  served: Served,
  name: string,
  args: Record<string, string>,
  signal: AbortSignal,
): Promise<GetPromptResult> {
  const owner = exposedIn(served.core.store.read, served.group.id, "prompt").find((one) => one.name === name)
  const { GetPromptResultSchema } = words()
  const params = { name: owner?.offer.name ?? name, arguments: args }
  return asked(served, owner, ({ client }) =>
    client.request({ method: "prompts/get", params }, GetPromptResultSchema, { signal, timeout: L.callMs }),
  )
}

async function asked<T>(
  { core }: Served,
  owner: Exposed | undefined,
  ask: (one: Connection) => Promise<T>,
): Promise<T> {
  ensure(owner, "not_found", "This group has nothing of that name.")
  const server: Server = owner.server
  try {
    return await overConnection(core, server, async (connection) => {
      connection.way.met = null
      try {
        return await ask(connection)
      } catch (error) {
        throw faultOf(error, connection.way.met)
      }
    })
  } catch (error) {
    if (error instanceof Fault) throw callError(error, server.name)
    throw error instanceof AppError ? error : new AppError("tool_error", "That server failed.", {}, error)
  }
}
