// What changed between two texts, by lines and inside lines by words, within bounds. Pure; the comparison is jsdiff's.
import type * as Jsdiff from "diff"

export interface DiffPart {
  text: string
  changed: boolean
}

/** A line as it was, as it is, or both where nothing changed. `left` and `right` are numbers of lines from 1. */
export type DiffRow =
  | { kind: "same"; left: number; right: number; text: string }
  | { kind: "removed"; left: number; parts: readonly DiffPart[] }
  | { kind: "added"; right: number; parts: readonly DiffPart[] }
  /** So many lines that did not change. */
  | { kind: "fold"; lines: number }

export interface DiffModel {
  rows: readonly DiffRow[]
  added: number
  removed: number
  /** The texts are longer than what is compared; the rest is left out. */
  isCut: boolean
}

/** Lines of each text, UTF-16 units of one line that is compared by words. */
const LINES_MAX = 2_000
const LINE_CHARS_MAX = 1_000
/** Edits after which two texts count as different altogether: the work grows with its square (400: 40 ms). */
const EDITS_MAX = 400
const WORD_EDITS_MAX = 60
/** Unchanged lines around a change; more of them are folded. */
const CONTEXT = 3

let library: typeof Jsdiff | undefined
function jsdiff(): typeof Jsdiff {
  library ??= require("diff") as typeof Jsdiff
  return library
}

export function diffModel(before: string, after: string): DiffModel {
  const [old, now] = [linesOf(before), linesOf(after)]
  const isCut = old.length > LINES_MAX || now.length > LINES_MAX
  const chunks = chunksOf(old.slice(0, LINES_MAX), now.slice(0, LINES_MAX))
  const rows: DiffRow[] = []
  let [left, right] = [1, 1]
  for (const { same, removed, added } of chunks) {
    for (const text of same) rows.push({ kind: "same", left: left++, right: right++, text })
    const pairs = removed.map((line, index) => wordsOf(line, added[index]))
    for (const [index, line] of removed.entries())
      rows.push({ kind: "removed", left: left++, parts: pairs[index]?.old ?? whole(line) })
    for (const [index, line] of added.entries())
      rows.push({ kind: "added", right: right++, parts: pairs[index]?.now ?? whole(line) })
  }
  const countOf = (kind: DiffRow["kind"]) => rows.filter((row) => row.kind === kind).length
  return { rows: folded(rows), added: countOf("added"), removed: countOf("removed"), isCut }
}

const linesOf = (text: string): string[] => (text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/))
const whole = (text: string): DiffPart[] => [{ text, changed: false }]

interface Chunk {
  same: string[]
  removed: string[]
  added: string[]
}

/** Runs of equal lines, each with what changed after it. */
function chunksOf(old: string[], now: string[]): Chunk[] {
  const changes = jsdiff().diffArrays(old, now, { maxEditLength: EDITS_MAX })
  if (!changes) return [{ same: [], removed: old, added: now }]
  const chunks: Chunk[] = [{ same: [], removed: [], added: [] }]
  for (const change of changes) {
    const last = chunks.at(-1)!
    if (change.removed) last.removed.push(...change.value)
    else if (change.added) last.added.push(...change.value)
    else chunks.push({ same: change.value, removed: [], added: [] })
  }
  return chunks
}

/** The two lines in parts, or null when too little is the same to be worth marking. */
function wordsOf(old: string, now: string | undefined): { old: DiffPart[]; now: DiffPart[] } | null {
  if (now === undefined || old.length > LINE_CHARS_MAX || now.length > LINE_CHARS_MAX) return null
  const changes = jsdiff().diffWordsWithSpace(old, now, { maxEditLength: WORD_EDITS_MAX })
  const kept = changes?.filter(({ added, removed }) => !added && !removed) ?? []
  if (!changes || kept.reduce((sum, { value }) => sum + value.trim().length, 0) * 3 < Math.min(old.length, now.length))
    return null
  const side = (other: "added" | "removed"): DiffPart[] =>
    changes
      .filter((one) => !one[other])
      .map(({ value, added, removed }) => ({ text: value, changed: added || removed }))
  return { old: side("added"), now: side("removed") }
}

function folded(rows: DiffRow[]): DiffRow[] {
  const near = (index: number): boolean =>
    rows.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== "same")
  const shown: DiffRow[] = []
  for (const [index, row] of rows.entries()) {
    const last = shown.at(-1)
    if (row.kind !== "same" || near(index)) shown.push(row)
    else if (last?.kind === "fold") last.lines += 1
    else shown.push({ kind: "fold", lines: 1 })
  }
  return shown
}
