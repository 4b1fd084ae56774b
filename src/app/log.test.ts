import { expect, test } from "bun:test"
import { createLog } from "./log.ts"

test("a fault that repeats is told in full at first, then as a count; what is no fault is always told", async () => {
  const lines: Record<string, unknown>[] = []
  const log = createLog({
    level: "info",
    format: "json",
    alikeMs: 50,
    write: (line) => void lines.push(JSON.parse(line)),
  })
  for (let n = 0; n < 1_000; n++) {
    log.error("job.failed", { n })
    log.info("request", { n })
  }
  log.warn("other")
  const of = (event: string) => lines.filter((line) => line.event === event)
  expect([of("job.failed").length, of("request").length, of("other").length]).toEqual([20, 1_000, 1])
  while (of("log.repeated").length === 0) await Bun.sleep(10)
  expect(of("log.repeated")).toMatchObject([{ level: "warn", of: "job.failed", leftOut: 980 }])
  // A new minute: told in full again.
  log.error("job.failed", { n: 1_001 })
  expect(of("job.failed").length).toBe(21)
})

test("a level leaves out what is below it; text has the same fields", () => {
  const lines: string[] = []
  const log = createLog({ level: "warn", format: "text", write: (line) => void lines.push(line) })
  log.info("request")
  log.warn("disk", { free: 12, of: "a b" })
  expect(lines).toEqual([expect.stringMatching(/^[\d:.]{12} warn {2}disk free=12 of=a b$/)])
})
