// What search engines are told: which pages are worth a visit, and which are nobody's business.

import { directoryAddresses } from "./directory/index.ts"
import { docsAddresses } from "./docs/index.ts"
import { hrefsOf } from "./reference/index.ts"
import type { PublicDeps, PublicSite } from "./site.ts"

/** A tenth of what a sitemap may hold; more would be a file of megabytes. */
const PRODUCTS_MAX = 5_000
const APPS_MAX = 5_000

const PAGES = ["/", "/pricing", "/models", "/directory", "/marketplace", "/reference", "/terms", "/privacy"] as const

/** Behind a sign-in, part of one, or without an end. */
const HIDDEN = [
  "/authorize",
  "/login/",
  "/login?",
  "/dashboard",
  "/credits",
  "/settings",
  "/developer",
  "/admin",
  "/search",
  "/docs/search",
]

type Deps = Pick<PublicDeps, "docs" | "siteUrl" | "productAddresses" | "apiDocument" | "apps">

export function sitemapRoutes(site: PublicSite, deps: Deps): void {
  site.open("/sitemap.xml", () => {
    const paths = [
      ...PAGES,
      ...docsAddresses(deps),
      ...hrefsOf(deps.apiDocument()),
      ...directoryAddresses(deps.apps, APPS_MAX),
      ...deps.productAddresses(PRODUCTS_MAX),
    ]
    const urls = paths.map((path) => `  <url><loc>${Bun.escapeHTML(deps.siteUrl + path)}</loc></url>`)
    const xml = `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${urls.join("\n")}
</urlset>
`
    return new Response(xml, { headers: { "content-type": "application/xml; charset=utf-8" } })
  })

  site.open("/robots.txt", () => {
    const lines = [
      "User-agent: *",
      ...HIDDEN.map((path) => `Disallow: ${path}`),
      `Sitemap: ${deps.siteUrl}/sitemap.xml`,
    ]
    return new Response(`${lines.join("\n")}\n`, { headers: { "content-type": "text/plain; charset=utf-8" } })
  })
}
