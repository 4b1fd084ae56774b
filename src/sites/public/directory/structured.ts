// An app in the words of schema.org, for search engines. Pure. Nothing is claimed that nobody counted: no stars, no price of ours.
import type { AppShown } from "../../../../views/public/directory/index.ts"

/** What schema.org calls our categories; what has no name there is told as it is. */
const KINDS: Readonly<Record<string, string>> = {
  Coding: "DeveloperApplication",
  Learning: "EducationalApplication",
  "Images and design": "DesignApplication",
  "Audio and video": "MultimediaApplication",
  Business: "BusinessApplication",
  Productivity: "UtilitiesApplication",
  Games: "GameApplication",
  "Chat and companions": "SocialNetworkingApplication",
  Research: "ReferenceApplication",
}

export const structuredOf = (app: AppShown, siteUrl: string): Record<string, unknown> => ({
  "@context": "https://schema.org",
  "@type": "SoftwareApplication",
  name: app.name,
  description: app.tagline,
  url: `${siteUrl}/directory/${encodeURIComponent(app.slug)}`,
  sameAs: app.url,
  applicationCategory: KINDS[app.category] ?? app.category,
  operatingSystem: "Web",
  author: { "@type": "Organization", name: app.developer },
  datePublished: new Date(app.listedMs).toISOString(),
  dateModified: new Date(app.publishedMs).toISOString(),
  ...(app.tags.length > 0 ? { keywords: app.tags.join(", ") } : {}),
  ...(app.iconUrl ? { image: siteUrl + app.iconUrl } : {}),
  ...(app.shots.length > 0 ? { screenshot: app.shots.map(({ large }) => siteUrl + large) } : {}),
})
