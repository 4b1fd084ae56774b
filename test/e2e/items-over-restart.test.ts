// An SDK that names items of the last answer by their ids goes on over a restart of the server in order, and nothing of it stays on the disk.
import { expect, setDefaultTimeout, test } from "bun:test"
import { readdirSync, rmSync } from "node:fs"
import { credits, readConfig, silentLog } from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import { testFolder } from "../../src/store/index.ts"
import { addSandbox, CTX, giveCredits, makeUser } from "../build.ts"

setDefaultTimeout(30_000)

test("items are named by their ids after a restart, by their caller alone, and once more after that", async () => {
  const dataDir = testFolder("purser-items-")
  const config = readConfig({ port: "0", "data-dir": dataDir, "base-url": "http://localhost:9" }, {}, true)
  const start = async () => {
    const app = await compose(config, { log: silentLog })
    const { url } = await app.listen()
    const ask = (secret: string, input: unknown) =>
      fetch(`${url}/v1/responses`, {
        method: "POST",
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
        body: JSON.stringify({ model: "sandbox", input }),
      })
    return { app, ask }
  }
  const first = await start()
  await addSandbox(first.app)
  const ada = await makeUser(first.app)
  await giveCredits(first.app, ada, credits(1_000))
  await first.app.plans.change(CTX, { user: ada, planCode: "professional" })
  const key = async () => (await first.app.keys.create(CTX, { userId: ada.id, name: "Key", scopes: ["llm"] })).secret
  const [mine, other] = [await key(), await key()]
  const answer = (await (await first.ask(mine, "hello")).json()) as { output: { id: string }[] }
  const { id } = answer.output.at(-1)!
  await first.app.stop()
  expect(readdirSync(dataDir)).toContain("recent-items")

  const named = [
    { type: "item_reference", id },
    { role: "user", content: "and?" },
  ]
  for (const restart of [1, 2]) {
    const next = await start()
    expect(readdirSync(dataDir)).not.toContain("recent-items")
    expect([restart, (await next.ask(other, named)).status]).toEqual([restart, 400])
    expect([restart, (await next.ask(mine, named)).status]).toEqual([restart, 200])
    await next.app.stop()
  }
  rmSync(dataDir, { recursive: true, force: true })
})
