import { expect, test } from "bun:test"
import { type Log, silentLog } from "../app/index.ts"
import { clientAddress, createProxies, parseRanges } from "./index.ts"

const from = (peer: string, forwarded?: string, trusted = ["10.0.0.0/8", "::1"]) =>
  clientAddress(parseRanges(trusted))(
    peer,
    new Headers(forwarded === undefined ? {} : { "x-forwarded-for": forwarded }),
  )

test("nobody is believed unless trusted", () => {
  expect(from("203.0.113.9", "1.2.3.4")).toBe("203.0.113.9")
  expect(from("203.0.113.9", "1.2.3.4", [])).toBe("203.0.113.9")
})

test("behind trusted proxies the right-most untrusted hop is the client; what the client wrote to its left is not", () => {
  expect(from("10.0.0.1", "198.51.100.7")).toBe("198.51.100.7")
  expect(from("10.0.0.1", "1.1.1.1, 198.51.100.7, 10.0.0.2")).toBe("198.51.100.7")
  expect(from("::ffff:10.0.0.1", "2001:db8::7")).toBe("2001:db8::7")
})

test("no header, only trusted hops, or nonsense: the peer", () => {
  expect(from("10.0.0.1")).toBe("10.0.0.1")
  expect(from("10.0.0.1", "10.0.0.2, 10.0.0.3")).toBe("10.0.0.1")
  expect(from("10.0.0.1", "198.51.100.7, unknown")).toBe("10.0.0.1")
})

test("a header that holds one address, such as Fly's, is read as one", () => {
  const at = clientAddress(parseRanges(["172.16.0.0/12"]), { header: "fly-client-ip" })
  const headers = { "fly-client-ip": "198.51.100.7", "x-forwarded-for": "1.1.1.1, 66.241.125.1" }
  expect(at("172.19.0.1", new Headers(headers))).toBe("198.51.100.7")
  expect(at("203.0.113.9", new Headers(headers))).toBe("203.0.113.9")
  expect(at("172.19.0.1", new Headers({ "fly-client-ip": "198.51.100.7, 1.1.1.1" }))).toBe("172.19.0.1")
})

test("however long the part that strangers write, only the last hops are read", () => {
  const long = `${"x,".repeat(9_000)} 198.51.100.7, 10.0.0.2`
  expect(from("10.0.0.1", long)).toBe("198.51.100.7")
  expect(from("10.0.0.1", `${"10.0.0.2,".repeat(40)}10.0.0.3`)).toBe("10.0.0.1")
})

test("a proxy that nobody named is told of, once", () => {
  const warned: string[] = []
  const log: Log = { ...silentLog, warn: (event, fields) => void warned.push(`${event} ${fields?.peer}`) }
  const proxies = createProxies({ trusted: ["10.0.0.0/8"], header: "x-forwarded-for", log })
  const at = proxies.clientAddress
  at("10.0.0.1", new Headers({ "x-forwarded-for": "198.51.100.7" }))
  at("172.18.0.2", new Headers())
  expect([proxies.untrusted(), warned]).toEqual([null, []])
  for (const name of ["x-forwarded-for", "fly-client-ip", "forwarded"])
    at("172.18.0.2", new Headers({ [name]: "1.2.3.4" }))
  at("172.18.0.3", new Headers({ "x-forwarded-for": "1.2.3.4" }))
  expect([proxies.untrusted(), warned]).toEqual([
    { peer: "172.18.0.2", header: "x-forwarded-for" },
    ["proxy.untrusted 172.18.0.2"],
  ])
})
