// Resources and prompts of a group: asked for at the server whose they are. They cost nothing, and are as bounded as calls.
import type {
  CompleteRequest,
  CompleteResult,
  GetPromptResult,
  ReadResourceResult,
} from "@modelcontextprotocol/sdk/types.js"
import { AppError, ensure } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import { type Own, overConnection } from "../core.ts"
import { MCP_LIMITS as L } from "../limits.ts"
import { exposedIn } from "../offers.ts"
import type { Connection } from "../remote/connect.ts"
import { callError, Fault, faultOf } from "../remote/fault.ts"
import { words } from "../remote/library.ts"
import type { Exposed, Server } from "../types.ts"
import type { Served } from "./server.ts"

/** @throws AppError not_found, tool_error, tool_timeout */
export async function readResource(served: Served, uri: string, signal: AbortSignal): Promise<ReadResourceResult> {
  const owner = ownerOfResource(served.core.store.read, served.group.id, uri)
  const { ReadResourceResultSchema } = words()
  return asked(served, owner, ({ client }) =>
    client.request({ method: "resources/read", params: { uri } }, ReadResourceResultSchema, {
      signal,
      timeout: L.callMs,
    }),
  )
}

export const ownerOfResource = (sql: Reader, groupId: number, uri: string): Exposed | undefined =>
  exposedIn(sql, groupId, "resource").find(({ name }) => name === uri) ??
  exposedIn(sql, groupId, "template").find(({ name }) => mayMake(name, uri))

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

/** What an argument of a prompt or a template may be. Servers that complete nothing have nothing to say. */
export async function complete(
  served: Served,
  { ref, argument, context }: CompleteRequest["params"],
  signal: AbortSignal,
): Promise<CompleteResult> {
  const kind = ref.type === "ref/prompt" ? "prompt" : "template"
  const name = ref.type === "ref/prompt" ? ref.name : ref.uri
  const owner = exposedIn(served.core.store.read, served.group.id, kind).find((one) => one.name === name)
  return asked(served, owner, async ({ client }) => {
    if (!client.getServerCapabilities()?.completions) return { completion: { values: [] } }
    const there = ref.type === "ref/prompt" ? { ...ref, name: owner!.offer.name } : ref
    const params = { ref: there, argument, ...(context ? { context } : {}) }
    return client.complete(params, { signal, timeout: L.listMs })
  })
}

export async function asked<T>(
  { core }: Served,
  owner: Exposed | undefined,
  ask: (one: Connection) => Promise<T>,
  own: Own | null = null,
): Promise<T> {
  ensure(owner, "not_found", "This group has nothing of that name.")
  const server: Server = owner.server
  try {
    return await overConnection(
      core,
      server,
      async (connection) => {
        connection.way.met = null
        try {
          return await ask(connection)
        } catch (error) {
          throw error instanceof AppError ? error : faultOf(error, connection.way.met)
        }
      },
      own,
    )
  } catch (error) {
    if (error instanceof Fault) throw callError(error, server.name)
    throw error instanceof AppError ? error : new AppError("tool_error", "That server failed.", {}, error)
  }
}
