// The way to one server, as the SDK's transports take it: a fetch that only safe-fetch makes, that adds the credential of the server's own
// origin and nothing else. What a program sent us never goes on: headers are made here.
import { SafeFetchError, type SafeStream } from "../../http/index.ts"
import { MCP_LIMITS as L } from "../limits.ts"
import type { Server } from "../types.ts"
import { answering } from "./answering.ts"

export interface Target extends Pick<Server, "id" | "url" | "auth" | "keyIn" | "keyName" | "transport"> {
  /** Opened; asked for each request, since tokens change. */
  credential(): string | null
}

export interface Way {
  ask(url: string | URL, init?: RequestInit): Promise<Response>
  /** What the last request that failed met. */
  met: SafeFetchError | null
  /** Where the last 401 said that it is told who signs people in. */
  resourceMetadataUrl: string | null
  /** The stream over which the server speaks by itself broke. */
  onLost?: () => void
}

export function wayTo(stream: SafeStream, target: Target): Way {
  const { origin } = new URL(target.url)
  const noted = (error: unknown): void => {
    if (error instanceof SafeFetchError) way.met = error
  }
  const way: Way = {
    met: null,
    resourceMetadataUrl: null,
    async ask(input, init = {}) {
      const url = new URL(input)
      const headers: Record<string, string> = Object.fromEntries(new Headers(init.headers))
      // Elsewhere nothing of it is anybody's business.
      if (url.origin === origin) credited(target, url, headers)
      const method = (init.method ?? "GET") as "GET" | "POST" | "DELETE"
      const body = typeof init.body === "string" ? init.body : undefined
      try {
        const response = await stream(url.href, {
          method,
          headers,
          ...(body === undefined ? {} : { body }),
          bytesMax: method === "GET" ? L.streamBytesMax : L.answerBytesMax,
          headMs: method === "POST" ? L.callMsMax : L.headMs,
          ...(init.signal ? { signal: init.signal } : {}),
        })
        if (response.status === 401) way.resourceMetadataUrl = saidWhere(response)
        if (!isEvents(response)) return response
        return answering(response, body ?? null, (error) => {
          noted(error)
          if (method === "GET") way.onLost?.()
        })
      } catch (error) {
        noted(error)
        throw error
      }
    },
  }
  return way
}

const WHERE = /resource_metadata="([^"]{1,2048})"/
const saidWhere = ({ headers }: Response): string | null =>
  WHERE.exec(headers.get("www-authenticate") ?? "")?.[1] ?? null

const isEvents = ({ headers, body }: Response): boolean =>
  body !== null && headers.get("content-type")?.includes("text/event-stream") === true

function credited({ auth, keyIn, keyName, credential }: Target, url: URL, headers: Record<string, string>): void {
  const secret = credential()
  if (auth === "none" || secret === null) return
  if (auth === "key" && keyIn === "query") url.searchParams.set(keyName!, secret)
  else if (auth === "key") headers[keyName!.toLowerCase()] = secret
  else headers.authorization = `Bearer ${secret}`
}
