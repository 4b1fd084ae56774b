import { expect, test } from "bun:test"
import { join } from "node:path"
import { LIMITS } from "./index.ts"

test("every limit has its reason above it", async () => {
  const lines = (await Bun.file(join(import.meta.dir, "limits.ts")).text()).split("\n")
  const without = Object.keys(LIMITS).filter((name) => {
    const at = lines.findIndex((line) => line.startsWith(`  ${name}:`))
    return !/^ {2}(\/\*\*|\*| \*).*\w/.test(lines[at - 1] ?? "")
  })
  expect(without).toEqual([])
})
