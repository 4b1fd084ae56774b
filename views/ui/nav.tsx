// Ways around a page: breadcrumbs, tabs made of links, search, the range of days, numbered pages. All plain links and GET forms, so
// that every view of a list has an address.
import type { Children } from "@kitajs/html"
import { Button } from "./button.tsx"
import { Icon } from "./icon.tsx"
import { DateFields } from "./pickers/dates.tsx"
import { isOffered } from "./seat.ts"
import { Segments, type Swaps } from "./segments.tsx"

export interface Crumb {
  label: string
  href: string
}

/** Where this page lies, from the top down; only below the second level. The page itself is the h1, not a crumb. */
export function Breadcrumbs({ trail }: { trail: readonly Crumb[] }): JSX.Element {
  if (trail.length === 0) return ""
  return (
    <nav class="crumbs" aria-label="Breadcrumb">
      <ol class="plain">
        {trail.map((crumb, index) => (
          <li>
            <a href={crumb.href}>
              {index === 0 ? <Icon name="back" /> : null}
              <bdi safe>{crumb.label}</bdi>
            </a>
          </li>
        ))}
      </ol>
    </nav>
  )
}

export interface TabLink {
  label: string
  href: string
  current?: boolean | undefined
  /** A count beside the label, already in words or digits. */
  count?: string | undefined
}

