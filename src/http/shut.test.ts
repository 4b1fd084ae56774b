// A server that may not answer: nothing is begun, and what was answered meanwhile does not leave.
import { expect, test } from "bun:test"
import { Elysia } from "elysia"
import { AppError, createIds, silentLog, systemClock } from "../app/index.ts"
import { createHandler } from "./handler.ts"

test("a request is refused before the work, and its answer after it; probes pass", async () => {
  let isShut = false
  let worked = 0
  const work = () => {
    worked++
    return new Response("balance")
  }
  const site = new Elysia()
    .get("/v1/balance", work)
    .get("/v1/late", () => {
      isShut = true
      return work()
    })
    .get("/readyz", () => new Response("asked"))
  const handle = createHandler({
    sites: [site],
    assets: { serve: () => null } as never,
    ids: createIds(systemClock),
    log: silentLog,
    errorPage: (error) => new Response(error.message, { status: error.status }),
    shut: () => (isShut ? new AppError("unavailable", "Not now.", { retryAfterSeconds: 5 }) : null),
  })
  const ask = (path: string) => handle(new Request(`http://a.example.com${path}`), null)
  expect(await (await ask("/v1/balance")).text()).toBe("balance")
  const late = await ask("/v1/late")
  expect([late.status, late.headers.get("retry-after"), await late.text()]).toEqual([
    503,
    "5",
    expect.not.stringContaining("balance"),
  ])
  expect(worked).toBe(2)
  expect((await ask("/v1/balance")).status).toBe(503)
  expect(worked).toBe(2)
  expect(await (await ask("/readyz")).text()).toBe("asked")
})
