// The HTML shell of every page: head, theme, assets, skip link. Nothing inline: the CSP forbids it (DESIGN §7).
import type { Children } from "@kitajs/html"
import { assetUrl } from "./assets.ts"
import type { Frame } from "./frame.ts"
import {
  type Card,
  Feed,
  Icons,
  Preview,
  type PublicFeed,
  Structured,
  type StructuredData,
  ThemeColors,
} from "./head.tsx"
import { titleOf } from "./title.ts"

export interface PageProps {
  frame: Frame
  title: string
  /** Middle of "Thing · Section · Purser"; a section of the console has a style sheet of its own. */
  section?: "Developer" | "Admin" | undefined
  /** Names the layout for CSS: auth, console or public. */
  kind: "auth" | "console" | "public"
  /** Has live parts: htmx is loaded when the first of them moves. */
  live?: boolean | undefined
  /** Another style sheet than that of its section or kind. */
  sheet?: "gallery" | "landing" | undefined
  description?: string | undefined
  /** What chats and networks show of it, in place of the house's own picture. */
  card?: Card | undefined
  feed?: PublicFeed | undefined
  structured?: StructuredData | undefined
  /** Goes on to this address by itself, without scripts. */
  goesTo?: string | undefined
  children: Children
}

/** Of a page that says nothing of its own. */
const DESCRIPTION = "One sign-in and one credit balance for every AI app, under limits you set."

/** What live.js loads when it is needed, in this order. */
const htmxUrls = (): string => ["js/htmx-swap.js", "vendor/htmx.min.js"].map(assetUrl).join(" ")

export function Page(props: PageProps): JSX.Element {
  const { frame, title, section, description = DESCRIPTION } = props
  return (
    <>
      {"<!doctype html>"}
      <html lang="en" data-theme={frame.theme}>
        <head>
          <meta charset="utf-8" />
          <title safe>{titleOf(title, section, frame.brand?.name)}</title>
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content={frame.theme === "system" ? "light dark" : frame.theme} />
          {props.goesTo ? <meta http-equiv="refresh" content={`0; url=${props.goesTo}`} /> : null}
          <ThemeColors theme={frame.theme} />
          {/* Pages behind a sign-in are nobody's search result. */}
          {props.kind === "console" ? null : <meta name="description" content={description} />}
          {props.kind === "public" ? (
            <Preview frame={frame} title={title} description={description} card={props.card} />
          ) : null}
          {props.feed ? <Feed {...props.feed} /> : null}
          {props.structured ? <Structured data={props.structured} /> : null}
          <Icons logoUrl={frame.brand?.logoUrl} touchUrl={frame.brand?.touchUrl} />
          <link
            rel="preload"
            as="font"
            type="font/woff2"
            href={assetUrl("fonts/inter-latin.woff2")}
            crossorigin="anonymous"
          />
          <link rel="stylesheet" href={assetUrl(`css/${props.sheet ?? section?.toLowerCase() ?? props.kind}.css`)} />
          {frame.brand?.sheetUrl ? <link rel="stylesheet" href={frame.brand.sheetUrl} /> : null}
          <script defer src={assetUrl("js/core.js")}></script>
          {props.live ? <script defer src={assetUrl("js/live.js")} {...{ "data-htmx": htmxUrls() }}></script> : null}
        </head>
        {/* Both come only where a part of the page needs them (public/js/core/alpine.js). */}
        <body class={props.kind} data-alpine={`${assetUrl("js/pickers.js")} ${assetUrl("vendor/alpine-csp.min.js")}`}>
          <a class="skip" href="#main">
            Skip to the content
          </a>
          {props.children}
        </body>
      </html>
    </>
  )
}
