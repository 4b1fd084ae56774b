// A page of the documentation: the text, what is on it, what comes before and after.
import type { Frame } from "../../layout/frame.ts"
import { cardAt } from "../../layout/head.tsx"
import { OnPage } from "../../ui/index.ts"
import { DocsFrame } from "./frame.tsx"
import type { DocsNodes, DocsPlace, DocsText } from "./types.ts"

export interface DocsTextProps {
  frame: Frame
  nodes: DocsNodes
  version: string
  text: DocsText
  /** In the order of the tree; null at its ends. */
  previous: DocsPlace | null
  next: DocsPlace | null
}

/** GET /docs/:dockind/:doc */
export function DocsTextPage({ frame, nodes, version, text, previous, next }: DocsTextProps): JSX.Element {
  const { title, kind, section, html: safeHtml, headings } = text
  // What is deeper would make the contents as long as the page.
  const contents = headings.filter(({ level }) => level <= 3)
  return (
    <DocsFrame
      frame={frame}
      title={`${title} · Documentation`}
      description={text.text || `${kind}: ${title}.`}
      card={cardAt(frame.path, title)}
      nodes={nodes}
      version={version}
      onPage={contents.length < 2 ? undefined : <OnPage headings={contents} />}
    >
      <article class="docs-text">
        <header>
          <p class="quiet">
            <a href="/docs">Documentation</a>
            {" · "}
            <span safe>{section}</span>
            {" · "}
            <span safe>{kind}</span>
          </p>
          <h1 safe>{title}</h1>
        </header>
        <div class="prose">{safeHtml}</div>
        <p class="quiet docs-source">
          <a href={text.sourceHref}>This page as Markdown</a>
          {text.editHref === null ? null : <a href={text.editHref}>Edit this page</a>}
          <span safe>{`Version ${version}`}</span>
        </p>
        <Neighbours previous={previous} next={next} />
      </article>
    </DocsFrame>
  )
}

function Neighbours({ previous, next }: Pick<DocsTextProps, "previous" | "next">): JSX.Element {
  return (
    <nav class="neighbours" aria-label="Other pages">
      {previous === null ? null : (
        <a href={previous.href} rel="prev">
          <span class="quiet">Before</span>
          <span safe>{previous.title}</span>
        </a>
      )}
      {next === null ? null : (
        <a href={next.href} rel="next">
          <span class="quiet">Next</span>
          <span safe>{next.title}</span>
        </a>
      )}
    </nav>
  )
}
