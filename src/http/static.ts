// Public files: read once at boot, bundled, fingerprinted, compressed, cached for ever. Nothing outside public/ can be reached,
// because requests only look names up in a map.
import { readdirSync, readFileSync } from "node:fs"
import { extname, join } from "node:path"
import { brotliCompress, constants } from "node:zlib"
import { sha256Hex } from "../app/index.ts"
import { type Coding, chooseCoding } from "./encoding.ts"
import { listOf } from "./headers.ts"
import { type Bytes, isOurs, joinModules, packCss, packScript } from "./pack.ts"

const TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".ttf": "font/ttf",
  ".txt": "text/plain; charset=utf-8",
  ".ts": "text/plain; charset=utf-8",
  ".map": "application/json",
}

/** Sections of pages, each with one style sheet and the folder `css/pages/<section>`. */
const SECTIONS = ["auth", "console", "developer", "admin", "public", "landing", "gallery"] as const
/** Shared by all, in this order; a folder stands for its files. Which file of a folder comes first must not matter. */
const SHARED = ["css/reset.css", "css/tokens.css", "css/base.css", "css/ui/", "css/frame/"]
/** Large parts that only some sections use; any other part goes to all. The gallery has every part. */
const CHARTS = ["console", "developer", "admin", "public"]
const ONLY: Readonly<Record<string, readonly string[]>> = {
  "css/frame/auth.css": ["auth"],
  "css/frame/public.css": ["landing", "public"],
  "css/ui/chart-heat.css": CHARTS,
  "css/ui/chart-marks.css": CHARTS,
  "css/ui/chart-parts.css": CHARTS,
  "css/ui/chart-probe.css": CHARTS,
  "css/ui/diff.css": ["admin", "console", "developer"],
  "css/ui/grid.css": ["admin"],
  "css/ui/json.css": ["admin", "console", "developer"],
  "css/ui/market.css": ["console", "public"],
  "css/ui/notices.css": ["console"],
  "css/ui/plans.css": ["console", "landing", "public"],
  "css/ui/press-card.css": ["console", "public"],
  "css/ui/prose.css": ["admin", "console", "developer", "public"],
  "css/ui/redirect-checks.css": ["developer"],
  "css/ui/reading.css": ["console", "developer", "public"],
  "css/ui/syntax.css": ["admin", "console", "developer", "landing", "public"],
}
/** Scripts that are sent as one: a folder of modules. */
const SCRIPTS: Readonly<Record<string, string>> = { "js/core/": "js/core.js", "js/pickers/": "js/pickers.js" }

interface Asset {
  /** The file in each coding there is; brotli joins a moment after somebody first asked for it. */
  codings: Map<Coding, Bytes>
  type: string
  version: string
  /** When brotli is there too; null = nobody asked yet. */
  brotli: Promise<void> | null
}

export interface Assets {
  /** URL of a file below public/ with its fingerprint. */
  url(path: string): string
  /** Answers GET /assets/…, or null when there is no such file. */
  serve(request: Request, pathname: string): Response | null
  /** Paths below public/ that begin so. */
  paths(prefix: string): string[]
  /** The bytes of a path as they are served, without a coding. */
  bytes(path: string): Bytes | null
  /** Answers with a path at an address of its own. @param named the address names these bytes for ever */
  open(request: Request, path: string, named: boolean, headers: Readonly<Record<string, string>>): Response | null
  /** Makes brotli of every file, as requests for them do. */
  compress(): Promise<void>
}

const loaded = new Map<string, Assets>()

/** Of a folder that does not change, packed once in a process: for each server of it, and for a standby that becomes the first. */
export function assetsOf(folder: string): Assets {
  const assets = loaded.get(folder) ?? loadAssets(folder)
  loaded.set(folder, assets)
  return assets
}

