// Every page with made-up data, friendly and hostile, served with the real style sheets, scripts and policy, but without a database.
import { join } from "node:path"
import { assetsOf, html as respond } from "../../src/http/index.ts"
import { allPages, FRIENDLY, HOSTILES, type Words } from "../../views/fixtures/index.ts"
import { html, setAssetUrl } from "../../views/layout/index.ts"

/** "friendly", then hostile-0 … by what is in every name. */
export const WORDS: Record<string, Words> = {
  friendly: FRIENDLY,
  ...Object.fromEntries(HOSTILES.map((words, index) => [`hostile-${index}`, words])),
}
export const PAGES = Object.keys(allPages(FRIENDLY, "light"))

export interface FixtureServer {
  url(words: string, page: string): string
  /** Makes fonts and scripts arrive late, each time anew, as on a slow line to somebody's first page. */
  delayMs: number
  /** Until brotli of every file is there too. */
  compress(): Promise<void>
  stop(): void
}

export function startFixtures(): FixtureServer {
  const assets = assetsOf(join(import.meta.dir, "../../public"))
  setAssetUrl(assets.url)
  const rendered = new Map<string, Record<string, JSX.Element>>()
  const pagesWith = (name: string): Record<string, JSX.Element> => {
    const words = WORDS[name]
    const pages = rendered.get(name) ?? (words ? allPages(words, "system") : {})
    rendered.set(name, pages)
    return pages
  }
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url)
      if (pathname.startsWith("/assets/")) {
        const asset = assets.serve(request, pathname) ?? new Response(null, { status: 404 })
        if (fixtures.delayMs === 0 || !/\.(woff2|js)$/.test(pathname)) return asset
        await Bun.sleep(fixtures.delayMs)
        asset.headers.set("cache-control", "no-store")
        return asset
      }
      const [, words = "", page = ""] = pathname.split("/")
      const element = pagesWith(words)[page]
      if (!element) return new Response(null, { status: 404 })
      // A page that goes on by itself would be gone before it is looked at.
      return respond(html(element).replace(/<meta http-equiv="refresh"[^>]*>/, ""))
    },
  })
  const fixtures: FixtureServer = {
    url: (words, page) => `${server.url}${words}/${page}`,
    delayMs: 0,
    compress: assets.compress,
    stop() {
      server.stop(true)
      setAssetUrl((path) => `/assets/${path}`)
    },
  }
  return fixtures
}
