// Public files: read once at boot, fingerprinted, compressed, cached for ever. Nothing outside public/ can be reached,
// because requests only look names up in a map.
import { readdirSync, readFileSync } from "node:fs"
import { extname, join } from "node:path"
import { sha256Hex } from "../app/index.ts"

const TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
}

interface Asset {
  bytes: Uint8Array<ArrayBuffer>
  gzip: Uint8Array<ArrayBuffer> | null
  type: string
  version: string
}

export interface Assets {
  /** URL of a file below public/ with its fingerprint. */
  url(path: string): string
  /** Answers GET /assets/…, or null when there is no such file. */
  serve(request: Request, pathname: string): Response | null
}

export function loadAssets(folder: string): Assets {
  const assets = new Map<string, Asset>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = new Uint8Array(readFileSync(path))
    const type = TYPES[extname(entry.name)] ?? "application/octet-stream"
    const gzip = /text|svg/.test(type) ? Bun.gzipSync(bytes, { level: 9 }) : null
    const name = path.slice(folder.length + 1).replaceAll("\\", "/")
    assets.set(name, { bytes, gzip, type, version: sha256Hex(Buffer.from(bytes).toString("latin1")).slice(0, 10) })
  }
  return {
    url(path) {
      const asset = assets.get(path)
      return asset ? `/assets/${path}?v=${asset.version}` : `/assets/${path}`
    },
    serve(request, pathname) {
      const asset = assets.get(pathname.slice("/assets/".length))
      if (!asset) return null
      const zipped = asset.gzip && /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "")
      return new Response(zipped ? asset.gzip : asset.bytes, {
        headers: {
          "content-type": asset.type,
          "cache-control": "public, max-age=31536000, immutable",
          "x-content-type-options": "nosniff",
          vary: "accept-encoding",
          ...(zipped ? { "content-encoding": "gzip" } : {}),
        },
      })
    },
  }
}
