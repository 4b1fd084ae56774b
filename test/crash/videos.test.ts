// kill −9 between asking a provider for a video and its answer: the next start asks nobody again, finds the job, and charges it once.
import { expect, test } from "bun:test"
import { rmSync } from "node:fs"
import OpenAI from "openai"
import { playOpenai } from "../../src/sites/api/video-upstream.testing.ts"
import { testFolder } from "../../src/store/index.ts"
import { freePort, startTestServer } from "../build.ts"
import { bundled } from "../bundle.ts"
import { eventually } from "../eventually.ts"

test("a server that is killed before the answer submits nothing twice and loses no job", async () => {
  const far = playOpenai(Date.now)
  far.hangs()
  const dataDir = testFolder("purser-videos-")
  const port = freePort()
  const child = Bun.spawn([...bundled("test/crash/videos-child.ts"), dataDir, String(port), far.baseUrl], {
    stdout: "pipe",
    stderr: "inherit",
  })
  const { value } = await child.stdout.getReader().read()
  const { secret, userId } = JSON.parse(new TextDecoder().decode(value)) as { secret: string; userId: number }
  const client = new OpenAI({ apiKey: secret, baseURL: `http://localhost:${port}/v1`, maxRetries: 0 })
  const ask = { model: "sora-2", prompt: "a ship comes in", seconds: "4", size: "1280x720" } as const
  const cut = client.videos.create(ask).then(
    () => "answered",
    () => "cut",
  )
  while (far.jobs.size < 1) await Bun.sleep(10)
  child.kill("SIGKILL")
  await child.exited
  expect(await cut).toBe("cut")
  far.late()
  far.onSubmit = null
  far.all({ status: "completed" })
  const { app, close } = await startTestServer({ dataDir, port })
  const owner = { kind: "principal", id: userId as never } as const
  const balance = () => app.ledger.wallet(owner, "live").balanceNano
  const before = balance()
  expect(app.ledger.held().holds).toBe(1)
  const { data } = await client.videos.list()
  expect(data.length).toBe(1)
  const isDone = async () => (await client.videos.retrieve(data[0]!.id)).status === "completed"
  await eventually("the video", isDone, { everyMs: 100 })
  expect([far.submits().length, app.ledger.held().holds]).toEqual([1, 0])
  const charges = app.store.read.all<{ charge: number }>("SELECT charge_nano AS charge FROM v_charges")
  // $0.40, and 5 % for the plan; what was held is what was paid.
  expect([charges, balance()]).toEqual([[{ charge: 420_000_000 }], before])
  expect(app.ledger.verify().checks.filter(({ violations }) => violations > 0)).toEqual([])
  await close()
  rmSync(dataDir, { recursive: true, force: true })
}, 60_000)
