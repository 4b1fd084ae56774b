import { expect, test } from "bun:test"
import { vaultPart } from "./part.ts"

test("until a copy of the key was made, both the overview and System say what to do; a sandbox is not asked", () => {
  const lines = (exportedMs: number | null, demo = false) => {
    const running = vaultPart.run!({ vault: { exportedMs: () => exportedMs }, config: { demo } })
    return [running.checks, running.system].map((all) => (all ?? []).flatMap((line) => line()))
  }
  const asks = [
    expect.objectContaining({ label: "Key", state: "warn", remedy: expect.stringContaining("keys export") }),
  ]
  expect(lines(null)).toEqual([asks, asks])
  const done = [expect.objectContaining({ label: "Key", state: "ok" })]
  expect(lines(1)).toEqual([done, done])
  expect(lines(null, true)).toEqual([[], []])
})
