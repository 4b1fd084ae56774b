// The public site and error pages: top bar, content, foot.
import type { Children } from "@kitajs/html"
import { FlashRegion, FrameNotice } from "../ui/feedback.tsx"
import { ThemeSwitch } from "../ui/theme.tsx"
import { BRAND, BrandMark } from "./brand.tsx"
import type { Frame } from "./frame.ts"
import { Page, type PageProps } from "./page.tsx"

export interface PublicLayoutProps extends Pick<PageProps, "card" | "feed" | "structured"> {
  frame: Frame
  title: string
  description?: string | undefined
  sheet?: "gallery" | "landing" | undefined
  children: Children
}

export function PublicLayout(props: PublicLayoutProps): JSX.Element {
  const { frame } = props
  return (
    <Page
      frame={frame}
      title={props.title}
      kind="public"
      sheet={props.sheet}
      description={props.description}
      card={props.card}
      feed={props.feed}
      structured={props.structured}
    >
      <SiteHead frame={frame} />
      <main id="main" tabindex="-1">
        <FrameNotice notice={frame.notice} />
        <FlashRegion flash={frame.flash} csrf={frame.csrf} />
        {props.children}
      </main>
      <SiteFoot frame={frame} />
    </Page>
  )
}

function SiteHead({ frame }: { frame: Frame }): JSX.Element {
  return (
    <header class="site-head">
      <a class="brand" href="/">
        <BrandMark brand={frame.brand} />
      </a>
      <nav aria-label="Main">
        {frame.demo ? (
          <a href="/mailbox" aria-current={frame.path === "/mailbox" ? "page" : undefined}>
            Mailbox
          </a>
        ) : null}
        <a class="roomy" href="/pricing" aria-current={frame.path === "/pricing" ? "page" : undefined}>
          Pricing
        </a>
        <a class="roomy" href="/directory" aria-current={frame.path.startsWith("/directory") ? "page" : undefined}>
          Apps
        </a>
        <a class="roomy" href="/marketplace" aria-current={frame.path.startsWith("/marketplace") ? "page" : undefined}>
          Marketplace
        </a>
        <a class="roomy" href="/docs" aria-current={frame.path.startsWith("/docs") ? "page" : undefined}>
          Docs
        </a>
        <a href="/developer">Developers</a>
        {frame.user ? (
          <a class="button" href="/dashboard">
            Dashboard
          </a>
        ) : (
          <a class="button" href="/login">
            Sign in
          </a>
        )}
      </nav>
    </header>
  )
}

const LEGAL = [
  ["/terms", "Terms"],
  ["/privacy", "Privacy"],
  ["/cookie-policy", "Cookies"],
  ["/developer-agreement", "Developer agreement"],
] as const

function SiteFoot({ frame }: { frame: Frame }): JSX.Element {
  return (
    <footer class="site-foot">
      <div>
        <nav aria-label="Foot">
          <a href="/" safe>
            {frame.brand?.name ?? BRAND.name}
          </a>
          <a href="/pricing" aria-current={frame.path === "/pricing" ? "page" : undefined}>
            Pricing
          </a>
          <a href="/directory">Apps</a>
          <a href="/marketplace">Marketplace</a>
          <a href="/models" aria-current={frame.path === "/models" ? "page" : undefined}>
            Models
          </a>
          <a href="/docs">Documentation</a>
          <a href="/reference" aria-current={frame.path === "/reference" ? "page" : undefined}>
            API reference
          </a>
          <a href="/search" aria-current={frame.path === "/search" ? "page" : undefined}>
            Search
          </a>
          {LEGAL.map(([href, label]) => (
            <a href={href} aria-current={frame.path === href ? "page" : undefined}>
              {label}
            </a>
          ))}
          {frame.brand?.links?.map((link) => (
            <a href={link.href} rel={link.href.startsWith("https:") ? "me noopener" : undefined} safe>
              {link.label}
            </a>
          ))}
        </nav>
        <ThemeSwitch frame={frame} />
      </div>
    </footer>
  )
}
