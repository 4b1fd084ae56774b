// A table that people work with: sorted by its heads, narrowed by filters, with the columns one wants, rows to choose and acts for them,
// pages by key, the same as a file. Links and forms alone: scripts add the count of what is chosen and swaps in place of pages.
import type { Children } from "@kitajs/html"
import { assetUrl } from "../layout/assets.ts"
import { Button } from "./button.tsx"
import { count } from "./format.ts"
import { GridColumns, GridSaved, type SavedFilters } from "./grid-menus.tsx"
import { type Keep, withQuery } from "./nav.tsx"
import { type Column, Pager, Table } from "./table.tsx"

type Way = "ascending" | "descending"

/** What of a list stands in its address. */
export interface GridState {
  path: string
  /** Filters, without order and place. */
  query: Keep
  sort: { by: string; descending: boolean }
  /** As in the address; undefined = the order without a choice. */
  sortText: string | undefined
  /** Orders there are, each with the way it goes at first. */
  sorts: Readonly<Record<string, Way>>
  /** Columns shown of those that may be left out. */
  columns: readonly string[]
  isFirst: boolean
  /** Places of the pages beside this one. */
  previous: string | null
  next: string | null
}

export interface GridColumn<Row> {
  key: string
  label: string
  numeric?: boolean | undefined
  /** Left out on phones. */
  minor?: boolean | undefined
  /** Always there. */
  fixed?: boolean | undefined
  /** Name of its order, when it can be sorted by. */
  sort?: string | undefined
  cell(row: Row): Children
}

export interface GridAct {
  name: string
  /** "Suspend…" */
  label: string
}

export interface GridPick<Row> {
  /** Page of the question: a GET with `act` and the values of the chosen rows. Nothing happens before it is answered. */
  action: string
  /** Name of the values. */
  name: string
  of(row: Row): { value: string; label: string }
  acts: readonly GridAct[]
  /** Name under which the filters are sent, "?q=ada", when an act is meant for all who match; without it none can be. */
  match?: string | undefined
}

export interface GridProps<Row> {
  /** Unique on the page; the part that swaps is `<id>-list`, which the page draws around filters and grid. */
  id: string
  caption: string
  /** What a row is: "user", "users". */
  one: string
  many: string
  state: GridState
  columns: readonly GridColumn<Row>[]
  rows: readonly Row[]
  /** Rows that the filters leave, and all. Without `matching` nothing is counted. */
  matching?: number | undefined
  total?: number | undefined
  csvPath?: string | undefined
  saved?: SavedFilters | undefined
  pick?: GridPick<Row> | undefined
  empty: JSX.Element
}

export function Grid<Row>(props: GridProps<Row>): JSX.Element {
  const { id, state, rows, pick, csvPath } = props
  const swap = `${id}-list`
  const here = (more: Keep) => withQuery(state.path, { ...state.query, sort: state.sortText, ...more })
  return (
    <div class="grid" data-module={pick ? assetUrl("js/grid.js") : undefined}>
      <div class="grid-bar">
        <p class="grid-count num" id={`${id}-count`} role="status" safe>
          {countWords(props)}
        </p>
        {pick && rows.length > 0 ? (
          <label class="choice grid-all js">
            <input type="checkbox" data-grid-all />
            <span>All on this page</span>
          </label>
        ) : null}
        <div class="grid-tools">
          {props.saved ? <GridSaved id={`${id}-saved`} saved={props.saved} state={state} /> : null}
          <GridColumns id={`${id}-columns`} state={state} columns={props.columns} swap={swap} />
        </div>
      </div>
      {pick && rows.length > 0 ? (
        <form method="get" action={pick.action} class="grid-form" id={`${id}-pick`}>
          <Rows {...props} swap={swap} />
          <Bulk {...props} pick={pick} />
          {/* Scripts open the question in a dialog by it. */}
          <a href={pick.action} class="sr" tabindex="-1" data-dialog="">
            The question
          </a>
        </form>
      ) : (
        <Rows {...props} swap={swap} />
      )}
      <Pager
        label={`Pages of ${props.many}`}
        swap={swap}
        firstHref={state.isFirst ? undefined : here({})}
        previousHref={state.previous ? here({ at: state.previous }) : undefined}
        previousLabel="Previous"
        nextHref={state.next ? here({ at: state.next }) : undefined}
        nextLabel="Next"
        csvHref={csvPath && rows.length > 0 ? csvHref(csvPath, state) : undefined}
      />
    </div>
  )
}

