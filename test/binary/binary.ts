// The executable as a stranger gets it: one file, copied alone into an empty folder, run with nothing in its environment.
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import packageJson from "../../package.json"

export interface Ran {
  code: number
  out: string
  err: string
}

export interface RunOptions {
  cwd?: string
  env?: Record<string, string>
  /** Without root's rights, which know no read-only folder. Only where `canDropRights`. */
  unprivileged?: boolean
  /** A command that runs it, such as a sandbox. */
  under?: string[]
}

/** Whoever is not root has no rights to drop; root needs setpriv, which slim containers lack. */
export const canDropRights = process.getuid?.() !== 0 || Bun.which("setpriv") !== null
const DROP_RIGHTS = process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []

export interface Serving {
  /** Everything it has said so far on standard error. */
  said(): string
  /** Waits until it says this. @throws Error when it ends before */
  saying(pattern: RegExp): Promise<RegExpExecArray>
  stop(signal?: NodeJS.Signals): void
  /** Its process, or that of the sandbox it runs under. */
  readonly pid: number
  /** The exit code. */
  readonly exited: Promise<number>
}

export interface Executable {
  /** An empty folder but for the executable. */
  home: string
  /** A fresh empty folder. */
  folder(name: string): string
  run(args: string[], options?: RunOptions): Promise<Ran>
  /** Resolves when it listens. @throws Error with its words when it ended instead */
  serve(args: string[], options?: RunOptions): Promise<Serving>
  /** Ends what still runs and removes every folder. */
  remove(): Promise<void>
}

const OUTFILE = "dist/purser"
/** Set by the check, which builds once for all files. */
const BUILT = "PURSER_TEST_EXECUTABLE"

/** Builds with the command of package.json. @returns the file, in that folder */
export async function build(folder: string): Promise<string> {
  const path = join(folder, "purser")
  const command = packageJson.scripts.build.split(" ")
  if (command.at(-1) !== OUTFILE) throw new Error(`the build command no longer ends in ${OUTFILE}`)
  const build = Bun.spawn([process.execPath, ...command.slice(1, -1), path], {
    cwd: join(import.meta.dir, "../.."),
    stdout: "ignore",
    stderr: "pipe",
  })
  const complaint = await new Response(build.stderr).text()
  if ((await build.exited) !== 0) throw new Error(`the build failed: ${complaint}`)
  return path
}

/** The executable in a folder of its own, which everybody may read: a test may drop its rights. */
export async function openExecutable(): Promise<Executable> {
  const root = mkdtempSync(join(tmpdir(), "purser-binary-"))
  chmodSync(root, 0o755)
  const home = join(root, "home")
  mkdirSync(home, { mode: 0o755 })
  const path = join(home, "purser")
  const builtFolder = join(root, "built")
  copyFileSync(process.env[BUILT] || (await build(builtFolder)), path)
  chmodSync(path, 0o755)
  rmSync(builtFolder, { recursive: true, force: true })

  const running = new Set<Bun.Subprocess>()
  const start = (args: string[], options: RunOptions) => {
    const before = [...(options.under ?? []), ...(options.unprivileged ? DROP_RIGHTS : [])]
    const child = Bun.spawn([...before, path, ...args], {
      cwd: options.cwd ?? home,
      env: options.env ?? {},
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    })
    running.add(child)
    void child.exited.then(() => running.delete(child))
    return child
  }
  return {
    home,
    folder(name) {
      mkdirSync(join(root, name))
      return join(root, name)
    },
    async run(args, options = {}) {
      const child = start(args, options)
      const [out, err, code] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
        child.exited,
      ])
      return { code, out, err }
    },
    async serve(args, options = {}) {
      const child = start(["serve", ...args], options)
      let said = ""
      let ended = false
      let heard = Promise.withResolvers<void>()
      const read = async () => {
        for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
          said += text
          heard.resolve()
          heard = Promise.withResolvers()
        }
        ended = true
        heard.resolve()
      }
      void read()
      const saying = async (pattern: RegExp): Promise<RegExpExecArray> => {
        for (;;) {
          const match = pattern.exec(said)
          if (match) return match
          if (ended) throw new Error(`it ended without saying ${pattern}: ${said}`)
          await heard.promise
        }
      }
      await saying(/"event":"listening".*\n/)
      return {
        said: () => said,
        saying,
        stop: (signal = "SIGTERM") => child.kill(signal),
        pid: child.pid,
        exited: child.exited,
      }
    },
    async remove() {
      for (const child of running) child.kill("SIGKILL")
      await Promise.all([...running].map((child) => child.exited))
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** What lies beside the executable; nothing it was not told to make belongs there. */
export const filesBeside = (executable: Executable): string[] =>
  readdirSync(executable.home).filter((name) => name !== "purser")
