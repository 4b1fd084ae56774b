// Pictures in the executable alone: it starts itself to decode, and the decoders are inside it.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { join } from "node:path"
import { readHeader } from "../../src/media/header.ts"
import { SECRET, tellingJpeg } from "../../src/media/testing.ts"
import { type Executable, openExecutable } from "./binary.ts"

setDefaultTimeout(60_000)

let purser: Executable
beforeAll(async () => {
  purser = await openExecutable()
})
afterAll(() => purser?.remove())

async function decode(bytes: Uint8Array): Promise<{ code: number; out: Buffer }> {
  const asked = JSON.stringify({ purpose: "icon", crop: { x: 0.1, y: 0.1, width: 0.5 } })
  const child = Bun.spawn([join(purser.home, "purser"), "decode-picture", asked], {
    stdin: bytes,
    stdout: "pipe",
    env: {},
  })
  const out = Buffer.from(await new Response(child.stdout).arrayBuffer())
  return { code: await child.exited, out }
}

test("a photo comes out in the sizes of its purpose, without what it told", async () => {
  const { code, out } = await decode(await tellingJpeg(900, 700))
  expect(code).toBe(0)
  const end = out.indexOf("\n")
  const { files } = JSON.parse(out.toString("utf8", 0, end)) as { files: { width: number; length: number }[] }
  expect(files.map(({ width }) => width)).toEqual([64, 128, 256, 450])
  expect(out.length).toBe(end + 1 + files.reduce((sum, { length }) => sum + length, 0))
  expect(readHeader(out.subarray(end + 1, end + 1 + files[0]!.length))).toEqual({ type: "webp", width: 64, height: 64 })
  expect(out.includes(SECRET)).toBe(false)
})

test("what is no picture is an exit code and no word", async () => {
  expect(await decode(new TextEncoder().encode("<svg/>"))).toEqual({ code: 1, out: Buffer.alloc(0) })
})