/** The same filters, order and columns, from the first row to the last. */
function csvHref(path: string, { query, sortText, columns }: GridState): string {
  const address = withQuery(path, { ...query, sort: sortText, columns: "1" })
  return columns.reduce((href, column) => `${href}&column=${encodeURIComponent(column)}`, address)
}

function countWords<Row>({ matching, total, one, many }: GridProps<Row>): string {
  if (matching === undefined) return ""
  const unit = (total ?? matching) === 1 ? one : many
  if (total === undefined || matching === total) return `${count(matching)} ${unit}`
  return `${count(matching)} of ${count(total)} ${unit}`
}

function Rows<Row>(props: GridProps<Row> & { swap: string }): JSX.Element {
  const { state, pick } = props
  const columns = props.columns.filter((column) => column.fixed || state.columns.includes(column.key))
  return (
    <Table
      id={`${props.id}-table`}
      caption={props.caption}
      hideCaption
      columns={columns.map((column) => headOf(column, state, props.swap))}
      rows={props.rows.map((row) =>
        columns.map((column, index) => {
          const cell = column.cell(row)
          return index === 0 && pick ? <Picked pick={pick} row={row} cell={cell} /> : cell
        }),
      )}
      empty={props.empty}
    />
  )
}

function headOf<Row>({ label, numeric, minor, sort }: GridColumn<Row>, state: GridState, swap: string): Column {
  const first = sort === undefined ? undefined : state.sorts[sort]
  if (sort === undefined || first === undefined) return { label, numeric, minor }
  const isBy = state.sort.by === sort
  const direction: Way | undefined = isBy ? (state.sort.descending ? "descending" : "ascending") : undefined
  const next: Way = isBy ? (state.sort.descending ? "ascending" : "descending") : first
  const href = withQuery(state.path, { ...state.query, sort: `${next === "descending" ? "-" : ""}${sort}` })
  return { label, numeric, minor, sort: { href, direction, swap } }
}

/** The box stands in the row's head, so that it stacks with it on phones. */
function Picked<Row>({ pick, row, cell }: { pick: GridPick<Row>; row: Row; cell: Children }): JSX.Element {
  const { value, label } = pick.of(row)
  return (
    <span class="grid-picked">
      <label class="choice grid-box">
        <input type="checkbox" name={pick.name} value={value} aria-label={`Select ${label}`} data-grid-row />
      </label>
      {cell}
    </span>
  )
}

/** Stands at the end; as soon as a row is chosen it sticks to the lower edge. */
function Bulk<Row>(props: GridProps<Row> & { pick: GridPick<Row> }): JSX.Element {
  const { pick, one, many, caption, rows, state, matching = 0 } = props
  const hasOthers = pick.match !== undefined && matching > rows.length
  return (
    <fieldset class="grid-bulk">
      <legend class="sr" safe>{`Selected: ${caption}`}</legend>
      <p class="grid-chosen num" role="status" data-one={one} data-many={many}>
        <span class="nojs">With those you selected</span>
        <span class="js" data-grid-chosen></span>
      </p>
      {hasOthers ? (
        <label class="choice grid-match">
          <input
            type="checkbox"
            name={pick.match}
            value={`?${withQuery("", state.query).slice(1)}`}
            data-grid-match={matching}
          />
          <span safe>{`All ${count(matching)} ${many}${matching === props.total ? "" : " that match"}`}</span>
        </label>
      ) : null}
      {pick.acts.map((act) => (
        <Button small name="act" value={act.name} label={act.label} />
      ))}
      <button type="reset" class="button link small">
        Clear
      </button>
    </fieldset>
  )
}
