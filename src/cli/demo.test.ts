import { expect, test } from "bun:test"
import { bundled } from "../../test/bundle.ts"

const MAIN = bundled("src/main.ts")

test("the demo, whose mailbox shows everybody's codes, is never shown to the network", () => {
  for (const host of ["0.0.0.0", "::", "192.168.1.5", "example.com"]) {
    const { exitCode, stderr } = Bun.spawnSync([...MAIN, "demo", "--once", "--host", host], {
      timeout: 20_000,
    })
    expect([host, exitCode]).toEqual([host, 2])
    expect(stderr.toString()).toContain("listens on this machine only")
  }
}, 60_000)
