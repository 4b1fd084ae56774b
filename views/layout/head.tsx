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
export function Icons({ logoUrl }: { logoUrl?: string | undefined }): JSX.Element {
  if (logoUrl !== undefined) return <link rel="icon" type="image/webp" href={logoUrl} />
  return (
    <>
      <link rel="icon" type="image/svg+xml" href={assetUrl("icons/mark.svg")} />
      <link rel="apple-touch-icon" href={assetUrl("icons/touch.png")} />
    </>
  )
}

export interface PreviewProps {
  frame: Frame
  title: string
  description: string
}

/** Open Graph: what chats and networks show of a link. Nothing where the house does not know its address. */
export function Preview({ frame, title, description }: PreviewProps): JSX.Element {
  if (!frame.origin) return ""
  const properties = {
    "og:type": "website",
    "og:site_name": frame.brand?.name ?? BRAND.name,
    "og:title": title,
    "og:description": description,
    "og:url": frame.origin + frame.path,
    "og:image": frame.origin + assetUrl("images/share.png"),
    "og:image:width": "1200",
    "og:image:height": "630",
    "og:image:alt": "One login and one credit balance for all your AI apps.",
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
