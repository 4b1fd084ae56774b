// The path of a call in the one form that is matched and forwarded, so that nobody is let through by one reading and served by another
// (CWE-436): what cannot be read in one way alone is refused. Pure.
import { ensure } from "../../app/index.ts"

const UNRESERVED = /[A-Za-z0-9._~-]/
/** A slash, a backslash, or a byte that ends strings, hidden in an escape; control characters. */
const HIDDEN = /%(2f|5c|[01][0-9a-f]|7f)/i

export interface CalledPath {
  publisher: string
  product: string
  /** With its slash; escapes in capitals, none of what needs none. */
  path: string
  /** With its question mark, as it was sent but for the key; "" = none. */
  query: string
}

/** The name of a host that serves published APIs alone; null = they are below /m of another one. @param publishedAt their address */
export function ownHostOf(publishedAt: string): string | null {
  const { pathname, hostname } = new URL(publishedAt)
  return pathname === "/" ? hostname : null
}

/** The path below /m, which the host of their own may leave out. */
export function pathBelowM({ hostname, pathname }: URL, ownHost: string | null): string {
  const isShort = ownHost !== null && hostname.replace(/\.$/, "") === ownHost && !/^\/m(\/|$)/.test(pathname)
  return isShort ? `/m${pathname}` : pathname
}

/** @param pathname as the platform normalised it: dots are resolved, backslashes turned */
export function readPath(pathname: string): Omit<CalledPath, "query"> | null {
  const match = /^\/m\/([a-z0-9-]{1,80})\/([a-z0-9-]{1,80})(\/.*)?$/.exec(pathname)
  if (!match) return null
  return { publisher: match[1]!, product: match[2]!, path: plainPath(match[3] ?? "/") }
}

/** @throws AppError invalid_request */
function plainPath(path: string): string {
  const isWhole = !HIDDEN.test(path) && !/%(?![0-9a-f]{2})/i.test(path) && !path.includes("\\")
  ensure(
    isWhole,
    "invalid_request",
    "This path holds an escape that is not accepted here: an encoded slash, backslash or control character.",
  )
  const plain = path.replaceAll(/%[0-9a-f]{2}/gi, (octet) => {
    const char = String.fromCharCode(Number.parseInt(octet.slice(1), 16))
    return UNRESERVED.test(char) ? char : octet.toUpperCase()
  })
  // Escaped twice, or behind a semicolon, dots mean a step up to some servers.
  const climbs = plain.split("/").some((segment) => /^\.{1,2}(;|%(25)*3b|$)/i.test(segment))
  ensure(!climbs, "invalid_request", "This path steps up. Send the path that is meant.")
  return plain
}

/** What a careless server may take a segment for: letters of any case, escapes in escapes, parameters, dots and blanks at its end. */
export function loosely(segment: string): string {
  let text = segment
  for (let turn = 0; turn < 3 && text.includes("%"); turn++) text = decoded(text)
  const plain = text.toLowerCase().replace(/;.*$/s, "")
  let end = plain.length
  while (end > 0 && ". ".includes(plain[end - 1]!)) end--
  return plain.slice(0, end)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text.replaceAll(/%[0-9a-f]{2}/gi, (octet) => String.fromCharCode(Number.parseInt(octet.slice(1), 16)))
  }
}

const KEY_NAME = "api_key"

/** The query without our key, all else byte for byte; several keys are all taken out. */
export function withoutKey(search: string): { query: string; key: string | null } {
  if (search.length < 2 || !/api_?key|%/i.test(search)) return { query: search === "?" ? "" : search, key: null }
  let key: string | null = null
  const rest: string[] = []
  for (const pair of search.slice(1).split("&")) {
    const equals = pair.indexOf("=")
    const name = formDecoded(equals < 0 ? pair : pair.slice(0, equals))
    if (name.toLowerCase() === KEY_NAME) key ??= equals < 0 ? "" : formDecoded(pair.slice(equals + 1))
    else rest.push(pair)
  }
  return { query: rest.length > 0 ? `?${rest.join("&")}` : "", key }
}

const formDecoded = (text: string): string => decoded(text.replaceAll("+", " "))
