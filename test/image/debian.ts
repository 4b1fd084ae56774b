// Bases that are Debians of their own, made by debootstrap: nothing of this machine comes in but Bun, which Debian has not.
import { copyFileSync, existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { sh } from "./replay.ts"
import type { Bases } from "./roots.ts"

const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
const TRUSTED = "/trusted.crt"

/** Of `debian:13`. */
const SUITE = "trixie"

/** Downloads about 30 MB. @throws Error with what debootstrap said */
export function debian(folder: string): Bases {
  const clean = join(folder, "debian")
  sh(["debootstrap", "--variant=minbase", SUITE, clean], folder)
  return {
    isWhole: true,
    prepare(from, root) {
      sh(["cp", "-aT", "--reflink=auto", clean, root], folder)
      // For names on the network, as Docker does; and who this machine trusts there, such as the proxy of a company.
      const over = ["--ro-bind", "/etc/resolv.conf", "/etc/resolv.conf", "--ro-bind", CERTIFICATES, TRUSTED]
      writeFileSync(join(root, TRUSTED), "")
      if (from.startsWith("oven/bun:")) {
        if (from !== `oven/bun:${Bun.version}-slim`) throw new Error(`${from} is not Bun ${Bun.version}`)
        copyFileSync(process.execPath, join(root, "usr/local/bin/bun"))
      } else if (from.startsWith("python:")) {
        copyFileSync("/etc/resolv.conf", join(root, "etc/resolv.conf"))
        const install = "apt-get install -y -qq --no-install-recommends python3-pip ca-certificates"
        sh(["chroot", root, "env", "DEBIAN_FRONTEND=noninteractive", "sh", "-ec", install], folder)
      } else if (from !== "debian:13-slim") throw new Error(`nothing here stands for ${from}`)
      if (!existsSync(join(root, "etc/resolv.conf"))) copyFileSync("/etc/resolv.conf", join(root, "etc/resolv.conf"))
      return { folder: root, over, env: { NODE_EXTRA_CA_CERTS: TRUSTED, PIP_CERT: TRUSTED } }
    },
  }
}
