// `bun run image`: every step of the Dockerfile in Debians made by debootstrap, then the image as a container: healthy on a read-only root,
// with its Litestream, stopped in order. Needs root, debootstrap, bubblewrap and the network; takes two minutes.
import { chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startContainer, whyNot } from "./container.ts"
import { debian } from "./debian.ts"
import { replay } from "./replay.ts"

const why = whyNot() ?? (Bun.which("debootstrap") ? null : "debootstrap missing: install Debian's debootstrap")
if (why !== null) {
  console.error(why)
  process.exit(1)
}
const folder = mkdtempSync(join(tmpdir(), "purser-image-"))
try {
  const image = replay({ tree: join(import.meta.dir, "../.."), folder, bases: debian(folder), taken: {} })
  for (const { step, by } of image.steps) console.log(`${by.padEnd(7)}${step.slice(0, 110)}`)
  for (const path of ["usr/local/bin/purser", "usr/local/bin/litestream"])
    console.log(`${Math.round(statSync(join(image.root.folder, path)).size / 1_000_000)} MB ${path}`)
  const [uid = 0, gid = 0] = image.config.user.split(":").map(Number)
  const volume = (name: string): string => {
    const path = join(folder, name)
    cpSync(join(image.root.folder, image.config.volume), path, { recursive: true })
    chownSync(path, uid, gid)
    return path
  }
  mkdirSync(join(folder, "run"))
  const container = startContainer(image, {
    volumes: { [volume("data")]: "/storage", [volume("copy")]: "/mnt" },
    env: {
      PURSER_BASE_URL: "http://localhost",
      PURSER_REPLICA_URL: "file:///mnt/purser",
      PURSER_REPLICA_NEW: new Date().toISOString().slice(0, 10),
    },
    folder: join(folder, "run"),
  })
  await container.healthy()
  const litestream = container.exec(["litestream", "version"]).out.trim()
  const ready = await container.get("/readyz")
  console.log(`healthy on a read-only root as ${container.exec(["id", "-u"]).out.trim()}; Litestream ${litestream}`)
  console.log(`/readyz ${ready.status} ${ready.text}`)
  const hook = container.exec(["/hooks/pre-backup"])
  container.kill(image.config.stopSignal)
  const code = await container.exited
  console.log(`stopped by ${image.config.stopSignal} with ${code}`)
  const isWell = ready.status === 200 && code === 0 && hook.code === 0 && /^v?0\.5\.17$/.test(litestream)
  console.log(isWell ? "The image is well." : `The image is NOT well:\n${hook.out}${container.said()}`)
  process.exitCode = isWell ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
