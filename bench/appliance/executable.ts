// The executable as an operator has it: how large it is, how soon it answers, what it holds; against the least that Bun makes an executable of.
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { build } from "../../test/binary/binary.ts"
import { median } from "../measure.ts"

export interface Executables {
  purser: string
  bare: string
}

/** Built once for the whole check, where it runs (`PURSER_TEST_EXECUTABLE`). */
export async function buildBoth(folder: string): Promise<Executables> {
  const script = join(folder, "bare.ts")
  writeFileSync(
    script,
    `Bun.serve({ hostname: "127.0.0.1", port: Number(process.argv.at(-1)), fetch: () => new Response("ok") })\n`,
  )
  const bare = join(folder, "bare")
  const made = Bun.spawnSync([process.execPath, "build", script, "--compile", "--outfile", bare])
  if (made.exitCode !== 0) throw new Error(`the bare server could not be built: ${made.stderr}`)
  return { purser: process.env.PURSER_TEST_EXECUTABLE || (await build(folder)), bare }
}

export const megabytes = (path: string): number => Math.round(statSync(path).size / 1e6)

export interface Started {
  port: number
  /** From its spawn to its first answer, ms. */
  ms: number
  /** RAM it holds now, MB (2^20). */
  rssMb(): number
  /** SIGTERM. @returns ms until it had ended in order */
  stop(): Promise<number>
  /** What it said. */
  said(): string
}

const POLL_MS = 2

function freePort(): number {
  const probe = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() })
  const port = probe.port!
  probe.stop(true)
  return port
}

/** @throws Error with its words when it does not answer within `waitMs` */
async function start(command: string[], port: number, env: Record<string, string>, waitMs: number): Promise<Started> {
  const startedMs = performance.now()
  const child = Bun.spawn(command, { env, stdin: "ignore", stdout: "ignore", stderr: "pipe" })
  let said = ""
  const heard = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) said += text
  })()
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await isReady())) {
    const isOver = child.exitCode !== null || performance.now() - startedMs > waitMs
    if (isOver) {
      child.kill("SIGKILL")
      throw new Error(`${command.join(" ")} did not start: ${said}`)
    }
    await Bun.sleep(POLL_MS)
  }
  return {
    port,
    ms: performance.now() - startedMs,
    rssMb: () => rssOf(child.pid),
    said: () => said,
    async stop() {
      const askedMs = performance.now()
      child.kill("SIGTERM")
      const code = await child.exited
      await heard
      if (code !== 0 && child.signalCode === null) throw new Error(`it ended with ${code}: ${said}`)
      return performance.now() - askedMs
    },
  }
}

export function startBare(path: string): Promise<Started> {
  const port = freePort()
  return start([path, String(port)], port, {}, 30_000)
}

export function startPurser(
  path: string,
  dataDir: string,
  env: Record<string, string> = {},
  waitMs = 60_000,
): Promise<Started> {
  const port = freePort()
  const flags = ["--data-dir", dataDir, "--port", String(port), "--base-url", "http://localhost:8080"]
  return start([path, "serve", ...flags, "--drain-seconds", "5"], port, env, waitMs)
}

/** ms from spawn to the first answer and to the end after SIGTERM, in the middle of some starts. @param prepare makes what each begins with */
export async function startTimes(
  times: number,
  begin: () => Promise<Started>,
): Promise<{ startMs: number; stopMs: number }> {
  const starts: number[] = []
  const stops: number[] = []
  for (let n = 0; n < times; n++) {
    const one = await begin()
    starts.push(one.ms)
    stops.push(await one.stop())
  }
  return { startMs: Math.round(median(starts)), stopMs: Math.round(median(stops)) }
}

function rssOf(pid: number): number {
  const path = `/proc/${pid}/status`
  if (!existsSync(path)) return 0
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(path, "utf8"))?.[1] ?? 0) / 1_024)
}
