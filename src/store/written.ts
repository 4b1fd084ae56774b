// What a statement writes, told from its text, and how often each table was written: by these counts the memory of
// `remember.ts` knows whether what it read still stands.

/** `table` null: cannot be told, taken as every table. `adds`: rows that were there stay as they are. */
export interface Write {
  table: string | null
  adds: boolean
}

const EVERYTHING: Write = { table: null, adds: false }

/** Rows stay as they are. What a rollback takes back is told to `Versions.forgetAll` by the writer, who knows how much it was. */
const READS = /^(SELECT|VALUES|PRAGMA|BEGIN|COMMIT|END|SAVEPOINT|RELEASE|ROLLBACK)\b/i
const INSERTS = /^INSERT\s+(?:OR\s+(\w+)\s+)?INTO\s+(?:main\.)?(\w+)(?!\.)\b/i
const REPLACES = /^REPLACE\s+INTO\s+(?:main\.)?(\w+)(?!\.)\b/i
const UPDATES = /^UPDATE\s+(?:OR\s+\w+\s+)?(?:main\.)?(\w+)(?!\.)\b/i
const DELETES = /^DELETE\s+FROM\s+(?:main\.)?(\w+)(?!\.)\b/i
/** What stands for parentheses and all between them. */
const INNER = "¤"
/** After WITH, the first verb behind a closing parenthesis is the statement's own. */
const OWN_VERB = /¤\s*(SELECT|VALUES|INSERT|REPLACE|UPDATE|DELETE)\b/i

/** @returns null for a statement that writes no row */
export function writeOf(sql: string): Write | null {
  const text = skeleton(sql)
  if (text.includes(";") || text.includes("/*")) return EVERYTHING
  const own = /^WITH\b/i.test(text) ? OWN_VERB.exec(text) : null
  const statement = own ? text.slice(own.index + INNER.length).trimStart() : text
  if (READS.test(statement)) return null
  const inserted = INSERTS.exec(statement)
  if (inserted) {
    const isPlain = inserted[1] === undefined || inserted[1].toUpperCase() === "IGNORE"
    return { table: inserted[2]!.toLowerCase(), adds: isPlain && !/\bDO\s+UPDATE\b/i.test(statement) }
  }
  const changed = REPLACES.exec(statement) ?? UPDATES.exec(statement) ?? DELETES.exec(statement)
  return changed ? { table: changed[1]!.toLowerCase(), adds: false } : EVERYTHING
}

/** The statement at its top level: no comments, no text in quotes, nothing in parentheses; plain names lose their quotes. */
function skeleton(sql: string): string {
  let text = sql
    .replaceAll(/'(?:[^']|'')*'|--[^\n]*/g, (found) => (found[0] === "'" ? "''" : " "))
    .replaceAll(/"(\w+)"/g, "$1")
  for (let before = ""; before !== text; ) {
    before = text
    text = text.replaceAll(/\([^()]*\)/g, INNER)
  }
  return text.trim().replace(/;$/, "").trimEnd()
}

/** How often one table was written. */
export interface TableVersion {
  /** Statements that may have changed or removed rows. */
  changes: number
  /** Statements that only added some. */
  adds: number
}

/** The counts of one connection. They only grow, so that equal sums mean equal counts. */
export class Versions {
  /** Grows when everything may be different: a rollback, a write of another process, a statement that could not be told. */
  epoch = 0
  /** Writes that were run, whatever became of them. */
  writes = 0
  private readonly byTable = new Map<string, TableVersion>()

  of(table: string): TableVersion {
    const key = table.toLowerCase()
    const known = this.byTable.get(key)
    if (known) return known
    const made = { changes: 0, adds: 0 }
    this.byTable.set(key, made)
    return made
  }

  /** Makes the count of this write, to be called before each run of it. */
  counter({ table, adds }: Write): () => void {
    if (table === null) {
      return () => {
        this.writes++
        this.epoch++
      }
    }
    const version = this.of(table)
    const count = adds ? "adds" : "changes"
    return () => {
      this.writes++
      version[count]++
    }
  }

  forgetAll(): void {
    this.epoch++
  }
}
