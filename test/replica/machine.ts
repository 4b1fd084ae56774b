// A machine that runs the real executable: `serve`, `standby`, `promote`, with its own disk; killed, stopped in order, or let sleep.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bundled } from "../bundle.ts"

const MAIN = bundled("src/main.ts")

/** What every machine of one house is told. */
export const COMMON = [
  "--base-url",
  "http://localhost:9",
  "--port",
  "0",
  "--drain-seconds",
  "2",
  "--log-format",
  "json",
]

export interface Ended {
  code: number
  out: string
  err: string
}

/** An empty disk that has the key of the house. */
export function emptyDisk(keyFrom: string): string {
  const dataDir = mkdtempSync(join(tmpdir(), "purser-machine-"))
  copyFileSync(join(keyFrom, "secret.key"), join(dataDir, "secret.key"))
  return dataDir
}

const begin = (dataDir: string, env: Record<string, string>, words: string[]) =>
  Bun.spawn([...MAIN, ...words, "--data-dir", dataDir, ...COMMON], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })

/** A command that ends by itself. */
export async function run(dataDir: string, env: Record<string, string>, ...words: string[]): Promise<Ended> {
  const child = begin(dataDir, env, words)
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { code: await child.exited, out, err }
}

export class Machine {
  private readonly child: ReturnType<typeof begin>
  private said = ""
  readonly ended: Promise<string>

  constructor(
    readonly dataDir: string,
    env: Record<string, string>,
    ...words: string[]
  ) {
    this.child = begin(dataDir, env, words)
    const gather = async (stream: typeof this.child.stderr) => {
      for await (const text of stream.pipeThrough(new TextDecoderStream())) this.said += text
    }
    const told = [gather(this.child.stderr), gather(this.child.stdout)]
    this.ended = Promise.all([this.child.exited, ...told]).then(([code]) => String(this.child.signalCode ?? code))
  }

  get log(): string {
    return this.said
  }

  /** Newest line of that event. */
  line(event: string): Record<string, unknown> | null {
    const found = this.said.split("\n").findLast((line) => line.includes(`"event":"${event}"`))
    return found ? JSON.parse(found) : null
  }

  /** Where it listens now: as a standby, or as the first. @throws Error when it ended */
  async url(
    event: "standby.listening" | "listening" | "standby.promoted" = "standby.listening",
    ms = 30_000,
  ): Promise<string> {
    const endMs = performance.now() + ms
    for (;;) {
      const line = this.line(event)
      if (line) return String(line.address ?? line.url)
      if (performance.now() > endMs || this.child.exitCode !== null)
        throw new Error(`${event} did not come:\n${this.said}`)
      await Bun.sleep(20)
    }
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name)
  }

  async stop(): Promise<string> {
    this.child.kill("SIGTERM")
    return this.ended
  }

  /** With its Litestream. */
  async kill(): Promise<void> {
    const pid = pidOf(this.dataDir)
    this.child.kill("SIGKILL")
    if (pid > 1)
      try {
        process.kill(pid, "SIGKILL")
      } catch {
        // It was gone already.
      }
    await this.ended
  }
}

function pidOf(dataDir: string): number {
  try {
    return Number(readFileSync(join(dataDir, "litestream.pid"), "utf8"))
  } catch {
    return 0
  }
}

export const removeAll = (folders: Iterable<string>): void => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
}

/** A call of a person's own program. */
export const call = (url: string, token: string): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "sandbox", messages: [{ role: "user", content: "hello" }] }),
  })
