// Runs the steps of a Dockerfile one by one, each stage in a root of its own, without Docker: COPY by cp, RUN in a sandbox of bubblewrap.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { contextFiles } from "./context.ts"
import { type ImageConfig, pairs, readDockerfile, type Step } from "./dockerfile.ts"
import type { Bases, Root } from "./roots.ts"

export interface Image {
  root: Root
  config: ImageConfig
  /** Every RUN and COPY, in order, with what was done with it. */
  steps: { step: string; by: "run" | "taken" | "copied" }[]
}

export interface ReplayOptions {
  tree: string
  /** Gets a folder a stage. */
  folder: string
  bases: Bases
  /** What stands for a RUN that cannot run here, by its beginning: puts its result into the root. Not used by whole bases. */
  taken: Readonly<Record<string, (root: Root, cwd: string) => void>>
}

export const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

export function replay({ tree, folder, bases, taken }: ReplayOptions): Image {
  const { stages, config } = readDockerfile(readFileSync(join(tree, "Dockerfile"), "utf8"))
  const roots = new Map<string, Root>()
  const steps: Image["steps"] = []
  for (const { from, name, steps: ours } of stages) {
    const own = mkdtempSync(join(folder, `${name || "image"}-`))
    // It is "/" in there, which everybody may enter.
    chmodSync(own, 0o755)
    const root = bases.prepare(from, own)
    roots.set(name, root)
    const at = { cwd: "/", env: { PATH } as Record<string, string> }
    for (const step of ours) {
      const { op, text } = step
      if (op === "ENV") Object.assign(at.env, pairs(text))
      else if (op === "WORKDIR") {
        at.cwd = text
        mkdirSync(join(root.folder, text), { recursive: true })
      } else if (op === "COPY") {
        copy(step, { root, cwd: at.cwd, source: step.flags.from ? roots.get(step.flags.from)?.folder : tree })
        steps.push({ step: `COPY ${text}`, by: "copied" })
      } else {
        const instead = bases.isWhole ? undefined : Object.entries(taken).find(([start]) => text.startsWith(start))?.[1]
        if (instead) instead(root, at.cwd)
        else run(root, text, at)
        steps.push({ step: `RUN ${text}`, by: instead ? "taken" : "run" })
      }
    }
  }
  return { root: roots.get("")!, config, steps }
}

function copy({ text, flags }: Step, to: { root: Root; cwd: string; source: string | undefined }): void {
  const { root, cwd, source } = to
  if (source === undefined) throw new Error(`there is no stage ${flags.from}`)
  const paths = text.split(" ")
  const target = paths.pop()!
  const inside = join(root.folder, target.startsWith("/") ? target : join(cwd, target))
  const isFolder = target.endsWith("/") || target === "."
  mkdirSync(isFolder ? inside : dirname(inside), { recursive: true })
  if (flags.from === undefined) {
    const files = contextFiles(source).filter((file) => paths.includes(".") || paths.includes(file))
    if (files.length < paths.length) throw new Error(`COPY ${text}: .dockerignore leaves out some of it`)
    sh(["cp", "-a", "--no-preserve=ownership", "--parents", ...files, inside], source)
    return
  }
  const path = join(source, paths[0]!)
  if (!existsSync(path)) throw new Error(`COPY ${text}: ${paths[0]} is not in ${flags.from}`)
  sh(["cp", "-aT", path, inside], "/")
  sh(["chown", "-R", flags.chown ?? "0:0", inside], "/")
}

function run(root: Root, text: string, { cwd, env }: { cwd: string; env: Record<string, string> }): void {
  const set = Object.entries({ ...env, ...root.env }).flatMap(([name, value]) => ["--setenv", name, value])
  const box = ["--bind", root.folder, "/", ...root.over, "--proc", "/proc", "--dev", "/dev", "--chdir", cwd]
  sh(["bwrap", ...box, "--clearenv", ...set, "--die-with-parent", "sh", "-ec", text], "/")
}

/** @throws Error with what it said */
export function sh(command: string[], cwd: string): void {
  const ran = Bun.spawnSync(command, { cwd, stdin: "ignore" })
  if (ran.exitCode !== 0)
    throw new Error(
      `${command.slice(-3).join(" ").slice(0, 300)} ended with ${ran.exitCode}: ${ran.stderr}${ran.stdout}`,
    )
}
