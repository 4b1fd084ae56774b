// /directory/new.atom: new apps, for programs that read feeds (RFC 4287).
import { DIRECTORY_LIMITS, type Directory } from "../../../directory/index.ts"

interface Deps {
  directory: Pick<Directory, "newest" | "developerName">
  siteUrl: string
}

/** Signs that XML does not know at all. */
const text = (words: string): string => Bun.escapeHTML(words.replace(/\p{Cc}|\p{Cs}|\p{Cn}/gu, " "))

export function feedOf({ directory, siteUrl }: Deps, nowMs: number): Response {
  const apps = directory.newest(DIRECTORY_LIMITS.feedRows)
  const at = (ms: number): string => new Date(ms).toISOString()
  const entries = apps.map((app) => {
    const href = `${siteUrl}/directory/${encodeURIComponent(app.slug)}`
    return `  <entry>
    <id>${text(href)}</id>
    <title>${text(app.name)}</title>
    <link href="${text(href)}"/>
    <published>${at(app.listedMs)}</published>
    <updated>${at(app.publishedMs)}</updated>
    <author><name>${text(directory.developerName(app.ownerId))}</name></author>
    <category term="${text(app.category)}"/>
    <summary>${text(app.tagline)}</summary>
  </entry>`
  })
  const updatedMs = Math.max(0, ...apps.map(({ publishedMs }) => publishedMs)) || nowMs
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>${text(siteUrl)}/directory</id>
  <title>New apps</title>
  <link href="${text(siteUrl)}/directory"/>
  <link rel="self" type="application/atom+xml" href="${text(siteUrl)}/directory/new.atom"/>
  <updated>${at(updatedMs)}</updated>
${entries.join("\n")}
</feed>
`
  const headers = { "content-type": "application/atom+xml; charset=utf-8", "cache-control": "public, max-age=300" }
  return new Response(xml, { headers })
}
