// Which IP addresses a URL of a stranger may reach (SSRF, CWE-918): the public internet, and what the operator names. Everything
// that is not known to be public is refused, so a range that is set aside tomorrow is missing here at worst, never opened.
import { isIP } from "node:net"
import ipaddr from "ipaddr.js"

export type AddressKind = "public" | "blocked"
export type Classify = (address: string) => AddressKind

/** Public by their range, private by their use. */
const BLOCKED_V4 = parsed([
  // The wire server of Azure's machines: metadata, as link-local is elsewhere.
  "168.63.129.16/32",
])
/** The only block that global unicast addresses are given out from (IANA). */
const GLOBAL_V6 = parsed(["2000::/3"])
const BLOCKED_V6 = parsed([
  // IETF protocol assignments: Teredo, benchmarking, AMT, ORCHID.
  "2001::/23",
  "2001:db8::/32",
  // 6to4: the IPv4 address inside may be anybody's.
  "2002::/16",
  // AS112 sinks, documentation (RFC 9637).
  "2620:4f:8000::/48",
  "3fff::/20",
])

/** The kind of one address, spelled as resolvers spell them; what is none is blocked. */
export function classifyAddress(address: string): AddressKind {
  const known = parsedAddress(address)
  if (known?.range() !== "unicast") return "blocked"
  if (known.kind() === "ipv4") return within(known, BLOCKED_V4) ? "blocked" : "public"
  return within(known, GLOBAL_V6) && !within(known, BLOCKED_V6) ? "public" : "blocked"
}

/** Opens what an operator names, for development and for services of their own network. @throws Error for what is no range */
export function allowing(
  ranges: readonly string[],
  otherwise: Classify = classifyAddress,
): (address: string) => Verdict {
  const allowed = parsed(
    ranges.map((range) => (range.includes("/") ? range : `${range}/${isIP(range) === 6 ? 128 : 32}`)),
  )
  return (address) => {
    const known = parsedAddress(address)
    return known && within(known, allowed) ? "named" : otherwise(address)
  }
}

/** `named`: by the operator, who may use other schemes and ports there too. */
export type Verdict = AddressKind | "named"

/** IPv4 inside IPv6 counts as IPv4 only where the system takes it so (`::ffff:…`). Zones are of this machine, never public. */
function parsedAddress(address: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (isIP(address) === 4) return ipaddr.IPv4.parse(address)
  if (isIP(address) === 0 || address.includes("%")) return null
  // The library takes `::8.8.8.8` for a mapped address; spelled in hexadecimal there is nothing to take wrongly.
  return ipaddr.process(new URL(`http://[${address}]`).hostname.slice(1, -1))
}

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number]

function parsed(ranges: readonly string[]): Range[] {
  return ranges.map((range) => ipaddr.parseCIDR(range))
}

const within = (address: ipaddr.IPv4 | ipaddr.IPv6, ranges: readonly Range[]): boolean =>
  ranges.some(([from, bits]) => from.kind() === address.kind() && address.match(from, bits))
