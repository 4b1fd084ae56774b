// Programs that tests start again and again, in one executable: from sources one by one a start of the server takes four times as long.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import packageJson from "../package.json"
import type { Program } from "./programs.ts"

const ROOT = join(import.meta.dir, "..")
/** The check builds it for all files of tests, and hands on its path here. */
const VARIABLE = "PURSER_TEST_PROGRAMS"

let built: string | undefined

/** @returns the words that start it; its own come after them */
export function bundled(program: Program): string[] {
  built ??= process.env[VARIABLE] || own()
  return program === "src/main.ts" ? [built] : [built, program]
}

/** @returns a variable of the environment */
export async function programsToLend(folder: string): Promise<Record<string, string>> {
  const path = join(folder, "programs")
  const build = Bun.spawn(building(path), { cwd: ROOT, stdout: "ignore", stderr: "pipe" })
  const complaint = await new Response(build.stderr).text()
  if ((await build.exited) !== 0) throw new Error(`the programs of tests cannot be built: ${complaint}`)
  return { [VARIABLE]: path }
}

/** Quick to build, slow to start: for one file of tests. */
function own(): string {
  const folder = mkdtempSync(join(tmpdir(), "purser-programs-"))
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, "programs")
  const words = building(path).filter((word) => word !== "--bytecode")
  const { exitCode, stderr } = Bun.spawnSync(words, { cwd: ROOT })
  if (exitCode !== 0) throw new Error(`the programs of tests cannot be built: ${stderr}`)
  return path
}

/** As the product is built, with the programs around it, and the Workers where it looks for them. */
function building(path: string): string[] {
  const [, ...words] = packageJson.scripts.build.split(" ").slice(0, -1)
  const entries = words.map((word) => (word === "src/main.ts" ? "test/programs.ts" : word))
  return [process.execPath, ...entries, path, "--entry-naming=[name].[ext]"]
}
