// The front of the documentation: where to begin, then every page by what it is about.
import type { Frame } from "../../layout/frame.ts"
import { DocsFrame } from "./frame.tsx"
import type { DocsNodes, DocsPart, DocsPlace } from "./types.ts"

export interface DocsHubProps {
  frame: Frame
  nodes: DocsNodes
  version: string
  /** One for each who comes here. */
  starts: readonly DocsPlace[]
  parts: readonly DocsPart[]
}

/** GET /docs */
export function DocsHubPage({ frame, nodes, version, starts, parts }: DocsHubProps): JSX.Element {
  return (
    <DocsFrame
      frame={frame}
      title="Documentation"
      description="How to use your credits, build an app on them, sell an API and run this server: tutorials, how-to guides and reference."
      nodes={nodes}
      version={version}
    >
      <article class="docs-hub">
        <header>
          <h1>Documentation</h1>
          <p>Use your credits, build an app on them, sell an API, run the server.</p>
        </header>
        <ul class="plain docs-starts">
          {starts.map(({ href, title, text }) => (
            <li>
              <a href={href} safe>
                {title}
              </a>
              <p class="quiet" safe>
                {text}
              </p>
            </li>
          ))}
        </ul>
        {parts.map((part, index) => (
          <Part part={part} id={`part-${index + 1}`} />
        ))}
        <p class="quiet">
          {"For language models: "}
          <a href="/llms.txt">llms.txt</a>
          {" lists every page, "}
          <a href="/llms-full.txt">llms-full.txt</a>
          {" has all of them; each page is Markdown too, with "}
          <code>.md</code>
          {" after its address."}
        </p>
      </article>
    </DocsFrame>
  )
}

function Part({ part: { title, text, pages }, id }: { part: DocsPart; id: string }): JSX.Element {
  return (
    <section aria-labelledby={id}>
      <h2 id={id} safe>
        {title}
      </h2>
      {text === "" ? null : (
        <p class="quiet" safe>
          {text}
        </p>
      )}
      <ul class="plain docs-pages">
        {pages.map((page) => (
          <li>
            <a href={page.href} safe>
              {page.title}
            </a>
            {page.text === "" ? null : (
              <span class="quiet" safe>
                {page.text}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
