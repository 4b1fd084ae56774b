// kill −9 between an event and its answer: nothing is lost, ids stay, and each subject keeps its order.
import { expect, test } from "bun:test"
import { rmSync } from "node:fs"
import { testFolder } from "../../src/store/index.ts"
import { freePort } from "../build.ts"
import { bundled } from "../bundle.ts"

const EVENTS = 24
const KILLS_AT = [5, 14]

test("a server that is killed twice while it delivers loses no event", async () => {
  const dataDir = testFolder("purser-hooks-")
  const got: { id: string; key: string; n: number }[] = []
  let arrived = () => {}
  const receiver = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { data } = (await request.json()) as { data: { key: string; name: string } }
      got.push({ id: request.headers.get("webhook-id")!, key: data.key, n: Number(data.name) })
      arrived()
      // Long enough to be killed before the answer is booked.
      await Bun.sleep(10)
      return new Response("ok")
    },
  })
  const url = `http://127.0.0.1:${receiver.port}/`
  const port = String(freePort())
  const start = (events: number) =>
    Bun.spawn([...bundled("test/crash/webhooks-child.ts"), dataDir, url, String(events), port], {
      stdout: "pipe",
      stderr: "inherit",
    })
  const seen = () => new Set(got.map(({ n }) => n)).size
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      arrived = () => seen() >= count && resolve()
      arrived()
    })
  let child = start(EVENTS)
  for (const count of KILLS_AT) {
    await until(count)
    child.kill("SIGKILL")
    await child.exited
    child = start(0)
  }
  await until(EVENTS)
  child.kill("SIGKILL")
  await child.exited
  await receiver.stop(true)
  rmSync(dataDir, { recursive: true, force: true })
  expect(seen()).toBe(EVENTS)
  expect(new Set(got.map(({ id }) => id)).size).toBe(EVENTS)
  for (const key of ["key_0", "key_1", "key_2", "key_3"]) {
    const order = got.filter((one) => one.key === key).map(({ n }) => n)
    // A repeat may come; what came first came in order.
    expect([...new Set(order)]).toEqual([...new Set(order)].toSorted((a, b) => a - b))
  }
}, 60_000)
