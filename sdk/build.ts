// Makes sdk.js of its sources: `bun sdk/build.ts` writes public/sdk/<version>, `bun build.ts dist` the folder of the npm package. A version
// that was released keeps its bytes for ever: changes take a new number in package.json.
import { createHash } from "node:crypto"
import { cpSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { version } from "./package.json"

const HERE = import.meta.dir

export interface Built {
  "sdk.js": string
  "sdk.js.map": string
  "sdk.d.ts": string
}

export async function buildSdk(): Promise<Built> {
  const { outputs } = await Bun.build({
    entrypoints: [join(HERE, "src/index.ts")],
    target: "browser",
    format: "esm",
    minify: true,
    sourcemap: "linked",
    naming: "sdk.js",
  })
  const text = async (kind: string) => (await outputs.find((one) => one.kind === kind)!.text()).trimEnd()
  const { debugId: _, sources, ...map } = JSON.parse(await text("sourcemap"))
  // As seen from this folder, wherever it was built.
  const near = (sources as string[]).map((path) => path.replace(/^.*?(src\/[\w-]+\.ts|package\.json)$/, "$1"))
  return {
    "sdk.js": `${(await text("entry-point")).replace(/^\/\/# debugId=.*\n/m, "").replace("\n\n", "\n")}\n`,
    "sdk.js.map": `${JSON.stringify({ ...map, sources: near })}\n`,
    "sdk.d.ts": await Bun.file(join(HERE, "sdk.d.ts")).text(),
  }
}

/** Puts a version among those that were released. */
async function release(code: string): Promise<void> {
  const file = Bun.file(join(HERE, "releases.json"))
  const known = (await file.exists()) ? ((await file.json()) as Record<string, string>) : {}
  const integrity = `sha384-${createHash("sha384").update(code).digest("base64")}`
  if (known[version] && known[version] !== integrity && !process.argv.includes("--unreleased"))
    throw new Error(`${version} was released with other bytes: change the version, or say --unreleased`)
  await Bun.write(file, `${JSON.stringify({ ...known, [version]: integrity }, null, 2)}\n`)
  console.log(`${version} ${integrity}`)
}

if (import.meta.main) {
  const isPackage = process.argv[2] === "dist"
  const folder = isPackage ? join(HERE, "dist") : join(HERE, "../public/sdk", version)
  mkdirSync(folder, { recursive: true })
  const built = await buildSdk()
  for (const [name, bytes] of Object.entries(built)) await Bun.write(join(folder, name), bytes)
  if (isPackage) cpSync(join(HERE, "../LICENSE"), join(HERE, "LICENSE"))
  else await release(built["sdk.js"])
}
