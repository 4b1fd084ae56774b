// What the documentation is made of on this server: the files of the executable, addresses, and lists that the program makes of itself.

import changelog from "../../CHANGELOG.md" with { type: "text" }
import { headingIds } from "../../views/ui/index.ts"
import { assetFolder } from "../app/index.ts"
import { createDocs, EDIT_URL } from "../docs/index.ts"
import type { PublicDeps } from "../sites/public/index.ts"
import { docsLists } from "./docs-lists.ts"
import type { House } from "./parts.ts"

export type GivenDocs = Pick<
  PublicDeps,
  "docs" | "docsEditUrl" | "listed" | "products" | "productAddresses" | "siteUrl"
>

export const docsOf = ({ config, settings, marketplace, directory }: House): GivenDocs => ({
  docs: createDocs({
    folder: assetFolder("docs"),
    origins: config.hosts,
    changelog,
    lists: docsLists,
    idsOf: headingIds,
  }),
  docsEditUrl: () => settings.get(EDIT_URL),
  siteUrl: config.hosts.site,
  listed: (q) =>
    directory.find({ q, category: "", tag: "", order: "best", place: null }).apps.map((app) => ({
      href: `/directory/${encodeURIComponent(app.slug)}`,
      title: app.name,
      heading: directory.developerName(app.ownerId),
      snippet: [app.tagline],
    })),
  async products(q) {
    const query = { q, category: "", free: false, order: "best", page: 1 } as const
    const { cards } = await marketplace.showcase.find(query)
    return cards.map(({ slug, title, publisher, tagline }) => ({
      href: `/marketplace/${encodeURIComponent(slug)}`,
      title,
      heading: publisher,
      snippet: [tagline],
    }))
  },
  productAddresses: (most) =>
    marketplace.showcase.slugs(most).map((slug) => `/marketplace/${encodeURIComponent(slug)}`),
})
