// The address of the real peer behind trusted proxies. Forwarded headers from anybody else are ignored: they are the
// sender's to invent, and login limits count by address (RFC 9700 §4.13).
import { BlockList, isIP } from "node:net"
import { ConfigError } from "../app/index.ts"

/** Address of the client, given the socket's peer and the request's headers. */
export type ClientAddress = (peer: string, headers: Headers) => string

/**
 * Builds a set of addresses and CIDR ranges.
 * @throws ConfigError naming the entry that is neither
 */
export function parseRanges(entries: string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = "", bits] = entry.split("/")
    const family = isIP(address)
    const width = bits === undefined ? (family === 6 ? 128 : 32) : Number(bits)
    if (!family || !Number.isInteger(width) || width < 0 || width > (family === 6 ? 128 : 32)) {
      throw new ConfigError([`PURSER_TRUSTED_PROXIES: "${entry}" is not an address or a range such as 10.0.0.0/8`])
    }
    list.addSubnet(address, width, family === 6 ? "ipv6" : "ipv4")
  }
  return list
}

/**
 * Walks X-Forwarded-For from the right, skipping trusted hops; the first untrusted one is the client. The left end is
 * whatever the client wrote.
 */
export function clientAddress(trusted: BlockList): ClientAddress {
  const isTrusted = (address: string) => {
    const family = isIP(address)
    return family !== 0 && trusted.check(address, family === 6 ? "ipv6" : "ipv4")
  }
  return (socketPeer, headers) => {
    const peer = unmapped(socketPeer)
    if (!isTrusted(peer)) return peer
    const hops = (headers.get("x-forwarded-for") ?? "").split(",").map((hop) => unmapped(hop.trim()))
    for (const hop of hops.reverse()) {
      if (!isIP(hop)) return peer
      if (!isTrusted(hop)) return hop
    }
    return peer
  }
}

/** `::ffff:10.0.0.1` is 10.0.0.1 on a socket that speaks both. */
const unmapped = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "")
