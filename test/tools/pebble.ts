// Pebble, the ACME server of Let's Encrypt for tests (Debian package `pebble`): from PATH, or unpacked beside the tests, never installed.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { selfSigned } from "../../src/tls/self-signed.ts"
import { freePort } from "../build.ts"

export interface Pebble {
  directoryUrl: string
  /** What its directory is signed with. */
  ca: string
  stop(): void
}

const UNPACKED = join(tmpdir(), "purser-pebble")

/** Folder of its two programs; null where there is none and Debian's apt cannot bring it. */
function programs(): string | null {
  const known = Bun.which("pebble")
  if (known && Bun.which("pebble-challtestsrv")) return join(known, "..")
  const unpacked = join(UNPACKED, "usr/bin")
  if (existsSync(join(unpacked, "pebble"))) return unpacked
  if (!Bun.which("apt-get") || !Bun.which("dpkg")) return null
  mkdirSync(UNPACKED, { recursive: true })
  const quiet = { cwd: UNPACKED, stdout: "ignore", stderr: "ignore" } as const
  if (Bun.spawnSync(["apt-get", "download", "pebble"], quiet).exitCode !== 0) return null
  const file = readdirSync(UNPACKED).find((name) => name.endsWith(".deb"))
  if (!file || Bun.spawnSync(["dpkg", "-x", file, "."], quiet).exitCode !== 0) return null
  return existsSync(join(unpacked, "pebble")) ? unpacked : null
}

/** @param httpPort where it looks for challenges; every name is this machine */
export async function startPebble(httpPort: number): Promise<Pebble | null> {
  const bin = programs()
  if (bin === null) return null
  const folder = mkdtempSync(join(tmpdir(), "purser-acme-"))
  const own = await selfSigned("localhost")
  writeFileSync(join(folder, "cert.pem"), own.cert)
  writeFileSync(join(folder, "key.pem"), own.key)
  const [port, management, dns, dnsManagement] = [freePort(), freePort(), freePort(), freePort()]
  const pebble = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: join(folder, "cert.pem"),
    privateKey: join(folder, "key.pem"),
    httpPort,
    tlsPort: freePort(),
    ocspResponderURL: "",
    externalAccountBindingRequired: false,
  }
  writeFileSync(join(folder, "config.json"), JSON.stringify({ pebble }))
  const off = ["-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", ""]
  const names = ["-defaultIPv4", "127.0.0.1", "-dns01", `127.0.0.1:${dns}`, "-management", `127.0.0.1:${dnsManagement}`]
  const quiet = { stdout: "ignore", stderr: "ignore" } as const
  const children = [
    Bun.spawn([join(bin, "pebble-challtestsrv"), ...off, ...names], quiet),
    Bun.spawn([join(bin, "pebble"), "-config", join(folder, "config.json"), "-dnsserver", `127.0.0.1:${dns}`], {
      ...quiet,
      // Each order is proved anew: a renewal meets its challenge too.
      env: { PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "5", PEBBLE_AUTHZREUSE: "0" },
    }),
  ]
  const directoryUrl = `https://localhost:${port}/dir`
  const endMs = performance.now() + 20_000
  while (performance.now() < endMs && !(await fetch(directoryUrl, { tls: { ca: own.cert } }).catch(() => null)))
    await Bun.sleep(50)
  return {
    directoryUrl,
    ca: own.cert,
    stop() {
      for (const child of children) child.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