export function loadAssets(folder: string): Assets {
  const files = readFiles(folder)
  const assets = new Map<string, Asset>()
  const urlOf = (path: string): string => {
    const asset = assets.get(path)
    return asset ? `/assets/${path}?v=${asset.version}` : `/assets/${path}`
  }
  const add = (name: string, bytes: Bytes) => assets.set(name, assetOf(name, bytes))
  const isCss = (name: string) => name.endsWith(".css")
  const isBundled = (name: string) => Object.keys(SCRIPTS).some((folder) => name.startsWith(folder))
  for (const [name, bytes] of files)
    if (!isCss(name) && !isBundled(name)) add(name, isOurs(name) ? packScript(bytes) : bytes)
  // Style sheets come last: they name fonts, and those addresses need their fingerprints.
  const sheets = [...files.keys()].filter(isCss).sort()
  for (const section of SECTIONS) {
    const parts = [...SHARED, `css/pages/${section}/`]
      .flatMap((part) => sheets.filter((name) => name.startsWith(part)))
      .filter((name) => section === "gallery" || (ONLY[name]?.includes(section) ?? true))
    add(
      `css/${section}.css`,
      packCss(
        parts.map((name) => files.get(name)!),
        urlOf,
      ),
    )
  }
  for (const [folder, name] of Object.entries(SCRIPTS)) {
    const modules = [...files].filter(([path]) => path.startsWith(folder))
    if (modules.length > 0) add(name, packScript(joinModules(new Map(modules))))
  }
  return {
    url: urlOf,
    async compress() {
      await Promise.all([...assets.values()].filter(isText).map(withBrotli))
    },
    serve(request, pathname) {
      const asset = assets.get(pathname.slice("/assets/".length))
      // Without its fingerprint an address may mean other bytes tomorrow.
      return asset ? respond(request, asset, new URL(request.url).searchParams.get("v") === asset.version) : null
    },
    paths: (prefix) => [...assets.keys()].filter((path) => path.startsWith(prefix)),
    bytes: (path) => assets.get(path)?.codings.get("identity") ?? null,
    open(request, path, named, headers) {
      const asset = assets.get(path)
      return asset ? respond(request, asset, named, headers) : null
    },
  }
}

function respond(
  request: Request,
  asset: Asset,
  named: boolean,
  more: Readonly<Record<string, string>> = {},
): Response {
  const coding = isText(asset) ? codingFor(request.headers.get("accept-encoding"), asset) : "identity"
  const headers: Record<string, string> = {
    ...more,
    "content-type": asset.type,
    "cache-control": named ? "public, max-age=31536000, immutable" : "no-cache",
    etag: `"${asset.version}-${coding}"`,
    "x-content-type-options": "nosniff",
    vary: "accept-encoding",
  }
  const known = listOf(request.headers.get("if-none-match"))
  if (known.some((tag) => (tag.startsWith("W/") ? tag.slice(2) : tag) === headers.etag))
    return new Response(null, { status: 304, headers })
  if (coding !== "identity") headers["content-encoding"] = coding
  return new Response(asset.codings.get(coding), { headers })
}

/** Who asks for brotli before it is there gets gzip, and has it made for the next. */
function codingFor(accepted: string | null, asset: Asset): Coding {
  const wanted = chooseCoding(accepted, ["br", "gzip"])
  if (wanted !== "br" || asset.codings.has("br")) return wanted
  void withBrotli(asset)
  return chooseCoding(accepted, ["gzip"])
}

function readFiles(folder: string): Map<string, Bytes> {
  const files = new Map<string, Bytes>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files.set(path.slice(folder.length + 1).replaceAll("\\", "/"), new Uint8Array(readFileSync(path)))
  }
  return files
}

function assetOf(name: string, bytes: Bytes): Asset {
  const type = TYPES[extname(name)] ?? "application/octet-stream"
  const version = sha256Hex(Buffer.from(bytes).toString("latin1")).slice(0, 10)
  const asset: Asset = { codings: new Map([["identity", bytes]]), type, version, brotli: null }
  if (isText(asset)) asset.codings.set("gzip", Bun.gzipSync(bytes, { level: 9 }))
  return asset
}

/** Fonts and pictures are compressed already. */
const isText = (asset: Asset): boolean => /^text|svg|json/.test(asset.type)

/** All files at once would take half a second of a core at boot, most of it for pages that nobody opens. */
const withBrotli = (asset: Asset): Promise<void> => {
  asset.brotli ??= addBrotli(asset)
  return asset.brotli
}

function addBrotli(asset: Asset): Promise<void> {
  const bytes = asset.codings.get("identity") as Bytes
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
  return new Promise((done) => {
    brotliCompress(bytes, { params }, (error, packed) => {
      // gzip serves on when brotli fails.
      if (!error) asset.codings.set("br", new Uint8Array(packed))
      done()
    })
  })
}
