// Sends stored pictures. They are strangers' pictures in our own encoding: nothing about them may run, or be taken for anything else.
import { AppError, ensure } from "../../app/index.ts"
import { MEDIA_LIMITS, type Media, WIDTHS } from "../../media/index.ts"
import type { PublicSite } from "./site.ts"

const HEADERS = {
  // An address names its bytes: it can never mean others.
  "cache-control": "public, max-age=31536000, immutable",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
  "content-disposition": "inline",
  "referrer-policy": "no-referrer",
  // Apps may show their own icon.
  "cross-origin-resource-policy": "cross-origin",
  "access-control-allow-origin": "*",
}

const nothing = (): AppError => new AppError("not_found", "There is no such picture.")

export function mediaRoutes(site: PublicSite, media: Pick<Media, "fileOf">): void {
  const send = (request: Request, id: string, width: number): Response => {
    if (!/^img_[0-9a-f]{32}$/.test(id)) throw nothing()
    const etag = `"${id}-${width}"`
    const file = media.fileOf(id, width)
    if (!file) throw nothing()
    const headers = { ...HEADERS, "content-type": file.type, etag }
    if (request.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers })
    return new Response(Uint8Array.from(file.bytes), { headers })
  }
  site.open("/media/:image", (request, { image }) => send(request, image, MEDIA_LIMITS.workSideMax))
  site.open("/media/:image/:width", (request, { image, width }) => {
    ensure(/^[1-9]\d{1,3}$/.test(width) && WIDTHS.includes(Number(width)), "not_found", "There is no such picture.")
    return send(request, image, Number(width))
  })
}
