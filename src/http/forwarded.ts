// The address of the real peer behind trusted proxies. Forwarded headers from anybody else are ignored: they are the
// sender's to invent, and login limits count by address (RFC 9700 §4.13).
import { BlockList, isIP } from "node:net"

/** Address of the client, given the socket's peer and the request's headers. */
export type ClientAddress = (peer: string, headers: Headers) => string

/** A set of addresses and CIDR ranges; configuration has checked them. */
export function parseRanges(entries: string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = "", bits] = entry.split("/")
    const isV6 = isIP(address) === 6
    list.addSubnet(address, bits === undefined ? (isV6 ? 128 : 32) : Number(bits), isV6 ? "ipv6" : "ipv4")
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
