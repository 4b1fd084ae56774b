// What the pages of the documentation share: the tree on the left with the search above it; it folds on phones.
import type { Children } from "@kitajs/html"
import type { Frame } from "../../layout/frame.ts"
import type { Card } from "../../layout/head.tsx"
import { PublicLayout } from "../../layout/public.tsx"
import { Icon, Reading, SearchBox, TreeNav } from "../../ui/index.ts"
import type { DocsNodes } from "./types.ts"

export interface DocsFrameProps {
  frame: Frame
  title: string
  description: string
  nodes: DocsNodes
  card?: Card | undefined
  /** Of the product whose documentation it is. */
  version: string
  onPage?: JSX.Element | undefined
  /** Where the page has a search of its own. */
  hasSearch?: boolean | undefined
  children: Children
}

export function DocsFrame(props: DocsFrameProps): JSX.Element {
  const { frame, title, description, card, onPage, children } = props
  return (
    <PublicLayout frame={frame} title={title} description={description} card={card}>
      <div class="reference docs">
        <Reading tree={<Menu {...props} />} onPage={onPage}>
          {children}
        </Reading>
      </div>
    </PublicLayout>
  )
}

function Menu({ nodes, version, hasSearch }: Pick<DocsFrameProps, "nodes" | "version" | "hasSearch">): JSX.Element {
  return (
    <div class="reference-menu">
      {hasSearch ? null : (
        <SearchBox
          id="docs-search"
          action="/docs/search"
          label="Search the documentation"
          placeholder="Search"
          value=""
        />
      )}
      <details>
        <summary>
          <span>All pages</span>
          <Icon name="down" />
        </summary>
        <div class="reference-tree">
          <TreeNav label="Documentation" nodes={nodes} />
          <p class="quiet" safe>{`Version ${version}`}</p>
        </div>
      </details>
    </div>
  )
}
