// The address of the real peer behind trusted proxies. Forwarded headers from anybody else are ignored: they are the
// sender's to invent, and login limits count by address (RFC 9700 §4.13).
import { BlockList, isIP } from "node:net"
import type { Log } from "../app/index.ts"

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

export interface ClientAddressOptions {
  /** The header our proxies write; `x-forwarded-for` is a list, any other holds one address (`fly-client-ip`). */
  header?: string
  /** Told when a peer that is not trusted sends such headers: most often a proxy that nobody named. */
  onIgnored?: (peer: string, header: string) => void
}

/** What proxies send the client's address in; from anybody else they are the sender's invention. */
const FORWARDED = ["x-forwarded-for", "forwarded", "fly-client-ip", "x-real-ip", "cf-connecting-ip"]
/** Longer chains of proxies of one's own do not exist. */
const HOPS_MAX = 32

/**
 * Walks X-Forwarded-For from the right, skipping trusted hops; the first untrusted one is the client. The left end is
 * whatever the client wrote.
 */
export function clientAddress(trusted: BlockList, options: ClientAddressOptions = {}): ClientAddress {
  const { header = "x-forwarded-for", onIgnored } = options
  const isTrusted = (address: string) => {
    const family = isIP(address)
    return family !== 0 && trusted.check(address, family === 6 ? "ipv6" : "ipv4")
  }
  return (socketPeer, headers) => {
    const peer = unmapped(socketPeer)
    if (!isTrusted(peer)) {
      const sent = onIgnored && [header, ...FORWARDED].find((name) => headers.has(name))
      if (sent) onIgnored(peer, sent)
      return peer
    }
    const written = headers.get(header) ?? ""
    if (header === "x-forwarded-for") return rightmost(written, isTrusted) ?? peer
    const named = unmapped(written.trim())
    return isIP(named) ? named : peer
  }
}

/** The operator's proxies. */
export interface Proxies {
  clientAddress: ClientAddress
  /** The first peer that forwarded without being trusted, and its header; most often a proxy that the settings do not name. */
  untrusted(): { peer: string; header: string } | null
}

export function createProxies(options: { trusted: string[]; header: string; log: Log }): Proxies {
  const { trusted, header, log } = options
  let first: { peer: string; header: string } | null = null
  const onIgnored = (peer: string, sent: string): void => {
    if (first !== null) return
    first = { peer, header: sent }
    log.warn("proxy.untrusted", {
      peer,
      header: sent,
      advice: "if this is your proxy, name it in PURSER_TRUSTED_PROXIES; until then all its clients share one address",
    })
  }
  return { clientAddress: clientAddress(parseRanges(trusted), { header, onIgnored }), untrusted: () => first }
}

/** From the end, one hop at a time: however long the part that strangers write, only our proxies' hops are looked at. */
function rightmost(list: string, isTrusted: (address: string) => boolean): string | null {
  let end = list.length
  for (let hops = 0; end > 0 && hops < HOPS_MAX; hops++) {
    const comma = list.lastIndexOf(",", end - 1)
    const hop = unmapped(list.slice(comma + 1, end).trim())
    if (!isIP(hop)) return null
    if (!isTrusted(hop)) return hop
    end = comma
  }
  return null
}

/** `::ffff:10.0.0.1` is 10.0.0.1 on a socket that speaks both. */
const unmapped = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "")
