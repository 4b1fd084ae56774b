// A process that dies in the middle of a call whose tools run here: what was asked is owed, what was not ended costs nothing.
import { expect, test } from "bun:test"
import { rmSync } from "node:fs"
import { credits } from "../../src/app/index.ts"
import { MockUpstream } from "../../src/sites/api/mock-upstream.ts"
import { testFolder } from "../../src/store/index.ts"
import { freePort, startTestServer } from "../build.ts"
import { bundled } from "../bundle.ts"
import { startToolServer } from "../fakes/mcp/index.ts"
import { type Asked, answered, GROUP } from "./model-world.ts"

/** The first round asks for a tool that says something, the second for one that does not end. */
function scripted(): MockUpstream {
  const upstream = new MockUpstream()
  const rounds = [
    { name: "echo", args: { text: "x" } },
    { name: "slow", args: {} },
  ]
  upstream.answer = (body) => answered(body as unknown as Asked, { calls: [rounds[upstream.journal.length - 1]!] })
  return upstream
}

test.each([false, true])(
  "kill -9 while a tool runs (stream: %p): rounds and tools that ended are paid, nothing stays held",
  async (stream) => {
    const [peer, upstream] = [await startToolServer(), scripted()]
    const dataDir = testFolder("purser-rounds-")
    const port = freePort()
    const child = Bun.spawn([...bundled("test/mcp/child.ts"), dataDir, String(port), peer.url, upstream.url], {
      cwd: `${import.meta.dir}/../..`,
      stdout: "pipe",
      stderr: "inherit",
    })
    const { value } = await child.stdout.getReader().read()
    const { secret, userId } = JSON.parse(new TextDecoder().decode(value)) as { secret: string; userId: number }
    const cut = fetch(`http://localhost:${port}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "mock-1", messages: [{ role: "user", content: "Go." }], tools: [GROUP], stream }),
    })
      .then((answer) => answer.text())
      .catch(() => "cut")
    while (peer.calls.length < 2) await Bun.sleep(10)
    child.kill("SIGKILL")
    await child.exited
    await cut
    const server = await startTestServer({ dataDir, port })
    const holds = server.app.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM open_holds")!.n
    const { balanceNano } = server.app.ledger.wallet({ kind: "principal", id: userId as never }, "live")
    expect([holds, credits(100) - balanceNano]).toEqual([0, 2 * 154_000 + credits(1)])
    expect([upstream.journal.length, peer.calls.length]).toEqual([2, 2])
    expect(server.app.ledger.verify().checks.filter(({ violations }) => violations > 0)).toEqual([])
    await server.close()
    upstream.stop()
    await peer.close()
    rmSync(dataDir, { recursive: true, force: true })
  },
  60_000,
)
