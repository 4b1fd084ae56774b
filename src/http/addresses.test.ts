import { expect, test } from "bun:test"
import { allowing, classifyAddress } from "./index.ts"

/** Addresses that a URL of a stranger must never reach, by why. */
const BLOCKED: Record<string, string[]> = {
  "this host, this network": ["0.0.0.0", "0.1.2.3", "::", "0.255.255.255"],
  loopback: ["127.0.0.1", "127.0.0.2", "127.255.255.254", "::1"],
  "private (RFC 1918)": [
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.255.255",
  ],
  "link-local and metadata": [
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "fe80::1",
    "fe80::a9fe:a9fe",
    "febf::1",
  ],
  "metadata elsewhere": ["168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"],
  "carrier-grade NAT": ["100.64.0.0", "100.64.0.1", "100.127.255.255"],
  "protocol assignments": ["192.0.0.1", "192.0.0.170", "192.88.99.1", "192.31.196.1", "192.52.193.1", "192.175.48.1"],
  documentation: ["192.0.2.1", "198.51.100.7", "203.0.113.9", "2001:db8::1", "3fff::1"],
  benchmarks: ["198.18.0.1", "198.19.255.255", "2001:2::1"],
  multicast: ["224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"],
  reserved: ["240.0.0.1", "255.255.255.254", "255.255.255.255", "4000::1", "5f00::1", "e000::1"],
  "unique local": ["fc00::1", "fd12:3456:789a::1", "fdff:ffff::1"],
  "site-local, long gone": ["fec0::1", "feff::1"],
  "IPv4 mapped": ["::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0.0.0.0"],
  "IPv4 compatible": ["::127.0.0.1", "::a00:1", "::8.8.8.8"],
  "IPv4 translated": ["::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8"],
  "6to4": ["2002:7f00:1::", "2002:a00:1::1", "2002:808:808::"],
  teredo: ["2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"],
  NAT64: ["64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1"],
  "other corners of IPv6": [
    "100::1",
    "100:0:0:1::1",
    "2001:10::1",
    "2001:20::1",
    "2620:4f:8000::1",
    "fe80::1%eth0",
    "::1%lo",
  ],
  "no address": [
    "",
    "localhost",
    "127.1",
    "0x7f.0.0.1",
    "017700000001",
    "2130706433",
    "127.0.0.1.",
    "1.2.3.4/8",
    "::g",
  ],
}

test("everything that is not the public internet is blocked", () => {
  const all = Object.entries(BLOCKED).flatMap(([why, addresses]) => addresses.map((address) => [why, address] as const))
  expect(all.length).toBeGreaterThan(80)
  for (const [why, address] of all) expect([why, address, classifyAddress(address)]).toEqual([why, address, "blocked"])
})

test("neighbours of what is blocked, and the internet, are public", () => {
  const open = ["1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"]
  const more = ["128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255"]
  const last = ["192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "168.63.129.17", "::ffff:8.8.8.8"]
  const v6 = ["2606:4700:4700::1111", "2a00:1450:4001:80f::200e", "2001:4860:4860::8888", "2001:200::1", "2003::1"]
  for (const address of [...open, ...more, ...last, ...v6])
    expect([address, classifyAddress(address)]).toEqual([address, "public"])
})

test("an operator opens addresses and ranges, and nothing beside them", () => {
  const verdict = allowing(["127.0.0.1", "10.1.0.0/16", "fd00::/8"])
  for (const address of ["127.0.0.1", "::ffff:127.0.0.1", "10.1.2.3", "fd12::1"]) expect(verdict(address)).toBe("named")
  for (const address of ["127.0.0.2", "10.2.0.1", "fe80::1", "fd12::1%eth0", "x"])
    expect(verdict(address)).toBe("blocked")
  expect(verdict("8.8.8.8")).toBe("public")
  expect(() => allowing(["intranet"])).toThrow()
})
