import { expect, test } from "bun:test"
import { type Log, silentLog } from "../app/index.ts"
import { Exporter } from "./otlp.ts"
import { createTracer, type Span } from "./trace.ts"

const asked = (traceparent?: string) => new Request("http://a/", traceparent ? { headers: { traceparent } } : {})

test("so many calls are traced as were asked for, the same ones everywhere", () => {
  const tracer = createTracer(0.25, () => {})
  let traced = 0
  for (let n = 0; n < 4_000; n++) if (tracer.begin(asked(), "call", 0)) traced++
  // Chance: 1,000 ± 27; this is nine times as far.
  expect(Math.abs(traced - 1_000)).toBeLessThan(250)
  expect(createTracer(0, () => {}).begin(asked(), "call", 0)).toBeNull()
  expect(createTracer(1, () => {}).begin(asked(), "call", 0)).not.toBeNull()
})

test("a traceparent that is none begins a trace of its own", () => {
  const tracer = createTracer(1, () => {})
  const right = "0af7651916cd43dd8448eb211c80319c"
  expect(tracer.begin(asked(`00-${right}-b7ad6b7169203331-01`), "call", 0)?.traceId).toBe(right)
  for (const wrong of [
    "",
    "00",
    `00-${"0".repeat(32)}-b7ad6b7169203331-01`,
    `ff-${right}-b7ad6b7169203331-01`,
    "x".repeat(9_000),
  ])
    expect(tracer.begin(asked(wrong), "call", 0)?.traceId).toMatch(/^(?!0af765)[0-9a-f]{32}$/)
})

test("phases end when the next begins, and a call ends once", () => {
  const kept: Span[] = []
  const trace = createTracer(1, (span) => void kept.push(span)).begin(asked(), "call", 0)!
  trace.begin("hold")
  trace.begin("ask")
  trace.endPhase("down")
  trace.endPhase()
  trace.end({ a: 1 })
  trace.end({ a: 2 })
  expect(kept.map(({ name, error }) => [name, error])).toEqual([
    ["hold", null],
    ["ask", "down"],
    ["call", null],
  ])
})

const span: Span = {
  traceId: "a",
  spanId: "b",
  parentId: null,
  name: "n",
  kind: 1,
  startMs: 0,
  endMs: 1,
  attributes: {},
  error: null,
}

test("a collector that is away costs spans, not memory, and is told once a try", async () => {
  const warned: string[] = []
  const log: Log = { ...silentLog, warn: (event) => void warned.push(event) }
  const exporter = new Exporter({ url: "http://127.0.0.1:1/v1/traces", headers: {}, log, everyMs: 3_600_000 })
  for (let n = 0; n < 10_000; n++) exporter.keep(span)
  // The first batch is on its way.
  expect(exporter.dropped).toBe(10_000 - 4_096 - 512)
  await exporter.stop()
  expect(exporter.sent).toBe(0)
  expect(exporter.dropped).toBeGreaterThan(10_000 - 4_096 - 512)
  expect(warned).toEqual(["traces.unsent", "traces.unsent"])
})

test("a busy server does not wait for the timer, and loses nothing to it", async () => {
  let heard = 0
  const collector = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const told = (await request.json()) as { resourceSpans: { scopeSpans: { spans: unknown[] }[] }[] }
      heard += told.resourceSpans[0]!.scopeSpans[0]!.spans.length
      return new Response("{}")
    },
  })
  const url = `http://127.0.0.1:${collector.port}/v1/traces`
  const exporter = new Exporter({ url, headers: {}, log: silentLog, everyMs: 3_600_000 })
  for (let turn = 0; turn < 20; turn++) {
    for (let n = 0; n < 1_000; n++) exporter.keep(span)
    // Less than a batch is left to wait for the timer.
    while (exporter.sent <= (turn + 1) * 1_000 - 512) await Bun.sleep(1)
  }
  await exporter.stop()
  await collector.stop(true)
  expect([exporter.dropped, exporter.sent, heard]).toEqual([0, 20_000, 20_000])
})
