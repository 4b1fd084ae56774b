// Programs that tests start again and again, each as one file: loading the sources one by one takes half of what such a process does.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const ROOT = join(import.meta.dir, "..")
/** The check makes a folder for all files of tests, and hands it on here. */
const VARIABLE = "PURSER_TEST_BUNDLES"
/** What the sources look for two folders above themselves, and one. */
const BESIDE = ["migrations", "public", "docs", "node_modules"]
const ABOVE = ["main.ts", "worker.ts", "copier.ts"]

let folder: string | undefined

/** @param program path below the root of the tree. @returns where its bundle is */
export function bundled(program: string): string {
  folder ??= process.env[VARIABLE] || own()
  const path = join(folder, "src/bundle", program.replaceAll("/", "-").replace(/ts$/, "js"))
  if (existsSync(path)) return path
  // Two files of tests may want the same one: whoever is later puts an equal one in its place.
  const draft = `${path}.${process.pid}`
  const words = ["build", join(ROOT, program), "--target=bun", `--outfile=${draft}`]
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, ...words], { cwd: ROOT })
  if (exitCode !== 0) throw new Error(`${program} cannot be bundled: ${stderr}`)
  renameSync(draft, path)
  return path
}

/** @returns a variable of the environment */
export const bundlesToLend = (within: string): Record<string, string> => ({
  [VARIABLE]: layOut(join(within, "bundles")),
})

function own(): string {
  const made = layOut(mkdtempSync(join(tmpdir(), "purser-bundles-")))
  process.on("exit", () => rmSync(made, { recursive: true, force: true }))
  return made
}

/** As the tree is, so that a bundle finds beside it what a source does. */
function layOut(within: string): string {
  mkdirSync(join(within, "src/bundle"), { recursive: true })
  for (const name of BESIDE) symlinkSync(join(ROOT, name), join(within, name))
  for (const name of ABOVE) symlinkSync(join(ROOT, "src", name), join(within, "src", name))
  return within
}
