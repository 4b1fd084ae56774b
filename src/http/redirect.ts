// The plain listener beside a server of TLS: sends everybody to the public origin, and answers the challenges of a certificate authority
// (RFC 8555 §8.3). It serves nothing else: what is sent in the clear can be read on the way.
import type { Address } from "../app/index.ts"
import { listening } from "./listen.ts"

const CHALLENGE = "/.well-known/acme-challenge/"
/** Longer than any address of ours. */
const URL_CHARS_MAX = 16_384

export interface Redirect {
  readonly port: number
  stop(): Promise<void>
}

/**
 * @param origins where everybody is sent: the one that was asked for, else the first; never the Host header, which the sender writes
 * @param challenges token → key authorization
 * @throws ListenError
 */
export function startRedirect(
  { host, port }: Address,
  origins: readonly string[],
  challenges: ReadonlyMap<string, string>,
): Redirect {
  const setting = "--http-listen"
  const place = { host, port, portSetting: setting, hostSetting: setting }
  const originOf = (url: string): string => {
    const asked = URL.canParse(url) ? new URL(url).hostname : ""
    return origins.find((origin) => new URL(origin).hostname === asked) ?? origins[0]!
  }
  const answer = ({ url }: Request): Response => {
    const at = url.indexOf("/", url.indexOf("//") + 2)
    const path = at < 0 || url.length > URL_CHARS_MAX ? "/" : url.slice(at)
    if (path.startsWith(CHALLENGE)) {
      const known = challenges.get(path.slice(CHALLENGE.length))
      return known === undefined ? new Response("Not found.\n", { status: 404 }) : new Response(known)
    }
    return new Response(null, { status: 308, headers: { location: `${originOf(url)}${path}` } })
  }
  const options = { hostname: host, port, reusePort: false, maxRequestBodySize: 0, fetch: answer }
  const server = listening(place, () => Bun.serve(options))
  return { port: server.port!, stop: () => server.stop(true) }
}
