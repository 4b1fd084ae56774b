// A connection to one server by the official SDK: Streamable HTTP, or the older HTTP with server-sent events where a server speaks that alone.
import type { Client } from "@modelcontextprotocol/sdk/client/index.js"
import type { Transport as SdkTransport } from "@modelcontextprotocol/sdk/shared/transport.js"
import { PRODUCT_NAME } from "../../app/index.ts"
import type { SafeStream } from "../../http/index.ts"
import { MCP_LIMITS as L } from "../limits.ts"
import type { Transport } from "../types.ts"
import { Fault, faultOf } from "./fault.ts"
import { library, NO_VALIDATION } from "./library.ts"
import { type Target, type Way, wayTo } from "./way.ts"

export interface Connection {
  client: Client
  transport: Transport
  way: Way
  /** How it ended, once it has. */
  isClosed: boolean
  /** Told once, when it ends. */
  onClosed?: (() => void) | undefined
  close(): Promise<void>
}

export interface ConnectOptions {
  /** What is told to servers; by default nothing. */
  capabilities?: Record<string, unknown>
  /** Before the first message of the server can come. */
  prepare?(client: Client): void
}

/** What says that the older transport may be the one: it has another way in (MCP 2025-03-26, "Backwards compatibility"). */
const isOtherTransport = (error: unknown): boolean => [400, 404, 405].includes((error as { code?: number }).code ?? 0)

/** As the SDK's transport says that it gave up. */
const RECONNECT = /reconnect/i

/** @throws Fault */
export async function connect(stream: SafeStream, target: Target, options: ConnectOptions = {}): Promise<Connection> {
  if (target.transport) return connectBy(target.transport, stream, target, options)
  try {
    return await connectBy("http", stream, target, options)
  } catch (error) {
    const cause = error instanceof Fault ? error.detail : error
    if (!isOtherTransport(cause)) throw error
    // What the usual transport said is the better answer, where neither works.
    return await connectBy("sse", stream, target, options).catch(() => Promise.reject(error))
  }
}

async function connectBy(
  transport: Transport,
  stream: SafeStream,
  target: Target,
  { capabilities = {}, prepare }: ConnectOptions,
): Promise<Connection> {
  const { Client: McpClient } = library()
  const way = wayTo(stream, target)
  const client = new McpClient(
    { name: PRODUCT_NAME, version: "1" },
    { capabilities, jsonSchemaValidator: NO_VALIDATION },
  )
  prepare?.(client)
  const connection: Connection = {
    client,
    transport,
    way,
    isClosed: false,
    async close() {
      connection.isClosed = true
      await client.close().catch(() => {})
    },
  }
  client.onclose = () => {
    connection.isClosed = true
    connection.onClosed?.()
    connection.onClosed = undefined
  }
  // The stream over which a server speaks by itself is lost for good: what was asked of it is told to nobody any more.
  client.onerror = ({ message }) => {
    if (connection.onClosed && RECONNECT.test(message)) void connection.close()
  }
  // Over the older transport all answers come by that stream: nobody waits for those that will not.
  if (transport === "sse") way.onLost = () => void connection.close()
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Fault("timeout", "That server took too long.")), L.connectMs)
  try {
    await Promise.race([client.connect(transportOf(transport, target, way), { timeout: L.connectMs }), late])
    return connection
  } catch (error) {
    await connection.close()
    const fault = faultOf(error, way.met)
    fault.resourceMetadataUrl = way.resourceMetadataUrl
    throw fault
  } finally {
    clearTimeout(timer)
  }
}

function transportOf(transport: Transport, target: Target, way: Way): SdkTransport {
  const { SSEClientTransport, StreamableHTTPClientTransport } = library()
  const url = new URL(target.url)
  // The SDK types session ids as optional in a way that `exactOptionalPropertyTypes` refuses.
  return (
    transport === "http"
      ? new StreamableHTTPClientTransport(url, { fetch: way.ask })
      : new SSEClientTransport(url, { fetch: way.ask })
  ) as SdkTransport
}
