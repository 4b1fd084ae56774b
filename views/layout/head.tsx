// What the head of a page says to browsers, phones and sites that show a preview of it.
import { assetUrl } from "./assets.ts"
import { BRAND } from "./brand.tsx"
import type { Frame, Theme } from "./frame.ts"

/** `--paper` of tokens.css, in the notation that every browser takes here; design.test.ts holds them to each other. */
export const PAPER = { light: "#fcfaf7", dark: "#0f1318" } as const

/** The colour of the browser around the page: the device's, or the one that was chosen. */
export function ThemeColors({ theme }: { theme: Theme }): JSX.Element {
  return (
    <>
      {(["light", "dark"] as const).map((scheme) => (
        <meta
          name="theme-color"
          content={PAPER[theme === "system" ? scheme : theme]}
          {...{ media: `(prefers-color-scheme: ${scheme})` }}
        />
      ))}
    </>
  )
}

/** The mark in a tab, and on a phone's home screen. */
export function Icons({
  logoUrl,
  touchUrl,
}: {
  logoUrl?: string | undefined
  touchUrl?: string | undefined
}): JSX.Element {
  if (logoUrl !== undefined)
    return (
      <>
        <link rel="icon" type="image/webp" href={logoUrl} />
        {touchUrl === undefined ? "" : <link rel="apple-touch-icon" href={touchUrl} />}
      </>
    )
  return (
    <>
      <link rel="icon" type="image/svg+xml" href={assetUrl("icons/mark.svg")} />
      <link rel="apple-touch-icon" href={assetUrl("icons/touch.png")} />
    </>
  )
}

/** A picture of 1200 by 630 on this server. */
export interface Card {
  path: string
  alt: string
}

/** The picture that the server draws of the page at this address. */
export const cardAt = (path: string, alt: string): Card => ({ path: `/cards${path}`, alt })

export interface PreviewProps {
  frame: Frame
  title: string
  description: string
  card?: Card | undefined
}

export interface PublicFeed {
  href: string
  title: string
}

/** Where programs read what is new. */
export const Feed = ({ href, title }: PublicFeed): JSX.Element => (
  <link rel="alternate" type="application/atom+xml" href={href} title={title} />
)

/** In the words of schema.org, for search engines. */
export type StructuredData = Readonly<Record<string, unknown>>

/** Data, never run. What people wrote stands in it: no sign of theirs ends the element, or begins one. */
export function Structured({ data }: { data: StructuredData }): JSX.Element {
  const safeJson = JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
  return <script type="application/ld+json">{safeJson}</script>
}

/** Of a page that knows no house. */
const plainCard = (): Card => ({
  path: assetUrl("images/share.png"),
  alt: "One login and one credit balance for all your AI apps.",
})

/** Open Graph: what chats and networks show of a link. Nothing where the house does not know its address. */
export function Preview({ frame, title, description, card }: PreviewProps): JSX.Element {
  if (!frame.origin) return ""
  const shown = card ?? (frame.brand ? cardAt("/home", frame.brand.name) : plainCard())
  const properties = {
    "og:type": "website",
    "og:site_name": frame.brand?.name ?? BRAND.name,
    "og:title": title,
    "og:description": description,
    "og:url": frame.origin + frame.path,
    "og:image": frame.origin + shown.path,
    "og:image:width": "1200",
    "og:image:height": "630",
    "og:image:alt": shown.alt,
  }
  return (
    <>
      {Object.entries(properties).map(([property, content]) => (
        <meta {...{ property, content }} />
      ))}
      <meta name="twitter:card" content="summary_large_image" />
    </>
  )
}
