// A copy of the tree in a folder of its own, in which a test builds what a developer would: every file that it touches is counted, and
// a program runs in it.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

const ROOT = join(import.meta.dir, "../..")
const PARTS = [
  "src",
  "views",
  "public",
  "migrations",
  "test",
  "examples",
  "package.json",
  "tsconfig.json",
  "bunfig.toml",
]

export interface Copy {
  /** Files that were made or changed, in order. */
  readonly touched: readonly string[]
  make(path: string, text: string): void
  /** Puts text before the only place where `anchor` stands. */
  before(path: string, anchor: string, text: string): void
  after(path: string, anchor: string, text: string): void
  /** Number of the next migration, four digits. */
  nextMigration(): string
  /** Runs a program of the copy. @returns its last line, as JSON */
  run(path: string): Promise<unknown>
  /** Type errors of the copy, a line each. */
  typeErrors(): Promise<string[]>
  remove(): void
}

export function copyOfTree(): Copy {
  const root = mkdtempSync(join(tmpdir(), "purser-scaffold-"))
  for (const part of PARTS) cpSync(join(ROOT, part), join(root, part), { recursive: true })
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"))
  const touched: string[] = []
  const write = (path: string, text: string): void => {
    const full = join(root, path)
    mkdirSync(dirname(full), { recursive: true })
    writeFileSync(full, text)
    if (!touched.includes(path)) touched.push(path)
  }
  const insert = (path: string, anchor: string, replace: string): void => {
    const text = readFileSync(join(root, path), "utf8")
    if (text.split(anchor).length !== 2) throw new Error(`${path} has not exactly one place for: ${anchor}`)
    write(
      path,
      text.replace(anchor, () => replace),
    )
  }
  const spawned = async (command: string[]): Promise<{ code: number; out: string; err: string }> => {
    const child = Bun.spawn(command, { cwd: root, stdout: "pipe", stderr: "pipe" })
    const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    return { code: await child.exited, out, err }
  }
  return {
    touched,
    make(path, text) {
      if (existsSync(join(root, path))) throw new Error(`${path} is there already`)
      write(path, text)
    },
    before: (path, anchor, text) => insert(path, anchor, `${text}${anchor}`),
    after: (path, anchor, text) => insert(path, anchor, `${anchor}${text}`),
    nextMigration: () => String(readdirSync(join(root, "migrations")).length + 1).padStart(4, "0"),
    async run(path) {
      const { code, out, err } = await spawned([process.execPath, path])
      if (code !== 0) throw new Error(`${path} ended with ${code}: ${err.slice(-2_000)}`)
      return JSON.parse(out.trim().split("\n").at(-1)!)
    },
    async typeErrors() {
      const { out } = await spawned([
        process.execPath,
        "node_modules/.bin/tsc",
        "-p",
        ".",
        "--noEmit",
        "--pretty",
        "false",
      ])
      return out.split("\n").filter((line) => line.includes("error TS"))
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}
