import { expect, test } from "bun:test"
import { join } from "node:path"

const run = (...args: string[]) => {
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, join(import.meta.dir, "run.ts"), ...args])
  return { exitCode, text: `${stdout}${stderr}` }
}

test("a run that was mistyped is refused: it never looks like one that found nothing", () => {
  for (const args of [
    ["--seeds", "abc"],
    ["--seeds", "0"],
    ["--steps", "1e9"],
    ["--mutant", "nope"],
    ["--sedes", "5"],
  ]) {
    const { exitCode, text } = run(...args)
    expect({ args, exitCode }).toEqual({ args, exitCode: 2 })
    expect(text).toContain("bun run simulate [")
    expect(text).not.toContain("found nothing")
  }
  const { exitCode, text } = run("--from", "3", "--steps", "50")
  expect({ exitCode, text }).toEqual({
    exitCode: 0,
    text: expect.stringContaining("50 steps over 1 seeds found nothing"),
  })
})
