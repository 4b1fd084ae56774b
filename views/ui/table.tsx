// Tables with caption and scopes, numeric columns to the right, and keyset paging by links.
import type { Children } from "@kitajs/html"

export interface Column {
  label: string
  numeric?: boolean | undefined
  /** The head is for readers only, for a column of buttons. */
  silent?: boolean | undefined
}

export interface TableProps {
  caption: string
  /** Shows the caption to readers only, when a heading says the same above. */
  hideCaption?: boolean | undefined
  columns: readonly Column[]
  /** Finished cells: elements made by other views. Strings must be escaped before they get here. */
  rows: readonly (readonly Children[])[]
  id?: string | undefined
  /** The table scrolls in a box of its own, which the keyboard must reach. */
  scrolls?: boolean | undefined
}

/** The first cell of each row is its head. On phones the rows stack, each cell with its column's name. */
export function Table({ caption, hideCaption, columns, rows, id, scrolls }: TableProps): JSX.Element {
  const region = scrolls ? { tabindex: "0", role: "region", "aria-label": caption } : {}
  return (
    <div class="table-wrap" {...region}>
      <table id={id}>
        <caption class={hideCaption ? "sr" : undefined} safe>
          {caption}
        </caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" class={column.numeric ? "numeric" : undefined}>
                <span class={column.silent ? "sr" : undefined} safe>
                  {column.label}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr>
              {cells.map((cell, index) => {
                const column = columns[index]
                const kind = column?.numeric ? "numeric" : undefined
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

export interface PagerProps {
  label: string
  previousHref?: string | undefined
  nextHref?: string | undefined
}

/** Newer and older by keyset links; nothing when there is one page. */
export function Pager({ label, previousHref, nextHref }: PagerProps): JSX.Element {
  if (!previousHref && !nextHref) return ""
  return (
    <nav class="pager" aria-label={label}>
      {previousHref ? (
        <a class="button plain" rel="prev" href={previousHref}>
          Newer
        </a>
      ) : null}
      {nextHref ? (
        <a class="button plain" rel="next" href={nextHref}>
          Older
        </a>
      ) : null}
    </nav>
  )
}
