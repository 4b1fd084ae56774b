// A proof in a process of its own, from both ends: reading gigabytes and verifying books must not cost a call of the gateway anything. It has
// the lowest priority, and it ends when the server does, however that ends.
import { setPriority } from "node:os"
import { type Config, type Log, ownCommand, silentLog } from "../app/index.ts"
import { BackupError } from "./error.ts"
import { BACKUP_LIMITS as L } from "./limits.ts"
import { prove } from "./prove.ts"
import { sweepScratch } from "./scratch.ts"
import type { Proof } from "./types.ts"

/** The verb of the executable that is this process. */
export const PROVE_VERB = "prove-backup"
const LOWEST_PRIORITY = 19

/** @throws BackupError when the process died, the signal's reason */
export async function proveApart(config: Config, log: Log, signal?: AbortSignal): Promise<Proof> {
  const child = Bun.spawn([...ownCommand(), PROVE_VERB], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    // What Litestream needs of it: proxies, certificates, a session token.
    env: process.env,
    timeout: L.proveMsMax,
    killSignal: "SIGKILL",
  })
  // Closed when it is over: its end tells the process that this one has died.
  child.stdin.write(`${JSON.stringify(config)}\n`)
  await child.stdin.flush()
  const end = () => {
    child.kill("SIGTERM")
    // In the middle of a long look at the file it hears nothing.
    setTimeout(() => child.kill("SIGKILL"), L.endMs).unref()
  }
  signal?.addEventListener("abort", end, { once: true })
  try {
    const [out, words] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    await child.exited
    signal?.throwIfAborted()
    const last = out.trim().split("\n").at(-1)
    if (child.exitCode === 0 && last) return JSON.parse(last) as Proof
    log.error("backup.proof_died", {
      signal: child.signalCode,
      code: child.exitCode,
      words: words.trim().slice(-2_000),
    })
    throw new BackupError(`the process that tried the copy died (${child.signalCode ?? `exit code ${child.exitCode}`})`)
  } finally {
    signal?.removeEventListener("abort", end)
    child.stdin.end()
    if (child.exitCode === null) await sweepScratch(config.dataDir)
  }
}

/** The process itself: a line of settings on standard input, a line of what was found on standard output. @returns the exit code */
export async function proveHere(): Promise<number> {
  setPriority(LOWEST_PRIORITY)
  const ending = new AbortController()
  const end = () => ending.abort(new BackupError("the server ended"))
  process.on("SIGTERM", end)
  const config = await firstLine(end)
  const proof = await prove({ config, log: silentLog, signal: ending.signal })
  await Bun.write(Bun.stdout, `${JSON.stringify(proof)}\n`)
  // Standard input is still open, and would be waited for.
  process.exit(0)
}

async function firstLine(onEnd: () => void): Promise<Config> {
  const { promise, resolve, reject } = Promise.withResolvers<Config>()
  void (async () => {
    let text = ""
    let isRead = false
    for await (const piece of Bun.stdin.stream().pipeThrough(new TextDecoderStream())) {
      if (isRead) continue
      text += piece
      const end = text.indexOf("\n")
      if (end < 0) continue
      isRead = true
      resolve(JSON.parse(text.slice(0, end)) as Config)
    }
    onEnd()
    reject(new BackupError("no settings came"))
  })()
  return promise
}
