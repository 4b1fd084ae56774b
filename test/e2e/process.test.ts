// The process itself: what it lets others read on the disk, and whether sockets that say nothing keep others out (600 handles).
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs"
import { connect, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort } from "../build.ts"
import { bundled } from "../bundle.ts"

setDefaultTimeout(90_000)
const HANDLES = 600
const MAIN = bundled("src/main.ts")
const root = mkdtempSync(join(tmpdir(), "purser-process-"))
const dataDir = join(root, "data")
const port = freePort()
const url = `http://127.0.0.1:${port}`
const open: Socket[] = []
let child: Bun.Subprocess<"ignore", "ignore", "pipe">
let said = ""

beforeAll(async () => {
  const command = `umask 022; ulimit -n ${HANDLES}; exec "$0" serve --port ${port} --base-url http://localhost:${port} --data-dir "$1"`
  child = Bun.spawn(["bash", "-c", command, ...MAIN, dataDir], {
    env: { PATH: process.env.PATH },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  })
  void (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) said += text
  })()
  while (!said.includes("/setup/")) await Bun.sleep(50)
})
afterAll(async () => {
  for (const socket of open) socket.destroy()
  child.kill()
  await child.exited
  rmSync(root, { recursive: true, force: true })
})

/** Opens connections that send this and then nothing. */
async function openMany(count: number, text: string): Promise<void> {
  for (let at = 0; at < count; at++) {
    const socket = connect(port, "127.0.0.1")
    socket.on("error", () => {})
    socket.write(text)
    open.push(socket)
    if (at % 50 === 49) await Bun.sleep(20)
  }
  await Bun.sleep(500)
}

/** How long a visitor waits for an answer on a connection of their own. */
async function answeredWithin(ms: number): Promise<boolean> {
  const answer = await fetch(`${url}/livez`, { signal: AbortSignal.timeout(ms), headers: { connection: "close" } })
    .then((response) => response.ok)
    .catch(() => false)
  return answer
}

test("every file it makes is for its owner alone, whatever the shell's umask", () => {
  const modes = readdirSync(dataDir).map((name) => [name, (statSync(join(dataDir, name)).mode & 0o077).toString(8)])
  expect(modes.map(([name]) => name)).toContain("lock.db")
  expect(modes.filter(([, others]) => others !== "0")).toEqual([])
  expect(statSync(dataDir).mode & 0o077).toBe(0)
})

/** Elsewhere the system does not tell how many handles are open. */
const onLinux = test.skipIf(process.platform !== "linux")

onLinux("it says that so few handles are soon used up", () => {
  expect(said).toContain("sockets.few_handles")
})

const post = (path: string, rest: string) => `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${rest}\r\n\r\n`
const FORM = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000"
const CHAT = "Content-Type: application/json\r\nContent-Length: 9000000"
for (const [what, text] of [
  ["idle after an answer", "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"],
  ["in the middle of a form", `${post("/login", FORM)}email=`],
  ["in the middle of a chat without a token", `${post("/v1/chat/completions", CHAT)}{"model":`],
  ["in the middle of a token request", `${post("/token", FORM)}grant_type=`],
  ["silent from the start", ""],
  ["in the middle of a head", "GET / HTTP/1.1\r\nHost: loc"],
] as const) {
  onLinux(`700 sockets ${what} keep nobody out`, async () => {
    await openMany(700, text)
    expect(await answeredWithin(45_000)).toBe(true)
    for (const socket of open.splice(0)) socket.destroy()
    await Bun.sleep(300)
  })
}
