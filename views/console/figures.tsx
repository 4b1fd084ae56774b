// What pages of figures share: sections that can be linked and taken along as a file, and what each figure is.
import type { Children } from "@kitajs/html"
import { count } from "../ui/format.ts"

export interface FigureSectionProps {
  /** Unique on the page; where its link leads. */
  id: string
  title: string
  /** The page with its filters. */
  href: string
  /** The same rows as a file. */
  csvHref?: string | undefined
  note?: string | undefined
  children?: Children
}

/** On a page that ends with its `Definitions`. */
export function FigureSection({ id, title, href, csvHref, note, children }: FigureSectionProps): JSX.Element {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <div class="section-head">
        <h2 id={`${id}-title`} safe>
          {title}
        </h2>
        <p class="quiet">
          <a href="#definitions" aria-label={`What is this? ${title}`}>
            What is this?
          </a>
          {" · "}
          <a href={`${href}#${id}`} aria-label={`Link here: ${title}`}>
            Link here
          </a>
          {csvHref === undefined ? null : (
            <>
              {" · "}
              <a href={csvHref} aria-label={`CSV: ${title}`}>
                CSV
              </a>
            </>
          )}
        </p>
      </div>
      {note === undefined ? null : (
        <p class="quiet" safe>
          {note}
        </p>
      )}
      {children}
    </section>
  )
}

export interface Definition {
  label: string
  words: string
}

/** "What is this?": a sentence for each figure, the same as in the documentation. A link to its list opens it. */
export function Definitions({ items, children }: { items: readonly Definition[]; children?: Children }): JSX.Element {
  return (
    <details class="change">
      <summary>What is this?</summary>
      <dl class="facts wide" id="definitions">
        {items.map(({ label, words }) => (
          <div>
            <dt safe>{label}</dt>
            <dd safe>{words}</dd>
          </div>
        ))}
      </dl>
      {children}
    </details>
  )
}

/** Whole milliseconds; a dash where there was no call. */
export function Latency({ ms }: { ms: number | null }): JSX.Element {
  return (
    <span class="num" safe>
      {ms === null ? "–" : `${count(ms)} ms`}
    </span>
  )
}

/** A share that is written already; a dash where there was nothing to divide by. */
export function Share({ text }: { text: string | null }): JSX.Element {
  return (
    <span class="num" safe>
      {text ?? "–"}
    </span>
  )
}
