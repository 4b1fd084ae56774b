// The server that dies, from outside: one process after the other on one folder and one port.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort } from "../../build.ts"
import { bundled } from "../../bundle.ts"
import type { Answer, Line, Start, Word } from "./protocol.ts"

/** The process died before it answered. */
export class Died extends Error {
  override name = "Died"
}

type Child = Bun.Subprocess<"pipe", "pipe", "inherit">

const load = (): Child =>
  Bun.spawn(bundled("test/billing/kill/server.ts"), {
    cwd: join(import.meta.dir, "../../.."),
    env: { PATH: process.env.PATH ?? "" },
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  })

export class Mortal {
  readonly dataDir = mkdtempSync(join(tmpdir(), "purser-kill-"))
  readonly port = freePort()
  /** Where the last one died. */
  diedAt: string | null = null
  private child: Child | null = null
  /** The next one, loaded: most of a start. */
  private spare: Child | null = null
  private waiting: { resolve(line: Line): void; reject(error: Error): void } | null = null

  constructor(private readonly apiBase: string) {}

  get isAlive(): boolean {
    return this.child !== null
  }

  async start(nowMs: number): Promise<void> {
    const { dataDir, port, apiBase } = this
    const start: Start = { dataDir, port, apiBase, nowMs }
    const child = this.spare ?? load()
    child.stdin.write(`${JSON.stringify(start)}\n`)
    void child.stdin.flush()
    this.spare = load()
    this.child = child
    this.diedAt = null
    const first = this.next()
    void this.read(child)
    await first
  }

  /** @throws Died */
  async ask<T>(word: Word): Promise<T> {
    const answer = await this.say(word)
    if ("refused" in answer) throw new Error(`${JSON.stringify(word)}: ${answer.refused}`)
    return answer.ok as T
  }

  private async say(word: Word): Promise<Answer> {
    if (!this.child) throw new Died("it is dead")
    const line = this.next()
    this.child.stdin.write(`${JSON.stringify(word)}\n`)
    void this.child.stdin.flush()
    return (await line) as Answer
  }

  /** Resolves once it is gone. */
  async died(): Promise<void> {
    await this.child?.exited
  }

  async stop(): Promise<void> {
    this.spare?.kill("SIGKILL")
    this.child?.kill("SIGKILL")
    await this.child?.exited
    rmSync(this.dataDir, { recursive: true, force: true })
  }

  private next(): Promise<Line> {
    const { promise, resolve, reject } = Promise.withResolvers<Line>()
    this.waiting = { resolve, reject }
    // It may die while nobody waits for a word of it.
    promise.catch(() => {})
    return promise
  }

  private async read(child: Child): Promise<void> {
    let rest = ""
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n")
      rest = lines.pop() ?? ""
      for (const text of lines) {
        const line = JSON.parse(text) as Line
        if ("dies" in line) this.diedAt = line.dies
        else this.waiting?.resolve(line)
      }
    }
    await child.exited
    this.child = null
    this.waiting?.reject(new Died(this.diedAt ?? "it ended"))
  }
}
