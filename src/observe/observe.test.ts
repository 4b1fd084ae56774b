// Metrics as Prometheus reads them, who may read them, and readiness that comes back by itself.
import { afterEach, expect, test } from "bun:test"
import { eventually } from "../../test/eventually.ts"
import { Histogram, silentLog } from "../app/index.ts"
import { openTestStore, type StoreFaults, testCtx } from "../store/index.ts"
import { createExposition } from "./exposition.ts"
import { createMetrics, createObserve, observePart } from "./index.ts"

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const NONE = { metricsToken: null, metricsListen: null }

test("gauges, counters with labels and histograms are written as the format has them", async () => {
  const times = new Histogram([1, 10])
  for (const ms of [0.5, 5, 5, 50]) times.observe(ms)
  const { text, contentType } = createExposition([
    { kind: "gauge", name: "up", help: "Up.", read: () => 1 },
    { kind: "counter", name: "seen_total", help: "Seen.", read: () => [{ labels: { who: 'a "b"\n' }, value: 3 }] },
    { kind: "histogram", name: "wait_seconds", help: "Wait.", scale: 0.001, read: () => times },
    { kind: "gauge", name: "unknown", help: "Nothing is known.", read: () => [] },
  ])
  expect(contentType).toStartWith("text/plain; version=0.0.4")
  const lines = (await text()).split("\n")
  expect(lines).toContain("# TYPE purser_up gauge")
  expect(lines).toContain("purser_up 1")
  expect(lines).toContain('purser_seen_total{who="a \\"b\\"\\n"} 3')
  expect(lines.filter((line) => line.startsWith("purser_wait_seconds"))).toEqual([
    'purser_wait_seconds_bucket{le="0.001"} 1',
    'purser_wait_seconds_bucket{le="0.01"} 3',
    'purser_wait_seconds_bucket{le="+Inf"} 4',
    "purser_wait_seconds_sum 0.0605",
    "purser_wait_seconds_count 4",
  ])
  expect(lines.filter((line) => line.startsWith("purser_unknown"))).toEqual([])
})

test("the private listener serves metrics and nothing else, without a token", async () => {
  const gauge = { kind: "gauge", name: "up", help: "Up.", read: () => 1 } as const
  const metrics = createMetrics({ ...NONE, metricsListen: { host: "127.0.0.1", port: 0 } }, [gauge])
  const { port } = metrics.listen()!
  closers.push(() => metrics.stop())
  const asked = await fetch(`http://127.0.0.1:${port}/metrics`)
  expect([asked.status, await asked.text()]).toEqual([200, expect.stringContaining("purser_up 1")])
  expect((await fetch(`http://127.0.0.1:${port}/admin`)).status).toBe(404)
  // The public page stays closed: nobody set a token.
  await expect(metrics.answer(new Request("http://a/metrics"))).rejects.toMatchObject({ code: "not_found" })
})

test("a disk that refuses a commit turns readiness red, and the next look tries again", async () => {
  const faults: StoreFaults = {}
  const { store, close } = await openTestStore({ faults })
  closers.push(close)
  const observe = createObserve({ ...NONE, otlp: null }, silentLog)
  const [ready] = observePart.run!({ observe, store } as never).ready!
  const write = () => store.write(testCtx, (tx) => tx.run("INSERT INTO meta (key, value) VALUES ('a', 'b')"))
  expect(ready!()).toBeNull()
  faults.beforeCommit = () => {
    throw new Error("database or disk is full")
  }
  await expect(write()).rejects.toMatchObject({ code: "unavailable" })
  expect(ready!()).toEqual({ name: "writes-fail", text: expect.stringContaining("disk is full") })
  expect(store.stats.failures).toBeGreaterThan(0)
  faults.beforeCommit = () => {}
  // The look above wrote nothing that holds; a later one finds out by itself.
  await eventually("it is ready again", () => ready!() === null)
})
