import { expect, test } from "bun:test"
import { clientAddress, parseRanges } from "./index.ts"

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
