// Around the pages of the marketplace: the console for who is signed in, the public site for all others; and the head of a product.
import type { Children } from "@kitajs/html"
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { type Card, cardAt } from "../../layout/head.tsx"
import { PublicLayout } from "../../layout/public.tsx"
import { Avatar, Badge, Breadcrumbs, Button, type Crumb, Notice, Tabs } from "../../ui/index.ts"
import type { ProductHead, ProductPage, ProductTab } from "./types.ts"
import { marketPath, ratingText, STATES } from "./words.ts"

export interface MarketLayoutProps {
  frame: Frame
  title: string
  lead?: string | undefined
  card?: Card | undefined
  /** For search engines. */
  description?: string | undefined
  action?: Children
  up?: Crumb | readonly Crumb[] | undefined
  children: Children
}

export function MarketLayout(props: MarketLayoutProps): JSX.Element {
  const { frame, title, lead, action, up, children } = props
  if (frame.user)
    return (
      <ConsoleLayout frame={frame} title={title} lead={lead} action={action} up={up}>
        {children}
      </ConsoleLayout>
    )
  return (
    <PublicLayout frame={frame} title={title} description={props.description ?? lead} card={props.card}>
      {up ? <Breadcrumbs trail={[up].flat()} /> : null}
      <div class="page-head">
        <div>
          <h1>
            <bdi safe>{title}</bdi>
          </h1>
          {lead ? (
            <p class="lead" safe>
              {lead}
            </p>
          ) : null}
        </div>
        {action ?? null}
      </div>
      {children}
    </PublicLayout>
  )
}

const TABS: readonly { tab: ProductTab; label: string; path?: string; isMine?: boolean }[] = [
  { tab: "plans", label: "Plans" },
  { tab: "docs", label: "Docs", path: "docs" },
  { tab: "changelog", label: "Changelog", path: "changelog" },
  { tab: "support", label: "Support", path: "support" },
  { tab: "reviews", label: "Reviews", path: "reviews" },
  { tab: "usage", label: "Usage", path: "usage", isMine: true },
  { tab: "keys", label: "Keys", path: "keys", isMine: true },
  { tab: "calls", label: "Calls", path: "calls", isMine: true },
  { tab: "billing", label: "Billing", path: "billing", isMine: true },
]

export interface ProductFrameProps extends ProductPage {
  tab: ProductTab
  /** Of a page below the tab: its title; the product is a crumb then. */
  title?: string | undefined
  lead?: string | undefined
  action?: Children
  up?: readonly Crumb[] | undefined
  children: Children
}

/** A tab of a product, or a page below one. */
export function ProductFrame(props: ProductFrameProps): JSX.Element {
  const { frame, product, tab, title } = props
  const home = { href: "/marketplace", label: "Marketplace" }
  const up = title === undefined ? home : [home, { href: marketPath(product.slug), label: product.title }]
  const { subscription } = product
  const tabs = TABS.filter(({ isMine, tab }) => !isMine || (subscription && (product.may.call || tab !== "keys")))
  return (
    <MarketLayout
      frame={frame}
      title={title ?? product.title}
      lead={title === undefined ? product.tagline || undefined : props.lead}
      description={product.tagline || undefined}
      card={cardAt(marketPath(product.slug), product.title)}
      up={[up, props.up ?? []].flat()}
      action={props.action ?? (title === undefined ? <Act product={product} tab={tab} /> : undefined)}
    >
      {title === undefined ? <About product={product} /> : null}
      {product.notice ? <Notice tone="warn" text={product.notice} /> : null}
      <Tabs
        label={`Parts of ${product.title}`}
        tabs={tabs.map((one) => ({
          label: one.label,
          href: marketPath(product.slug, ...(one.path ? [one.path] : [])),
          current: one.tab === tab,
        }))}
      />
      {props.children}
    </MarketLayout>
  )
}

function Act({ product, tab }: { product: ProductHead; tab: ProductTab }): JSX.Element {
  if (product.subscription || product.notice) return ""
  return tab === "plans" ? (
    <Button href={marketPath(product.slug, "docs")} icon="book" label="Read the docs" />
  ) : (
    <Button kind="primary" href={marketPath(product.slug)} label="See plans" />
  )
}

/** Never rounded up to all of the time. */
const upText = ({ uptimeBp }: { uptimeBp: number | null }): string =>
  uptimeBp === null ? "Up" : `Up ${uptimeBp === 10_000 ? "100" : (uptimeBp / 100).toFixed(2)} % in 30 days`

function About({ product }: { product: ProductHead }): JSX.Element {
  const { publisher, logo, version, rating, health, subscription, categories } = product
  return (
    <p class="badges market-about">
      <span class="market-by">
        <Avatar name={publisher} src={logo} />
        <span>
          <span class="quiet">{"By "}</span>
          <bdi safe>{publisher}</bdi>
        </span>
      </span>
      <span class="quiet" safe>{`Version ${version}`}</span>
      {rating === null ? null : (
        <a href={marketPath(product.slug, "reviews")} safe>
          {ratingText(rating)}
        </a>
      )}
      {health === null ? null : health.isUp ? (
        <Badge tone="ok" text={upText(health)} />
      ) : (
        <Badge tone="bad" text="Down" />
      )}
      {categories.map((category) => (
        <Badge text={category} />
      ))}
      {subscription === null ? null : (
        <>
          <Badge tone="accent" text={`Your plan: ${subscription.planName}`} />
          {subscription.state === "active" ? null : <Badge {...STATES[subscription.state]!} />}
        </>
      )}
    </p>
  )
}
