import { expect, test } from "bun:test"
import { createReadWorker } from "./index.ts"

test("a read that does not end is cut: stopping waits for it a moment, and whoever asked is told", async () => {
  const busy = new Blob(["self.onmessage = () => { for (;;); }"], { type: "text/javascript" })
  const worker = createReadWorker(URL.createObjectURL(busy), "no.db")
  const asked = worker.ask("endless").catch((error: Error) => error.message)
  const stopped = worker.stop().then(() => "stopped")
  expect(await asked).toBe("the read worker stopped: closing")
  expect(await Promise.race([stopped, Bun.sleep(20_000)])).toBe("stopped")
}, 30_000)

/** Each Worker says its own name; a stream has no end, and answers to its being ended. */
const NAMED = `
  const name = Math.random()
  self.onmessage = ({ data: { id, stream } }) => {
    self.postMessage({ id, value: stream ? { done: stream.end === true, piece: name } : name })
  }`
const IDLE_MS = 50

test("a Worker that nobody asks ends, and the next question starts another", async () => {
  const script = URL.createObjectURL(new Blob([NAMED], { type: "text/javascript" }))
  const worker = createReadWorker(script, "no.db", IDLE_MS)
  const first = await worker.ask<number>("name")
  expect(await worker.ask<number>("name")).toBe(first)
  await Bun.sleep(4 * IDLE_MS)
  const second = await worker.ask<number>("name")
  expect(second).not.toBe(first)
  // A long read that is taken slowly keeps its Worker, and with it its moment.
  const stream = worker.stream<number>("names")
  expect((await stream.next()).value).toBe(second)
  await Bun.sleep(4 * IDLE_MS)
  expect((await stream.next()).value).toBe(second)
  await stream.return(undefined)
  await Bun.sleep(4 * IDLE_MS)
  expect(await worker.ask<number>("name")).not.toBe(second)
  await worker.stop()
})
