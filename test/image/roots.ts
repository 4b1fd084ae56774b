// What a stage begins with in the place of its base image, which only a registry has: a Debian made by debootstrap, or this machine's own
// programs and libraries, read-only, where there is no time for that.
import { copyFileSync, existsSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"

export interface Root {
  folder: string
  /** For bubblewrap: what lies over the folder. */
  over: string[]
  /** For RUN alone. */
  env?: Record<string, string>
}

export interface Bases {
  /** Whether a step may fetch and install: nothing is taken from elsewhere then. */
  isWhole: boolean
  prepare(from: string, folder: string): Root
}

const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"

/** This machine's /usr without what was installed by hand. @throws Error for an image that nothing here stands for */
export const machine: Bases = {
  isWhole: false,
  prepare(from, folder) {
    const over: string[] = []
    for (const name of ["bin", "sbin", "lib", "lib64"]) {
      const path = `/usr/${name}`
      if (!existsSync(path)) continue
      mkdirSync(join(folder, path), { recursive: true })
      over.push("--ro-bind", path, path)
      symlinkSync(readlinkSync(`/${name}`), join(folder, name))
    }
    mkdirSync(join(folder, "etc/ssl/certs"), { recursive: true })
    if (existsSync("/etc/alternatives")) {
      mkdirSync(join(folder, "etc/alternatives"))
      over.push("--ro-bind", "/etc/alternatives", "/etc/alternatives")
    }
    for (const path of ["proc", "dev", "tmp", "mnt", "root", "usr/local/bin"])
      mkdirSync(join(folder, path), { recursive: true })
    // As in the images: Python's has the authorities' certificates, Debian's has none.
    if (from.startsWith("python:")) copyFileSync(CERTIFICATES, join(folder, CERTIFICATES))
    else if (from.startsWith("oven/bun:"))
      return { folder, over: [...over, ...bun(from, folder)], env: { BUN_INSTALL_CACHE_DIR: CACHE } }
    else if (!from.startsWith("debian:")) throw new Error(`nothing here stands for ${from}`)
    return { folder, over }
  },
}

/** Packages of the tree are in it since they were installed here: no step needs the network. */
const CACHE = "/bun-cache"

/** Where the image has it. The version of the tag is the one that runs here. */
function bun(from: string, folder: string): string[] {
  if (from !== `oven/bun:${Bun.version}-slim`) throw new Error(`${from} is not the Bun ${Bun.version} that runs here`)
  const path = "usr/local/bin/bun"
  mkdirSync(join(folder, "usr/local/bin"), { recursive: true })
  writeFileSync(join(folder, path), "")
  mkdirSync(join(folder, CACHE))
  const cache =
    `${Bun.spawnSync([process.execPath, "pm", "cache"], { cwd: join(import.meta.dir, "../..") }).stdout}`.trim()
  return ["--ro-bind", process.execPath, `/${path}`, "--bind", cache, CACHE]
}
