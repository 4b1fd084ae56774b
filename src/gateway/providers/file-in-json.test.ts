// A file inside JSON, in pieces of every size: the file is what it was, and what is left says how large it is.
import { expect, test } from "bun:test"
import { FileInJson } from "./file-in-json.ts"

const FILE = new Uint8Array(1_001).map((_, at) => (at * 7) % 256)
const B64 = Buffer.from(FILE).toString("base64")
const run = (text: string, piece: number) => {
  const [rest, file] = [[] as Uint8Array[], [] as Uint8Array[]]
  // Pieces may be used again by whoever sends them.
  const found = new FileInJson(
    "data",
    (bytes) => rest.push(bytes.slice()),
    (bytes) => file.push(bytes.slice()),
  )
  const all = Buffer.from(text)
  for (let at = 0; at < all.length; at += piece) found.push(all.subarray(at, at + piece))
  return { rest: Buffer.concat(rest).toString(), file: new Uint8Array(Buffer.concat(file)), found }
}

test("whatever the pieces are: the file, and the rest with its size", () => {
  const forms = [
    `{"a":"data","data" : \n "${B64}","data2":"x","b":[{"data":"${B64}"}]}`,
    `{"a":"data","data":"${B64.replaceAll("/", "\\/").replaceAll("=", "\\u003d").replaceAll("+", "\\u002B")}","b":["\\"data\\":\\"no"]}`,
    `{"data":"${B64.replace(/(.{76})/g, "$1\\n")}"}`,
  ]
  for (const text of forms) {
    const whole = JSON.parse(text) as Record<string, unknown>
    for (const piece of [1, 2, 3, 5, 7, 64, 1_000, text.length]) {
      const { rest, file, found } = run(text, piece)
      expect([piece, file, found.size, found.isWhole]).toEqual([piece, FILE, FILE.length, true])
      const left = JSON.parse(rest) as Record<string, unknown>
      expect([piece, left.data, Object.keys(left)]).toEqual([piece, "1001", Object.keys(whole)])
      // A second one is no file, and is not kept either.
      if (Array.isArray(left.b) && typeof left.b[0] === "object") expect(left.b).toEqual([{ data: "0" }])
    }
  }
})

test("JSON without one stays as it is; one that breaks off is not whole; what is no base64 is none", () => {
  const text = '{"name":"op","x":{"data":null},"y":["data","\\\\"],"z":"data"}'
  expect(run(text, 3).rest).toBe(text)
  expect(run(`{"data":"${B64.slice(0, 90)}`, 8).found.isWhole).toBe(false)
  expect(() => run('{"data":"<html>"}', 4)).toThrow(SyntaxError)
})

test("no more of it is in memory than a piece", () => {
  let most = 0
  const found = new FileInJson(
    "data",
    () => {},
    (bytes) => {
      most = Math.max(most, bytes.length)
    },
  )
  found.push(Buffer.from('{"data":"'))
  const piece = Buffer.from("A".repeat(65_537))
  for (let count = 0; count < 500; count++) found.push(piece)
  expect([found.size, most <= 65_540]).toEqual([Math.floor((65_537 * 500) / 4) * 3, true])
})
