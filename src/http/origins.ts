// Origins: which origin a request came to, and which one its address belongs to. Pages link to each other by paths; where the parts of the
// server have origins of their own, a GET that came to the wrong one is sent on. An unknown Host (a probe, a proxy that rewrites it) is
// served as ever: nothing is decided by what the sender writes there but between origins of ours.
import { AppError, type Hosts } from "../app/index.ts"
import { dialectOf } from "./dialects.ts"
import { seeOther } from "./responses.ts"

export type HostName = Exclude<keyof Hosts, "market">

export interface Origins {
  readonly hosts: Hosts
  /** Whether it came to the host of published APIs, which has neither pages nor cookies: whatever the port, or a dot at its end. */
  isPublished(request: Request): boolean
  /** This origin and no other: the base URL's where the Host is none of ours. */
  originOf(request: Request): string
  /** Whether an absolute address is ours. */
  isOurs(address: string): boolean
  /** Other origins of ours that a form of a page may lead to. */
  readonly others: readonly string[]
  /** Where a request has to go that came to the wrong origin; null: it is right here. @throws AppError for programs */
  misplaced(request: Request, path: string): Response | null
}

/** @param hostsOf where an address is served, its own place first; empty = everywhere */
export function createOrigins(hosts: Hosts, hostsOf: (path: string) => readonly HostName[]): Origins {
  const { market, ...parts } = hosts
  const alone = market === hosts.api ? null : bareName(market)
  const origins = [...new Set(Object.values(parts))]
  const byHost = new Map(origins.map((origin) => [new URL(origin).host, origin]))
  const found = (request: Request): string | undefined => byHost.get(new URL(request.url).host)
  const originOf = (request: Request): string => found(request) ?? hosts.auth
  return {
    hosts,
    isPublished: ({ url }) => alone !== null && bareName(url) === alone,
    originOf,
    isOurs: (address) => origins.some((origin) => address.startsWith(`${origin}/`)),
    others: origins.length > 1 ? origins : [],
    misplaced(request, path) {
      if (origins.length === 1) return null
      const here = found(request)
      const [own, ...rest] = hostsOf(path)
      if (here === undefined || own === undefined) return null
      if ([own, ...rest].some((place) => hosts[place] === here)) return null
      const isRead = request.method === "GET" || request.method === "HEAD"
      // A program would not send its credentials along, and should not: it is told where to ask.
      if (dialectOf(path) !== "html" || !(isRead || isForm(request)))
        throw new AppError("not_found", `This address is served at ${hosts[own]}. Send the request there.`)
      const { pathname, search } = new URL(request.url)
      return seeOther(`${hosts[own]}${pathname}${isRead ? search : ""}`)
    },
  }
}

/** Null: it makes no address. */
const bareName = (url: string): string | null => URL.parse(url)?.hostname.replace(/\.$/, "") ?? null

/** One origin for everything. */
export const oneOrigin = (origin: string): Origins =>
  createOrigins({ auth: origin, console: origin, api: origin, site: origin, market: origin }, () => [])

/** The page behind the form is shown instead: what was typed on another origin is not taken. */
const isForm = (request: Request): boolean =>
  /^(application\/x-www-form-urlencoded|multipart\/form-data)/i.test(request.headers.get("content-type") ?? "")
