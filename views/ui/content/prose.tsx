// Written words: a text of ours or of people, and the width they are read at.
import type { Children } from "@kitajs/html"
import { markdown } from "./markdown.ts"
import type { Author } from "./policy.ts"

/** Finished elements in the measure and rhythm of text. */
export function Prose({ children }: { children: Children }): JSX.Element {
  return <div class="prose">{children}</div>
}

export interface MarkdownProps {
  source: string
  /** Decides what is allowed: see policy.ts. */
  by: Author
  /** Prefix of the ids of its code blocks; unique on the page. */
  id: string
}

/** A text in Markdown. Which way it is read follows its own words. For one whose headings the page needs call `markdown`. */
export function Markdown({ source, by, id }: MarkdownProps): JSX.Element {
  const safeHtml = markdown(source, by, id).html
  return (
    <div class="prose" dir="auto">
      {safeHtml}
    </div>
  )
}
