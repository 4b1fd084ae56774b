// Runs an image as Docker would with --read-only, --cap-drop ALL and no-new-privileges: its user, its environment, its own processes and
// network, a root that cannot be written, a volume, and /tmp. By unshare and bubblewrap; needs root.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type Image, PATH } from "./replay.ts"

const TOOLS = ["bwrap", "nsenter", "unshare", "ip", "setpriv"]

/** Why containers cannot be tried here; null = they can. */
export function whyNot(): string | null {
  if (process.platform !== "linux") return "this is not Linux"
  const missing = TOOLS.filter((tool) => Bun.which(tool) === null)
  if (missing.length > 0) return `${missing.join(", ")} missing: install Debian's bubblewrap, iproute2 and util-linux`
  if (process.getuid?.() !== 0) return "you are not root"
  const box = ["bwrap", "--ro-bind", "/", "/", "--unshare-pid", "--proc", "/proc", "true"]
  return Bun.spawnSync(["unshare", "--net", ...box]).exitCode === 0 ? null : "this machine allows no namespaces"
}

export interface Container {
  said(): string
  /** `docker exec`: as the image's user, in its environment. */
  exec(command: string[]): { code: number; out: string }
  /** What the port of the image answers, asked from its own network. */
  get(path: string): Promise<{ status: number; text: string }>
  /** Waits until the image's own health check holds. @throws Error when the container ended before */
  healthy(): Promise<void>
  kill(signal: string): void
  readonly exited: Promise<number>
}

export interface ContainerOptions {
  /** Folder of this machine → where it lies in the container, writable. */
  volumes: Readonly<Record<string, string>>
  env?: Readonly<Record<string, string>>
  /** In the place of the image's own. */
  command?: string[]
  /** Nothing but a folder for this one. */
  folder: string
}

const NOBODY = "--clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all".split(" ")

export function startContainer({ root, config }: Image, options: ContainerOptions): Container {
  const env: Record<string, string> = { PATH, HOME: "/", ...config.env, ...options.env }
  const [uid = "", gid = ""] = config.user.split(":")
  const info = join(options.folder, "info.json")
  const box = ["--ro-bind", root.folder, "/", ...root.over, "--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev"]
  const volumes = Object.entries(options.volumes).flatMap(([from, to]) => ["--bind", from, to])
  const caps = ["SETUID", "SETGID", "SETPCAP"].flatMap((cap) => ["--cap-add", `CAP_${cap}`])
  const pid = ["--unshare-pid", "--as-pid-1", "--die-with-parent", "--info-fd", "3"]
  const set = Object.entries(env).flatMap(([name, value]) => ["--setenv", name, value])
  const drop = ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, ...NOBODY]
  // Docker gives each container a network of its own, whose low ports are for everybody.
  const prepare = `ip link set lo up; echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start; exec bwrap "$@" 3> '${info}'`
  const inside = [
    ...box,
    ...volumes,
    ...caps,
    ...pid,
    "--clearenv",
    ...set,
    ...drop,
    ...(options.command ?? config.command),
  ]
  const child = Bun.spawn(["unshare", "--net", "sh", "-ec", prepare, "sh", ...inside], {
    cwd: "/",
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
  let said = ""
  for (const stream of [child.stdout, child.stderr])
    void (async () => {
      for await (const text of stream.pipeThrough(new TextDecoderStream())) said += text
    })()
  const pidOf = (): string => String((JSON.parse(readFileSync(info, "utf8")) as { "child-pid": number })["child-pid"])
  const enter = (how: string[], command: string[], environment: Record<string, string>) =>
    Bun.spawnSync(["nsenter", "--target", pidOf(), ...how, ...command], { env: environment, stdin: "ignore" })
  const exec = (command: string[]) => {
    const ran = enter(
      ["--mount", "--net", "--pid", "--root", "--wdns=/", `--setuid=${uid}`, `--setgid=${gid}`],
      command,
      env,
    )
    return { code: ran.exitCode, out: `${ran.stdout}${ran.stderr}` }
  }
  return {
    said: () => said,
    exec,
    async get(path) {
      const port = Number(env.PURSER_PORT)
      const ask = `const a = await fetch("http://127.0.0.1:${port}${path}"); console.log(JSON.stringify([a.status, await a.text()]))`
      const { stdout, stderr } = enter(["--net"], [process.execPath, "-e", ask], { PATH })
      if (`${stdout}` === "") throw new Error(`${path}: ${stderr}`)
      const [status, text] = JSON.parse(`${stdout}`) as [number, string]
      return { status, text }
    },
    async healthy() {
      for (;;) {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${said}`)
        if (said.includes('"listening"') && exec(config.healthcheck).code === 0) return
        await Bun.sleep(50)
      }
    },
    kill: (signal) => process.kill(Number(pidOf()), signal),
    exited: child.exited,
  }
}
