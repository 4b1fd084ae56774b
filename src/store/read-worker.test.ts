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
