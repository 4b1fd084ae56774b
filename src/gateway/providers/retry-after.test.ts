import { expect, test } from "bun:test"
import { retryAfterSeconds } from "./retry-after.ts"

const after = (headers: Record<string, string>, hint?: number) => retryAfterSeconds(new Headers(headers), hint)

test("in every form, truthfully, and never nonsense", () => {
  expect(after({ "retry-after": "3600" })).toBe(3_600)
  expect(after({ "retry-after": "0.2" })).toBe(1)
  expect(after({ "retry-after-ms": "1500", "retry-after": "9" })).toBe(2)
  const inHalfAMinute = new Date(Date.now() + 30_000).toUTCString()
  expect(after({ "retry-after": inHalfAMinute })).toBeWithin(27, 32)
  expect(after({ "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" })).toBe(1)
  expect(after({ "retry-after": "soon" }, 7)).toBe(7)
  expect(after({ "retry-after": "-5" })).toBe(1)
  expect(after({ "retry-after": "999999999" })).toBe(86_400)
  expect(after({})).toBe(1)
})
