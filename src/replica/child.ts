// Litestream as a child: started again when it ends, its words gathered into our log. It can die as often as it likes: nothing of ours does.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Subprocess } from "bun"
import { LIMITS, type Log, within } from "../app/index.ts"

export interface ChildOptions {
  command: string[]
  env: Record<string, string>
  dataDir: string
  log: Log
}

export class Child {
  private process: Subprocess<"ignore", "ignore", "pipe"> | null = null
  private restartMs = 1_000
  private timer: Timer | null = null
  private wanted = false
  /** What it said last that was not well; null once it is known to be well. */
  complaint: string | null = null
  /** …since it was started last. */
  private words: string | null = null
  private startedMs = 0
  private readonly said = new Map<string, { atMs: number; times: number }>()

  constructor(private readonly options: ChildOptions) {}

  get isRunning(): boolean {
    return this.process !== null
  }

  /** How long it has run, ms; 0 = it does not. */
  get ageMs(): number {
    return this.process ? performance.now() - this.startedMs : 0
  }

  async start(): Promise<void> {
    this.wanted = true
    await endOrphan(this.options)
    if (this.wanted && !this.process) this.spawn()
  }

  /** Asks it to send the rest and end; ends it when that takes too long. */
  async stop(graceMs: number): Promise<void> {
    this.wanted = false
    if (this.timer) clearTimeout(this.timer)
    const running = this.process
    if (!running) return
    running.kill("SIGTERM")
    if ((await within(running.exited, graceMs)) === undefined) {
      this.options.log.warn("replica.stop_cut", { ms: graceMs })
      running.kill("SIGKILL")
      await running.exited
    }
  }

  /** Ends it in the middle, for good. */
  async kill(): Promise<void> {
    this.wanted = false
    if (this.timer) clearTimeout(this.timer)
    this.process?.kill("SIGKILL")
    await this.process?.exited
  }

  private spawn(): void {
    const { command, env, dataDir, log } = this.options
    this.words = null
    this.startedMs = performance.now()
    const child = Bun.spawn(command, { env, cwd: dataDir, stdin: "ignore", stdout: "ignore", stderr: "pipe" })
    this.process = child
    const endWithUs = () => child.kill("SIGTERM")
    process.on("exit", endWithUs)
    writeFileSync(pidPath(dataDir), String(child.pid), { mode: 0o600 })
    const words = this.listen(child.stderr)
    child.exited.then(async (code) => {
      // Its last words are why it ended; a grandchild that holds the pipe must not keep us.
      await within(words, 1_000)
      process.off("exit", endWithUs)
      if (this.process === child) this.process = null
      rmSync(pidPath(dataDir), { force: true })
      if (!this.wanted) return
      const lifeMs = performance.now() - this.startedMs
      if (lifeMs > LIMITS.replicaRestartMsMax) this.restartMs = 1_000
      this.complaint = `Litestream ended (${child.signalCode ?? `exit code ${code}`})${this.words ? `: ${this.words}` : ""}`
      log.error("replica.child_ended", { why: this.complaint, againMs: this.restartMs })
      this.timer = setTimeout(() => this.wanted && this.spawn(), this.restartMs)
      this.restartMs = Math.min(this.restartMs * 2, LIMITS.replicaRestartMsMax)
    })
  }

  private async listen(stream: ReadableStream<Uint8Array>): Promise<void> {
    let rest = ""
    const decoder = new TextDecoder()
    for await (const chunk of stream) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n")
      rest = (lines.pop() ?? "").slice(-10_000)
      for (const line of lines) if (line.trim()) this.hear(line)
    }
    if (rest.trim()) this.hear(rest)
  }

  private hear(line: string): void {
    const { level, words, fields } = read(line)
    if (level === "debug" || level === "info") {
      this.options.log.debug("replica.litestream", { words, ...fields })
      return
    }
    this.words = [words, fields.error].filter(Boolean).join(": ").slice(0, 500)
    this.complaint = this.words
    // A store that is away is complained of every second: once a minute is enough to know.
    const key = words.replace(/[0-9a-f]{6,}|\d+/g, "#").slice(0, 200)
    const now = performance.now()
    const known = this.said.get(key)
    if (known && now - known.atMs < LIMITS.replicaSayMs) {
      known.times++
      return
    }
    if (this.said.size > 200) this.said.clear()
    this.said.set(key, { atMs: now, times: 1 })
    const again = known && known.times > 1 ? { times: known.times } : {}
    this.options.log[level]("replica.litestream", { words: words.slice(0, 500), ...fields, ...again })
  }
}

interface Heard {
  level: "debug" | "info" | "warn" | "error"
  words: string
  fields: { error?: string }
}

/** Its lines are JSON; those of a program that falls are not. */
function read(line: string): Heard {
  try {
    const { msg, error } = JSON.parse(line) as { msg?: string; error?: string }
    // A second `level` in the same line is a figure of its own (of compaction).
    const found = /"level":"(\w+)"/.exec(line)?.[1]?.toLowerCase()
    const known = (["debug", "info", "warn", "error"] as const).find((one) => one === found) ?? "warn"
    return {
      level: known,
      words: String(msg),
      fields: error === undefined ? {} : { error: String(error).slice(0, 500) },
    }
  } catch {
    return { level: "error", words: line, fields: {} }
  }
}

const pidPath = (dataDir: string): string => join(dataDir, "litestream.pid")

/**
 * A server that was killed leaves its Litestream behind. Two on one database would take each other's log away: it gets a moment to
 * send what it has, then it ends. A number that means another program by now is left alone.
 */
export async function endOrphan({
  command,
  dataDir,
  log,
}: Pick<ChildOptions, "command" | "dataDir" | "log">): Promise<void> {
  if (!existsSync(pidPath(dataDir))) return
  const pid = Number(readFileSync(pidPath(dataDir), "utf8"))
  const isOurs = () => Number.isInteger(pid) && pid > 1 && commandOf(pid).includes(command.at(-1)!)
  if (isOurs()) {
    log.warn("replica.orphan", { pid, why: "a server that was killed left it behind" })
    signal(pid, "SIGTERM")
    const endMs = performance.now() + LIMITS.replicaStopMs
    while (isOurs() && performance.now() < endMs) await Bun.sleep(50)
    if (isOurs()) signal(pid, "SIGKILL")
    while (isOurs()) await Bun.sleep(20)
  }
  rmSync(pidPath(dataDir), { force: true })
}

/** Its command line; "" = there is no such process. */
export function commandOf(pid: number): string {
  if (existsSync("/proc/self/cmdline"))
    return existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ") : ""
  return Bun.spawnSync(["ps", "-o", "command=", "-p", String(pid)]).stdout.toString()
}

export function signal(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, name)
  } catch {
    // It was quicker.
  }
}
