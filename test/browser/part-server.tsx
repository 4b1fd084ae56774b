// Every part of the gallery on a page of its own, with the real style sheets, scripts and policy, without a database. Its links, forms and
// searches lead back to the part, so that each behaves as on a page of the house.
import { join } from "node:path"
import { assetsOf, html as respond } from "../../src/http/index.ts"
import { html, setAssetUrl } from "../../views/layout/index.ts"
import { Page as Shell } from "../../views/layout/page.tsx"
import { PaletteTemplate } from "../../views/layout/palette.tsx"
import { Confirm, FlashRegion } from "../../views/ui/index.ts"
import { galleryOptions, SPECIMENS } from "../../views/ui-gallery/index.ts"

const frame = { theme: "system" as const, csrf: "t", path: "/", requestId: "r", nav: [], user: undefined }
const slugOf = (name: string): string => name.toLowerCase().replace(/[^a-z]+/g, "-")
/** By slug. */
export const PARTS = new Map(SPECIMENS.map((specimen) => [slugOf(specimen.name), specimen]))

export interface PartServer {
  url(slug: string): string
  /** Forms that arrived over the slow line, by slug. */
  posts: Map<string, number>
  stop(): void
}

/** Its markup, in light. */
export const partOf = (slug: string): string =>
  html(PARTS.get(slug)!.draw({ id: (name) => `it-${name}`, csrf: "t", now: 0 }))

const DONE = { kind: "ok" as const, text: "It is done." }

function pageOf(slug: string, now: number, isDone: boolean): JSX.Element {
  const specimen = PARTS.get(slug)!
  return (
    <Shell frame={frame} title={specimen.name} kind="console" sheet="gallery">
      <main id="main" tabindex="-1">
        <h1 safe>{specimen.name}</h1>
        <FlashRegion flash={isDone ? DONE : undefined} csrf="t" />
        <div id="part">{specimen.draw({ id: (name) => `it-${name}`, csrf: "t", now })}</div>
      </main>
      <PaletteTemplate user={undefined} />
    </Shell>
  )
}

const confirmPage = (): JSX.Element => (
  <Shell frame={frame} title="Confirm" kind="console" sheet="gallery">
    <main id="main" tabindex="-1">
      <Confirm title="Are you sure?" csrf="t" action="/theme" label="Do it" cancelHref="/_ui">
        <p>It cannot be undone.</p>
      </Confirm>
    </main>
  </Shell>
)

/** Addresses of the gallery as those of this part. */
const athome = (slug: string, page: JSX.Element): string =>
  html(page)
    .replaceAll(/"\/_ui/g, `"/${slug}`)
    .replaceAll('action="/theme"', `action="/${slug}/sent"`)

/** Requests that carry `x-slow` wait so many ms. */
export function startParts(): PartServer {
  const assets = assetsOf(join(import.meta.dir, "../../public"))
  setAssetUrl(assets.url)
  const posts = new Map<string, number>()
  const now = Date.now()
  const answer = (request: Request): Response => {
    const { pathname, searchParams } = new URL(request.url)
    const [, slug = "", page] = pathname.split("/")
    if (!PARTS.has(slug)) return new Response(null, { status: 404 })
    if (page === "options") return Response.json(galleryOptions(searchParams.get("q") ?? ""))
    if (page === "confirm") return respond(athome(slug, confirmPage()))
    if (page !== "sent") return respond(athome(slug, pageOf(slug, now, searchParams.has("done"))))
    if (request.headers.has("x-slow")) posts.set(slug, (posts.get(slug) ?? 0) + 1)
    const to = `/${slug}?done=1`
    return request.headers.get("x-swap") === "1"
      ? new Response(null, { status: 204, headers: { "x-location": to } })
      : new Response(null, { status: 303, headers: { location: to } })
  }
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url)
      if (pathname.startsWith("/assets/")) return assets.serve(request, pathname) ?? new Response(null, { status: 404 })
      const slow = Number(request.headers.get("x-slow") ?? 0)
      if (slow > 0) await Bun.sleep(slow)
      return answer(request)
    },
  })
  return {
    url: (slug) => `${server.url}${slug}`,
    posts,
    stop() {
      server.stop(true)
      setAssetUrl((path) => `/assets/${path}`)
    },
  }
}