/** Parts of one thing, each with its own address. */
export function Tabs({ label, tabs, swap = "main" }: { label: string; tabs: readonly TabLink[] } & Swaps): JSX.Element {
  return (
    <nav class="tabs" aria-label={label}>
      <ul class="plain">
        {tabs
          .filter(({ href }) => isOffered("GET", href))
          .map((tab) => (
            <li>
              <a href={tab.href} aria-current={tab.current ? "page" : undefined} data-swap={swap}>
                <span safe>{tab.label}</span>
                {tab.count === undefined ? null : (
                  <span class="badge neutral num" safe>
                    {tab.count}
                  </span>
                )}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  )
}

/** Other filters of the list, carried along; undefined and "" are left out. */
export type Keep = Record<string, string | undefined>

/** Hidden fields of a GET form. */
export function Kept({ keep }: { keep: Keep | undefined }): JSX.Element {
  return (
    <>
      {given(keep ?? {}).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  )
}

const given = (query: Keep): [string, string][] =>
  Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]))

/** `/path?a=1&b=2`, without what is empty. */
export function withQuery(path: string, query: Keep): string {
  const pairs = given(query)
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs)}`
}

export interface SearchBoxProps extends Swaps {
  /** Path that answers the GET. */
  action: string
  label: string
  name?: string | undefined
  value?: string | undefined
  placeholder?: string | undefined
  /** Unique on the page; default "search". */
  id?: string | undefined
  keep?: Keep | undefined
  /** The label is for readers only when a heading says it. Default true. */
  hideLabel?: boolean | undefined
  /** Id of the part that is swapped. */
  swap?: string | undefined
}

/** One field and its button, as a GET form inside a search landmark. */
export function SearchBox(props: SearchBoxProps): JSX.Element {
  const id = props.id ?? "search"
  return (
    <search class="search-box">
      <form method="get" action={props.action} data-swap={props.swap ?? "main"}>
        <label for={id} class={props.hideLabel === false ? undefined : "sr"} safe>
          {props.label}
        </label>
        <div class="search">
          <input
            id={id}
            type="search"
            name={props.name ?? "q"}
            value={props.value}
            placeholder={props.placeholder}
            maxlength="200"
            autocomplete="off"
          />
          <Kept keep={props.keep} />
          <Button icon="search" label="Search" />
        </div>
      </form>
    </search>
  )
}

export type RangeName = "all" | "7d" | "30d" | "90d" | "custom"

export interface DateRangeProps extends Swaps {
  /**
   * Path that answers `?range=7d|30d|90d` and `?range=custom&from=2026-03-01&to=2026-03-31` (UTC days, both included).
   * The link to `custom` carries the days given here, so that its form begins with what was shown.
   */
  action: string
  /** Where on the page the list is: "#history". */
  hash?: string | undefined
  /** The list may be shown without any limit of days: a first link, and `current: "all"`. */
  withAll?: boolean | undefined
  current: RangeName
  from?: string | undefined
  to?: string | undefined
  /** Latest day that can be chosen, "2026-03-31". */
  max?: string | undefined
  error?: string | undefined
  /** False when `error` is about another field than the days. */
  daysAreWrong?: boolean | undefined
  /** Other filters of the list, for the links, and for the form unless it has them as `fields`. */
  keep?: Keep | undefined
  /** Fields for the other filters: the form is then always there, with them in front. */
  fields?: Children
  /** These fields apply by themselves (`auto`), so that the button is only needed for days. */
  isAuto?: boolean | undefined
  /** Link that takes all filters away. */
  clearHref?: string | undefined
  /** Prefix of ids; unique on the page. Default "range". */
  id?: string | undefined
}

const RANGES: readonly { name: RangeName; label: string; spoken: string }[] = [
  { name: "all", label: "All", spoken: "All days" },
  { name: "7d", label: "7 days", spoken: "Last 7 days" },
  { name: "30d", label: "30 days", spoken: "Last 30 days" },
  { name: "90d", label: "90 days", spoken: "Last 90 days" },
  { name: "custom", label: "Custom", spoken: "Custom days" },
]

/** Which days a page tells about: links, and a small form under the last. Days are UTC. */
export function DateRange(props: DateRangeProps): JSX.Element {
  const { id = "range", current, from, to, hash = "" } = props
  const swap = props.swap ?? (hash.slice(1) || "main")
  const queryOf = (range: RangeName): Keep =>
    range === "all" ? {} : range === "custom" ? { range, from, to } : { range }
  return (
    <div class="range">
      <Segments
        label="Days shown"
        swap={swap}
        links={RANGES.filter(({ name }) => name !== "all" || props.withAll).map(({ name, label, spoken }) => ({
          href: `${withQuery(props.action, { ...props.keep, ...queryOf(name) })}${hash}`,
          current: name === current,
          label,
          spoken,
        }))}
      />
      {current === "custom" || props.fields ? (
        <form method="get" action={`${props.action}${hash}`} class="range-form" data-swap={swap}>
          {current === "all" ? null : <input type="hidden" name="range" value={current} />}
          {props.fields ?? <Kept keep={props.keep} />}
          {current === "custom" ? (
            <DateFields
              id={id}
              from={from}
              to={to}
              max={props.max}
              invalid={Boolean(props.error) && props.daysAreWrong !== false}
              errorId={`${id}-error`}
            />
          ) : null}
          <Button label="Show" isNojs={props.isAuto && current !== "custom"} />
          {props.clearHref ? <Button kind="link" href={props.clearHref} label="Show all" swap={swap} /> : null}
          {props.error ? (
            <p class="error" id={`${id}-error`} role="alert">
              <Icon name="alert" />
              <span safe>{props.error}</span>
            </p>
          ) : null}
        </form>
      ) : null}
    </div>
  )
}

export interface PaginationProps extends Swaps {
  label: string
  /** From 1. */
  page: number
  pages: number
  href: (page: number) => string
}

/** Numbered pages, for short lists whose length is known. Lists that grow use `Pager`. */
export function Pagination({ label, page, pages, href, swap = "main" }: PaginationProps): JSX.Element {
  if (pages <= 1) return ""
  return (
    <nav class="pagination" aria-label={label}>
      <ul class="plain">
        {shownPages(page, pages).map((each) => (
          <li>
            {each === null ? (
              <span class="quiet">…</span>
            ) : (
              <a
                href={href(each)}
                aria-current={each === page ? "page" : undefined}
                aria-label={`Page ${each}`}
                data-swap={swap}
                safe
              >
                {String(each)}
              </a>
            )}
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** First, last, and the neighbours of the current page; null where some are left out. */
function shownPages(page: number, pages: number): (number | null)[] {
  const shown: (number | null)[] = []
  for (let each = 1; each <= pages; each++) {
    if (each === 1 || each === pages || Math.abs(each - page) <= 1) shown.push(each)
    else if (shown.at(-1) !== null) shown.push(null)
  }
  return shown
}
