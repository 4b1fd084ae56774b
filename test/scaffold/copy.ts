// A temporary copy of the sources, in which a test adds what a person would add, and counts the files it took.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

const ROOT = join(import.meta.dir, "../..")
const COPIED = [
  "src",
  "views",
  "public",
  "migrations",
  "examples",
  "test/build.ts",
  "test/eventually.ts",
  "test/cases/messages",
  "test/fakes/stripe",
  "test/replica/s3.ts",
  "test/plain.d.ts",
  "docs",
  "CHANGELOG.md",
  "package.json",
  "tsconfig.json",
]

export class Copy {
  readonly folder = mkdtempSync(join(tmpdir(), "purser-scaffold-"))
  private readonly touched = new Set<string>()

  constructor() {
    for (const name of COPIED) cpSync(join(ROOT, name), join(this.folder, name), { recursive: true })
    symlinkSync(join(ROOT, "node_modules"), join(this.folder, "node_modules"))
  }

  /** Files that were changed or made so far; counted from here on. */
  files(): string[] {
    const files = [...this.touched]
    this.touched.clear()
    return files
  }

  add(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true })
    writeFileSync(join(this.folder, path), text)
    this.touched.add(path)
  }

  /** Puts text before the one place where `mark` stands. */
  insert(path: string, mark: string, text: string): void {
    this.replace(path, mark, text + mark)
  }

  /** @throws Error unless `mark` stands there once */
  replace(path: string, mark: string, text: string): void {
    const before = readFileSync(join(this.folder, path), "utf8")
    if (before.split(mark).length !== 2) throw new Error(`"${mark}" stands once in ${path}`)
    this.add(
      path,
      before.replace(mark, () => text),
    )
  }

  /** Copies more of the tree. */
  bring(...paths: string[]): void {
    for (const path of paths) cpSync(join(ROOT, path), join(this.folder, path), { recursive: true })
  }

  /** Each `from` stands once in its file. @returns what puts the files back */
  edit(edits: readonly { file: string; from: string; to: string }[]): () => void {
    const before = new Map(edits.map(({ file }) => [file, readFileSync(join(this.folder, file), "utf8")]))
    for (const { file, from, to } of edits) this.replace(file, from, to)
    return () => before.forEach((text, file) => void this.add(file, text))
  }

  /** Runs a script in the copy. @returns what it wrote */
  async run(script: string): Promise<string> {
    writeFileSync(join(this.folder, "script.ts"), script)
    const child = Bun.spawn([process.execPath, "script.ts"], { cwd: this.folder, stdout: "pipe", stderr: "pipe" })
    const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    if ((await child.exited) !== 0) throw new Error(`the script failed:\n${out}${err}`)
    return out
  }

  /** Runs a program of this folder in the copy. @returns what it found out, its last line */
  async found(name: string): Promise<unknown> {
    const programs = ["browser/house.ts", `scaffold/${name}`]
    for (const path of programs) cpSync(join(ROOT, "test", path), join(this.folder, "test", path))
    const out = await this.run(`import "./test/scaffold/${name}"`)
    return JSON.parse(out.trim().split("\n").at(-1)!)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
