// Tables with caption and scopes, numeric columns to the right, and keyset paging by links.
import type { Children } from "@kitajs/html"
import { Icon } from "./icon.tsx"
import { isOffered } from "./seat.ts"
import type { Swaps } from "./segments.tsx"

export interface Column {
  label: string
  numeric?: boolean | undefined
  /** The head is for readers only, for a column of buttons. */
  silent?: boolean | undefined
  /** Left out on phones: the page of the row tells it. */
  minor?: boolean | undefined
  /** The head is a link that sorts by this column; `direction` when it is sorted by it now. */
  sort?: SortWay | undefined
}

export interface SortWay extends Swaps {
  href: string
  direction?: "ascending" | "descending" | undefined
}

export interface TableProps {
  caption: string
  /** Shows the caption to readers only, when a heading says the same above. */
  hideCaption?: boolean | undefined
  columns: readonly Column[]
  /** Finished cells: elements made by other views. Strings must be escaped before they get here. */
  rows: readonly (readonly Children[])[]
  id?: string | undefined
  /** Few and short columns: it stays a table on phones. */
  compact?: boolean | undefined
  /** The table scrolls in a box of its own, which the keyboard must reach. */
  scrolls?: boolean | undefined
  /** Shown in place of the table when there are no rows: an `Empty`. */
  empty?: JSX.Element | undefined
}

/** The first cell of each row is its head. On phones the rows stack, each cell with its column's name. */
export function Table({ caption, hideCaption, columns, rows, id, compact, scrolls, empty }: TableProps): JSX.Element {
  if (rows.length === 0 && empty !== undefined) return empty
  const region = scrolls ? { tabindex: "0", role: "region", "aria-label": caption } : {}
  return (
    <div class={compact ? "table-wrap compact" : "table-wrap"} {...region}>
      <table id={id}>
        <caption class={hideCaption ? "sr" : undefined} safe>
          {caption}
        </caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" class={column.numeric ? "numeric" : undefined} aria-sort={column.sort?.direction}>
                {column.sort ? (
                  <SortLink label={column.label} {...column.sort} />
                ) : (
                  <span class={column.silent ? "sr" : undefined} safe>
                    {column.label}
                  </span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr>
              {cells.map((cell, index) => {
                const column = columns[index]
                const kind =
                  [column?.numeric && "numeric", column?.minor && "minor"].filter(Boolean).join(" ") || undefined
                return index === 0 ? (
                  <th scope="row" class={kind}>
                    {cell}
                  </th>
                ) : (
                  <td class={kind} data-label={column?.silent ? undefined : column?.label}>
                    {cell}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function SortLink({ label, href, direction, swap = "main" }: { label: string } & SortWay): JSX.Element {
  return (
    <a class="sort" href={href} data-swap={swap}>
      <span safe>{label}</span>
      {direction ? <Icon name={direction === "ascending" ? "up" : "fall"} /> : null}
    </a>
  )
}

/** The name in a row that leads to the thing; the whole row can be pressed, buttons in it stay on top. */
export function RowLink({ href, label }: { href: string; label: string }): JSX.Element {
  if (!isOffered("GET", href)) return <bdi safe>{label}</bdi>
  return (
    <a class="row-link" href={href}>
      <bdi safe>{label}</bdi>
    </a>
  )
}

export interface PagerProps extends Swaps {
  label: string
  /** The top of the list, when the link before leads to the page before. */
  firstHref?: string | undefined
  previousHref?: string | undefined
  /** Where the link before leads, when that is not the page before: "Newest". */
  previousLabel?: string | undefined
  nextHref?: string | undefined
  /** Default "Older". */
  nextLabel?: string | undefined
  /** Id of the part that is swapped. */
  swap?: string | undefined
  /** The same rows as a file. */
  csvHref?: string | undefined
  /** What is shown, in words: "50 of 1,240 movements". */
  summary?: string | undefined
}

/** Newer and older by keyset links, the same list as CSV; nothing when there is nothing to say. */
export function Pager(props: PagerProps): JSX.Element {
  const {
    label,
    firstHref,
    previousHref,
    previousLabel = "Newer",
    nextHref,
    nextLabel = "Older",
    swap = "main",
  } = props
  const { csvHref, summary } = props
  if (!firstHref && !previousHref && !nextHref && !csvHref && !summary) return ""
  return (
    <nav class="pager" aria-label={label}>
      {summary ? (
        <p class="quiet num" safe>
          {summary}
        </p>
      ) : null}
      {csvHref ? (
        <a class="button plain small" href={csvHref} download="">
          <Icon name="download" />
          <span>CSV</span>
        </a>
      ) : null}
      {firstHref ? (
        <a class="button plain small" href={firstHref} data-swap={swap}>
          First
        </a>
      ) : null}
      {previousHref ? (
        <a class="button plain small" rel="prev" href={previousHref} data-swap={swap} safe>
          {previousLabel}
        </a>
      ) : null}
      {nextHref ? (
        <a class="button plain small" rel="next" href={nextHref} data-swap={swap} safe>
          {nextLabel}
        </a>
      ) : null}
    </nav>
  )
}
