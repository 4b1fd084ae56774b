// Around every page of a publisher's API: its name, its state, and the tabs of its parts.
import type { Children } from "@kitajs/html"
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { Badge, Tabs, type Tone } from "../../ui/index.ts"

export type ProductState = "draft" | "review" | "published" | "unpublished" | "suspended"

export interface ProductHead {
  /** `prd_…` */
  id: string
  title: string
  state: ProductState
  /** Its address in the marketplace. */
  slug: string
}

export const productPath = ({ id }: Pick<ProductHead, "id">): string => `/publisher/products/${encodeURIComponent(id)}`

const TABS = [
  ["overview", "Overview", ""],
  ["endpoints", "Endpoints", "/endpoints"],
  ["plans", "Plans", "/plans"],
  ["consumers", "Consumers", "/consumers"],
  ["calls", "Calls", "/calls"],
  ["docs", "Docs", "/docs"],
  ["changelog", "Changelog", "/changelog"],
  ["support", "Support", "/support"],
] as const

export type ProductTab = (typeof TABS)[number][0]

const STATES: Readonly<Record<ProductState, { tone: Tone; text: string }>> = {
  draft: { tone: "neutral", text: "Draft" },
  review: { tone: "warn", text: "In review" },
  published: { tone: "ok", text: "Published" },
  unpublished: { tone: "neutral", text: "Not published" },
  suspended: { tone: "bad", text: "Suspended" },
}

export const StateBadge = ({ state }: { state: ProductState }): JSX.Element => <Badge {...STATES[state]} />

export interface ProductFrameProps {
  frame: Frame
  product: ProductHead
  current: ProductTab
  /** Of a page below a tab; the tab's page otherwise. */
  title?: string | undefined
  lead?: string | undefined
  up?: { href: string; label: string } | undefined
  children?: Children
}

export function ProductFrame({ frame, product, current, title, lead, up, children }: ProductFrameProps): JSX.Element {
  const label = TABS.find(([key]) => key === current)![1]
  return (
    <ConsoleLayout
      frame={frame}
      title={title ?? (current === "overview" ? product.title : `${label} of ${product.title}`)}
      section="Developer"
      lead={lead}
      up={up ?? { href: "/publisher", label: "Your APIs" }}
    >
      <ProductTabs path={productPath(product)} title={product.title} current={current} />
      {children}
    </ConsoleLayout>
  )
}

/** The parts of an API as tabs. @param path of the API's first page */
export function ProductTabs({
  path,
  title,
  current,
}: {
  path: string
  title: string
  current: ProductTab
}): JSX.Element {
  const tabs = TABS.map(([key, text, rest]) => ({ label: text, href: `${path}${rest}`, current: key === current }))
  return <Tabs label={`Parts of ${title}`} tabs={tabs} />
}
