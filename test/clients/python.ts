// Programs in Python's standard library, in files beside their tests: what we send is read by software that is not ours, in another language.
import { join } from "node:path"

/** Debian's, or the one on PATH; without one these tests fail, as CI has it (.ci/run). */
export const PYTHON = Bun.which("python3") ?? "/usr/bin/python3"

/**
 * Runs a program to its end.
 * @param program its file in this folder
 * @param input what it reads from stdin, as UTF-8
 * @returns the one JSON value that it writes
 * @throws Error with what it wrote to stderr, where it failed
 */
export async function python<T>(program: string, input: string | Uint8Array, ...args: readonly string[]): Promise<T> {
  const child = Bun.spawn([PYTHON, "-X", "utf8", join(import.meta.dir, program), ...args], {
    stdin: Buffer.from(input),
    stdout: "pipe",
    stderr: "pipe",
  })
  const [code, out, why] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  if (code !== 0) throw new Error(`${program}: ${why}`)
  return JSON.parse(out) as T
}
