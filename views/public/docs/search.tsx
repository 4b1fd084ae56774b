// The search of the documentation, and of the marketplace beside it. It answers as somebody types; without scripts its button does.
import { assetUrl } from "../../layout/assets.ts"
import type { Frame } from "../../layout/frame.ts"
import { plural } from "../../ui/format.ts"
import { Empty, SearchBox } from "../../ui/index.ts"
import { DocsFrame } from "./frame.tsx"
import type { DocsNodes, DocsResult } from "./types.ts"

export interface DocsSearchProps {
  frame: Frame
  nodes: DocsNodes
  version: string
  query: string
  pages: readonly DocsResult[]
  /** Apps of the directory. */
  apps: readonly DocsResult[]
  /** APIs that developers publish. */
  products: readonly DocsResult[]
}

/** GET /docs/search?q= */
export function DocsSearchPage({ frame, nodes, version, query, pages, apps, products }: DocsSearchProps): JSX.Element {
  const total = pages.length + apps.length + products.length
  return (
    <DocsFrame
      frame={frame}
      title={query === "" ? "Search · Documentation" : `${query} · Documentation`}
      description="Search the documentation and the marketplace."
      nodes={nodes}
      version={version}
      hasSearch
    >
      <div class="found docs-found">
        <h1>Search the documentation</h1>
        <div data-module={assetUrl("js/typing.js")}>
          <SearchBox action="/docs/search" label="What are you looking for?" value={query} swap="found" />
        </div>
        <div id="found">
          <div role="status">
            {query === "" ? <p class="quiet">Try a word, an error code or what you want to do.</p> : null}
            {query !== "" && total > 0 ? (
              <p class="quiet" safe>
                {plural(total, "result")}
              </p>
            ) : null}
            {query !== "" && total === 0 ? (
              <Empty title={`Nothing for “${query}”`} text="Try one word, such as credits, consent or webhook." />
            ) : null}
          </div>
          <Results label="In the documentation" results={pages} />
          <Results label="Apps" results={apps} />
          <Results label="In the marketplace" results={products} />
        </div>
      </div>
    </DocsFrame>
  )
}

function Results({ label, results }: { label: string; results: readonly DocsResult[] }): JSX.Element {
  if (results.length === 0) return ""
  return (
    <section aria-label={label}>
      <h2 safe>{label}</h2>
      <ul class="plain results">
        {results.map(({ href, title, heading, snippet }) => (
          <li>
            <a href={href}>
              <bdi safe>{heading === "" ? title : `${title}: ${heading}`}</bdi>
            </a>
            <p class="quiet" dir="auto">
              {snippet.map((piece, index) => (index % 2 === 1 ? <mark safe>{piece}</mark> : <span safe>{piece}</span>))}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
