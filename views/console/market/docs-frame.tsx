// What the pages of a product's documentation share: the tree of guides and endpoints, methods and locks in words, tables of parameters.
import type { Children } from "@kitajs/html"
import { plural } from "../../ui/format.ts"
import { Badge, type Column, Icon, Table, TreeNav, type TreeNode } from "../../ui/index.ts"
import { ProductFrame, type ProductFrameProps } from "./frame.tsx"
import type { DocParameter, DocsTree, EndpointLink } from "./types.ts"
import { marketPath } from "./words.ts"

export interface DocsFrameProps extends Omit<ProductFrameProps, "tab" | "children"> {
  tree: DocsTree
  /** Public id of the endpoint, slug of the guide, or the overview. */
  current: { endpoint?: string | undefined; guide?: string | undefined }
  children: Children
}

export function DocsFrame({ tree, current, children, ...rest }: DocsFrameProps): JSX.Element {
  const label = `Documentation of ${rest.product.title}`
  const nodes = nodesOf(rest.product.slug, tree, current)
  return (
    <ProductFrame {...rest} tab="docs">
      <details class="market-index">
        <summary>
          <Icon name="down" />
          <span safe>{`All of the documentation (${plural(tree.endpoints.length, "endpoint")})`}</span>
        </summary>
        <TreeNav label={label} nodes={nodes} />
      </details>
      {children}
    </ProductFrame>
  )
}

function nodesOf(slug: string, { guides, endpoints }: DocsTree, current: DocsFrameProps["current"]): TreeNode[] {
  const isOverview = current.endpoint === undefined && current.guide === undefined
  return [
    { label: "Overview", href: marketPath(slug, "docs"), current: isOverview },
    ...(guides.length === 0
      ? []
      : [
          {
            label: "Guides",
            children: guides.map((guide) => ({
              label: guide.title,
              href: marketPath(slug, "guides", guide.slug),
              current: guide.slug === current.guide,
            })),
          },
        ]),
    ...endpoints.map((one) => ({
      label: one.title,
      href: marketPath(slug, "docs", one.id),
      current: one.id === current.endpoint,
      words: `${one.method} ${one.path}`,
    })),
  ]
}

/** "GET", in its own tone. */
export function Verb({ method }: { method: string }): JSX.Element {
  return (
    <span class={`verb verb-${method.toLowerCase()}`} safe>
      {method}
    </span>
  )
}

/** The lowest plan that has it, and whether the person's does. */
export function MinPlan({ minPlan, isLocked }: Pick<EndpointLink, "minPlan" | "isLocked">): JSX.Element {
  const words = minPlan === null ? "Every plan" : `${minPlan} and above`
  if (isLocked !== true) return <Badge tone={isLocked === false ? "ok" : "neutral"} text={words} />
  return (
    <span class="badge warn">
      <Icon name="lock" />
      <span safe>{`${words}: not in your plan`}</span>
    </span>
  )
}

const COLUMNS: readonly Column[] = [
  { label: "Name" },
  { label: "Type" },
  { label: "Required" },
  { label: "Description" },
  { label: "Example" },
]

/** Name, type, required, description, example: the same columns for every place. */
export function ParameterTable({ caption, rows }: { caption: string; rows: readonly DocParameter[] }): JSX.Element {
  return (
    <Table
      caption={caption}
      columns={COLUMNS}
      scrolls
      rows={rows.map((one) => [
        <code safe>{one.name}</code>,
        <span safe>{one.type}</span>,
        one.isRequired ? <Badge tone="accent" text="Required" /> : <span class="quiet">No</span>,
        <span dir="auto" safe>
          {one.description}
        </span>,
        one.example === null ? <span class="quiet">None</span> : <code safe>{one.example}</code>,
      ])}
    />
  )
}
