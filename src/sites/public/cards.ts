// The pictures that chats and networks show of a link, drawn when they are first asked for. Only what a stranger may read is in them.
import { assetUrl } from "../../../views/layout/index.ts"
import { type Clock, ensure, Lru, sha256Hex } from "../../app/index.ts"
import type { CardWords } from "../../media/index.ts"
import type { PublicDeps, PublicSite } from "./site.ts"

/** Pictures that are kept, some 40 kB each. */
const KEPT_MAX = 128
/** Drawn in a minute, a tenth of a second each, by the one Worker for what takes long: more is a crawler, and gets the common picture. */
const DRAWN_MAX = 60
const MINUTE_MS = 60_000
/** How long a picture may be of words that changed, s. */
const KEEP_SECONDS = 3_600

export interface CardDeps {
  draw: (words: CardWords) => Promise<Uint8Array>
  house: () => Pick<CardWords, "house" | "accent">
  /** An API that everybody may see. */
  product: (slug: string) => { title: string; tagline: string } | null
}

type Deps = Pick<PublicDeps, "cards" | "claims" | "docs" | "clock"> & {
  apps: { directory: Pick<PublicDeps["apps"]["directory"], "bySlug"> }
}
type Words = Pick<CardWords, "title" | "text">

export function cardRoutes(site: PublicSite, deps: Deps): void {
  const pictures = createPictures(deps)
  const send = (request: Request, words: Words | null) => {
    ensure(words, "not_found", "There is no such picture.")
    return pictures(request, { ...deps.cards.house(), ...words })
  }
  site.get("/cards/home", ({ request }) => {
    const { claim, lead } = deps.claims()
    return send(request, { title: claim, text: lead })
  })
  site.get("/cards/docs/:dockind/:doc", ({ request }, { dockind, doc }) =>
    send(request, deps.docs.page(`${dockind}/${doc}`)),
  )
  site.get("/cards/directory/:listing", ({ request }, { listing }) => {
    const app = deps.apps.directory.bySlug(listing)
    return send(request, app && { title: app.name, text: app.tagline })
  })
  site.get("/cards/marketplace/:product", ({ request }, { product: slug }) => {
    const product = deps.cards.product(slug)
    return send(request, product && { title: product.title, text: product.tagline })
  })
}

/** Draws what nobody asked for yet, within bounds. */
function createPictures({ cards, clock }: { cards: CardDeps; clock: Clock }) {
  const kept = new Lru<Promise<Uint8Array>>(KEPT_MAX)
  let [sinceMs, drawn] = [0, 0]
  const mayDraw = (): boolean => {
    const nowMs = clock.now()
    if (nowMs - sinceMs >= MINUTE_MS) [sinceMs, drawn] = [nowMs, 0]
    return ++drawn <= DRAWN_MAX
  }
  return async (request: Request, words: CardWords): Promise<Response> => {
    const key = sha256Hex(JSON.stringify(words)).slice(0, 32)
    const etag = `"${key}"`
    const headers = { etag, "cache-control": `public, max-age=${KEEP_SECONDS}`, "x-content-type-options": "nosniff" }
    if (request.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers })
    let picture = kept.get(key)
    if (!picture) {
      if (!mayDraw()) return common()
      picture = cards.draw(words)
      kept.set(key, picture)
    }
    const bytes = await picture.catch(() => null)
    if (bytes) return new Response(Uint8Array.from(bytes), { headers: { ...headers, "content-type": "image/png" } })
    kept.delete(key)
    return common()
  }
}

/** The picture of all pages, for now. */
const common = (): Response =>
  new Response(null, { status: 302, headers: { location: assetUrl("images/share.png"), "cache-control": "no-store" } })
