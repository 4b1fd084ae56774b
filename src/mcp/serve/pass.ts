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
  return asked(served, owner, {
    ask: ({ client }) =>
      client.request({ method: "resources/read", params: { uri } }, ReadResourceResultSchema, {
        signal,
        timeout: L.callMs,
      }),
    inTest: () => ({ contents: [{ uri, mimeType: "text/plain", text: "Test mode: this resource was not read." }] }),
  })
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
  const text = `Test mode: the prompt ${params.name} was not asked for. Its arguments were ${JSON.stringify(args)}.`
  return asked(served, owner, {
    ask: ({ client }) =>
      client.request({ method: "prompts/get", params }, GetPromptResultSchema, { signal, timeout: L.callMs }),
    inTest: () => ({ messages: [{ role: "user", content: { type: "text", text } }] }),
  })
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
  const nothing: CompleteResult = { completion: { values: [] } }
  const ask = async ({ client }: Connection): Promise<CompleteResult> => {
    if (!client.getServerCapabilities()?.completions) return nothing
    const there = ref.type === "ref/prompt" ? { ...ref, name: owner!.offer.name } : ref
    const params = { ref: there, argument, ...(context ? { context } : {}) }
    return client.complete(params, { signal, timeout: L.listMs })
  }
  return asked(served, owner, { ask, inTest: () => nothing })
}

interface Question<T> {
  ask(one: Connection): Promise<T>
  /** In place of the server's answer, in test mode. */
  inTest(): T
  own?: Own | null
}

/** @throws AppError not_found, tool_error, tool_timeout */
export async function asked<T>(
  { core, mode }: Served,
  owner: Exposed | undefined,
  { ask, inTest, own = null }: Question<T>,
): Promise<T> {
  ensure(owner, "not_found", "This group has nothing of that name.")
  if (mode === "test") return inTest()
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
