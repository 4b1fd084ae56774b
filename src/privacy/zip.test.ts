// Columns of bytes in a person's files: nothing of them is lost, in CSV, in JSON and as files of their own.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { strFromU8, unzipSync } from "fflate"
import type { PersonalFile } from "../part/index.ts"
import { openTestStore, type Store, testCtx } from "../store/index.ts"
import { PRIVACY_LIMITS as L } from "./limits.ts"
import { EXPORT_PERSON, personStreams } from "./zip.ts"

let store: Store
let close: () => Promise<void>
const ROWS = L.exportRows + 3
/** Every byte, NUL and invalid UTF-8 among them; none at all; a ZIP's own signature. */
const BYTES = [Uint8Array.from({ length: 256 }, (_, at) => at), new Uint8Array(), Uint8Array.of(80, 75, 5, 6, 0, 0)]
beforeAll(async () => {
  const opened = await openTestStore()
  ;({ store, close } = opened)
  await store.write(testCtx, (tx) => {
    tx.run("CREATE TABLE things (id INTEGER PRIMARY KEY, user_id INTEGER, name TEXT, bytes BLOB) STRICT")
    for (let at = 0; at < ROWS; at++)
      tx.run("INSERT INTO things (user_id, name, bytes) VALUES (1, ?, ?)", `n${at}`, BYTES[at % BYTES.length]!)
    tx.run("INSERT INTO things (user_id, name, bytes) VALUES (2, 'theirs', ?)", Uint8Array.of(1))
    tx.run("INSERT INTO things (user_id, name, bytes) VALUES (1, 'null', NULL)")
  })
})
afterAll(() => close())

const sql = (columns: string) =>
  `SELECT id AS place, ${columns} FROM things WHERE user_id = ?1 AND id > ?2 AND bytes IS NOT NULL ORDER BY id LIMIT ?3`
const file = (name: string, columns: string): PersonalFile => ({ name, what: "things", sql: sql(columns) })

test("bytes are base64 in tables and themselves in files, over several portions", () => {
  const files = [file("things.csv", "name, bytes"), file("things.json", "name, bytes"), file("things/", "name, bytes")]
  const stream = personStreams(files)[EXPORT_PERSON]!(store.read, { userId: 1, heading: "x" }, { renew() {} })
  const pieces = [...(stream as Iterable<Uint8Array>)]
  const zip = unzipSync(Buffer.concat(pieces))
  const base64 = BYTES.map((bytes) => Buffer.from(bytes).toString("base64"))
  const lines = strFromU8(zip["things.csv"]!).trim().split(/\r?\n/)
  expect([lines.length, lines[1], lines[3]]).toEqual([ROWS + 1, `n0,${base64[0]}`, `n2,${base64[2]}`])
  const json = JSON.parse(strFromU8(zip["things.json"]!)) as { name: string; bytes: string }[]
  expect(json.map(({ bytes }) => bytes)).toEqual(Array.from({ length: ROWS }, (_, at) => base64[at % 3]!))
  for (let at = 0; at < ROWS; at++) expect(zip[`things/n${at}`]).toEqual(BYTES[at % 3]!)
  expect(Object.keys(zip)).toHaveLength(ROWS + 3)
})
