// Around long texts: the tree of all pages, what stands on this page, and a live example beside what explains it.
import type { Children } from "@kitajs/html"
import { assetUrl } from "../../layout/assets.ts"
import { Icon } from "../icon.tsx"
import type { MarkdownHeading } from "./markdown.ts"

/** A page, or a group of them. */
export type TreeNode =
  | {
      label: string
      href: string
      current?: boolean | undefined
      /** Other words that a filter finds it by. */
      words?: string | undefined
    }
  | { label: string; children: readonly TreeNode[] }

const holdsCurrent = (node: TreeNode): boolean =>
  "children" in node ? node.children.some(holdsCurrent) : node.current === true

/** Groups that open and close without scripts; the one with the current page is open. */
export function TreeNav({ label, nodes }: { label: string; nodes: readonly TreeNode[] }): JSX.Element {
  return (
    <nav class="tree" aria-label={label}>
      <Branch nodes={nodes} />
    </nav>
  )
}

function Branch({ nodes }: { nodes: readonly TreeNode[] }): JSX.Element {
  return (
    <ul class="plain">
      {nodes.map((node) => (
        <li data-words={"words" in node ? node.words : undefined}>
          {"children" in node ? (
            <details open={holdsCurrent(node)}>
              <summary>
                <Icon name="down" />
                <bdi safe>{node.label}</bdi>
              </summary>
              <Branch nodes={node.children} />
            </details>
          ) : (
            <a href={node.href} aria-current={node.current ? "page" : undefined}>
              <bdi safe>{node.label}</bdi>
            </a>
          )}
        </li>
      ))}
    </ul>
  )
}

/** What stands on this page: folded on phones, beside the text where there is room; the heading that is read is marked. */
export function OnPage({ headings }: { headings: readonly MarkdownHeading[] }): JSX.Element {
  if (headings.length < 2) return ""
  return (
    <nav class="on-page" aria-label="On this page" data-module={assetUrl("js/toc.js")}>
      <details>
        <summary>
          <span>On this page</span>
          <Icon name="down" />
        </summary>
        <ul class="plain">
          {headings.map(({ id, text, level }) => (
            <li class={level > 2 ? "deeper" : undefined}>
              <a href={`#${id}`}>
                <bdi safe>{text}</bdi>
              </a>
            </li>
          ))}
        </ul>
      </details>
    </nav>
  )
}

export interface ReadingProps {
  tree?: JSX.Element | undefined
  onPage?: JSX.Element | undefined
  children: Children
}

/** The tree, the text, what is on the page: three columns, two, or one below the other. */
export function Reading({ tree, onPage, children }: ReadingProps): JSX.Element {
  return (
    <div class="reading">
      <div class={tree ? "reading-columns with-tree" : "reading-columns"}>
        {tree === undefined ? null : (
          <div class="reading-tree" {...{ tabindex: "0", role: "region", "aria-label": "Pages" }}>
            {tree}
          </div>
        )}
        {onPage === undefined ? null : <div class="reading-page">{onPage}</div>}
        <div class="reading-text">{children}</div>
      </div>
    </div>
  )
}

export interface BesideProps {
  /** The live example: it stays in sight while its explanation scrolls. */
  example: Children
  /** "Example of creating an app"; unique on the page. */
  label: string
  children: Children
}

/** Left the thing, right the live example; stacked where there is no room. */
export function Beside({ example, label, children }: BesideProps): JSX.Element {
  return (
    <div class="beside">
      <div class="beside-columns">
        <div class="beside-thing">{children}</div>
        <section class="beside-example" aria-label={label}>
          {example}
        </section>
      </div>
    </div>
  )
}
