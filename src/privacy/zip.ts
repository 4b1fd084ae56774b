// A person's files as one ZIP, portion by portion, made in the read Worker of one moment. Only portions are in memory, never the whole.
import { strToU8, Zip, ZipDeflate } from "fflate"
import { CsvNumber, csvLine } from "../app/index.ts"
import { type Cell, columnOf, type PersonalFile } from "../part/index.ts"
import type { HeavyStreams, Reader } from "../store/index.ts"
import { PRIVACY_LIMITS as L } from "./limits.ts"

export const EXPORT_PERSON = "privacy.export"

export interface ExportQuestion {
  userId: number
  /** What the README says above the list. */
  heading: string
}

/** The Worker's read; the files are those of every part. */
export const personStreams = (files: readonly PersonalFile[]): HeavyStreams => ({
  [EXPORT_PERSON]: (reader, input) => exportPieces(reader, files, input as ExportQuestion),
})

type Row = Record<string, unknown>

function* exportPieces(
  reader: Reader,
  files: readonly PersonalFile[],
  { userId, heading }: ExportQuestion,
): Generator<Uint8Array> {
  const ready: Uint8Array[] = []
  const zip = new Zip((error, piece) => {
    if (error) throw error
    ready.push(piece)
  })
  const readme: string[] = [heading, ""]
  for (const file of files) {
    readme.push(`${file.name}  ${file.what}`)
    const pages = pagesOf(reader, file.sql, userId)
    for (const entry of file.name.endsWith("/") ? picturesOf(file.name, pages) : [textOf(file.name, pages)]) {
      const out = new ZipDeflate(entry.name, { level: 6 })
      zip.add(out)
      for (const part of entry.parts) {
        out.push(part)
        yield* taken(ready)
      }
      out.push(new Uint8Array(), true)
      yield* taken(ready)
    }
  }
  const out = new ZipDeflate("README.txt", { level: 6 })
  zip.add(out)
  out.push(strToU8(`${readme.join("\n")}\n`), true)
  zip.end()
  yield* taken(ready)
}

function* taken(ready: Uint8Array[]): Generator<Uint8Array> {
  for (const piece of ready.splice(0)) if (piece.length > 0) yield piece
}

/** Rows of one person, page by page; `place` says where the next one begins. */
function* pagesOf(reader: Reader, sql: string, userId: number): Generator<Row[]> {
  for (let after = -1; ; ) {
    const rows = reader.all<Row>(sql, userId, after, L.exportRows)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (rows.length < L.exportRows || !last) return
    after = Number(last.place)
  }
}

interface Entry {
  name: string
  parts: Iterable<Uint8Array>
}

function* picturesOf(folder: string, pages: Iterable<Row[]>): Generator<Entry> {
  for (const rows of pages)
    for (const row of rows) {
      const [, name, bytes] = Object.values(row)
      yield { name: `${folder}${String(name)}`, parts: [bytes as Uint8Array] }
    }
}

const textOf = (name: string, pages: Iterable<Row[]>): Entry => ({
  name,
  parts: name.endsWith(".json") ? jsonParts(pages) : csvParts(pages),
})

function* csvParts(pages: Iterable<Row[]>): Generator<Uint8Array> {
  let columns: { name: string; write(value: unknown): Cell }[] | null = null
  for (const rows of pages) {
    if (!columns) {
      const named = columnsOf(rows[0]!)
      columns = named
      yield strToU8(csvLine(named.map(({ heading }) => heading)))
    }
    const known = columns
    yield strToU8(rows.map((row) => csvLine(known.map(({ name, write }) => csvCell(write(row[name]))))).join(""))
  }
}

function* jsonParts(pages: Iterable<Row[]>): Generator<Uint8Array> {
  const objects = [...pages]
    .flat()
    .map((row) =>
      Object.fromEntries(columnsOf(row).map(({ name, heading, write }) => [heading, jsonCell(write(row[name]))])),
    )
  yield strToU8(`${JSON.stringify(objects, null, 2)}\n`)
}

const columnsOf = (row: Row) =>
  Object.keys(row)
    .slice(1)
    .map((name) => ({ name, ...columnOf(name) }))

const csvCell = (cell: Cell) => (typeof cell === "object" && cell !== null ? new CsvNumber(cell.decimal) : cell)
const jsonCell = (cell: Cell) => (typeof cell === "object" && cell !== null ? cell.decimal : cell)
