// A standby gets no traffic and is well all the same.
import { afterAll, expect, test } from "bun:test"
import { cli } from "./testing.ts"

let told: unknown = {}
const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => Response.json(told, { status: 503 }) })
afterAll(() => server.stop(true))

test.each([
  { told: { reasons: ["standby"], standby: "ok" }, code: 0, says: "stands by" },
  { told: { reasons: ["standby"], standby: "bad" }, code: 1, says: "down" },
  { told: { reasons: ["fenced"] }, code: 1, says: "down" },
  { told: null, code: 1, says: "down" },
])("503 with $told is $code", async (one) => {
  told = one.told
  const { code, out } = await cli("healthcheck", "--port", String(server.port))
  expect([code, out]).toEqual([one.code, expect.stringContaining(one.says)])
})
