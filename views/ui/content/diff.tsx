// Two versions of a text: what was removed, what was added, below each other or side by side. Said in words too, not by colour alone.
import { plural } from "../format.ts"
import { type DiffPart, type DiffRow, diffModel } from "./diff-model.ts"

export interface DiffProps {
  /** "Description": what was changed; names the table. */
  label: string
  before: string
  after: string
  /** Side by side needs width; default one below the other. */
  sideBySide?: boolean | undefined
}

export function Diff({ label, before, after, sideBySide }: DiffProps): JSX.Element {
  const model = diffModel(before, after)
  const words = `${plural(model.removed, "line")} removed, ${plural(model.added, "line")} added`
  return (
    <figure class="diff">
      <figcaption>
        <bdi safe>{label}</bdi>
        <span class="quiet num" safe>
          {model.added + model.removed === 0 ? "Nothing changed" : words}
        </span>
      </figcaption>
      <div class="diff-box" {...{ tabindex: "0", role: "region", "aria-label": `Changes: ${label}` }}>
        <table class={sideBySide ? "sides" : undefined}>
          <caption class="sr" safe>{`${label}: ${words}`}</caption>
          {sideBySide ? <Sides rows={model.rows} /> : <Unified rows={model.rows} />}
        </table>
      </div>
      {model.isCut ? <p class="quiet">The texts are longer than this: the rest is not compared.</p> : null}
    </figure>
  )
}

function Unified({ rows }: { rows: readonly DiffRow[] }): JSX.Element {
  return (
    <>
      <thead class="sr">
        <tr>
          <th scope="col">Line before</th>
          <th scope="col">Line after</th>
          <th scope="col">Text</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) =>
          row.kind === "fold" ? (
            <Fold lines={row.lines} columns={3} />
          ) : (
            <tr class={row.kind}>
              <LineNumber value={"left" in row ? row.left : null} />
              <LineNumber value={"right" in row ? row.right : null} />
              <Line row={row} />
            </tr>
          ),
        )}
      </tbody>
    </>
  )
}

type Side = Exclude<DiffRow, { kind: "fold" }>

function Sides({ rows }: { rows: readonly DiffRow[] }): JSX.Element {
  return (
    <>
      <colgroup>
        <col class="line" />
        <col />
      </colgroup>
      <colgroup>
        <col class="line" />
        <col />
      </colgroup>
      <thead>
        <tr>
          <th scope="colgroup" colspan={2}>
            Before
          </th>
          <th scope="colgroup" colspan={2}>
            After
          </th>
        </tr>
      </thead>
      <tbody>
        {beside(rows).map((row) =>
          "lines" in row ? (
            <Fold lines={row.lines} columns={4} />
          ) : (
            <tr>
              <LineNumber value={row.old && "left" in row.old ? row.old.left : null} />
              <Line row={row.old} />
              <LineNumber value={row.now && "right" in row.now ? row.now.right : null} />
              <Line row={row.now} />
            </tr>
          ),
        )}
      </tbody>
    </>
  )
}

interface Pair {
  old: Side | null
  now: Side | null
}

/** Removed lines beside the added ones that follow them. */
function beside(rows: readonly DiffRow[]): (Pair | { lines: number })[] {
  const out: (Pair | { lines: number })[] = []
  let free: Pair[] = []
  for (const row of rows) {
    if (row.kind === "added") {
      const pair = free.shift()
      if (pair) pair.now = row
      else out.push({ old: null, now: row })
      continue
    }
    if (row.kind !== "removed") free = []
    if (row.kind === "fold") out.push({ lines: row.lines })
    else {
      const pair: Pair = { old: row, now: row.kind === "same" ? row : null }
      out.push(pair)
      if (row.kind === "removed") free.push(pair)
    }
  }
  return out
}

const Fold = ({ lines, columns }: { lines: number; columns: number }): JSX.Element => (
  <tr class="fold">
    <td colspan={columns} safe>{`${plural(lines, "line")} unchanged`}</td>
  </tr>
)

const LineNumber = ({ value }: { value: number | null }): JSX.Element => (
  <td class="line num" safe>
    {value === null ? "" : String(value)}
  </td>
)

const MARKS = { removed: { sign: "\u2212", word: "Removed: " }, added: { sign: "+", word: "Added: " } } as const

function Line({ row }: { row: Side | null }): JSX.Element {
  if (row === null) return <td class="none" />
  if (row.kind === "same")
    return (
      <td class="text" dir="auto" safe>
        {row.text}
      </td>
    )
  const { sign, word } = MARKS[row.kind]
  return (
    <td class={`text ${row.kind}`} dir="auto">
      <span class="sign" aria-hidden="true">
        {sign}
      </span>
      <span class="sr">{word}</span>
      {row.parts.map((part) => (
        <Part part={part} tag={row.kind === "removed" ? "del" : "ins"} />
      ))}
    </td>
  )
}

const Part = ({ part, tag }: { part: DiffPart; tag: "del" | "ins" }): JSX.Element =>
  part.changed ? (
    <tag of={tag} safe>
      {part.text}
    </tag>
  ) : (
    <span safe>{part.text}</span>
  )
