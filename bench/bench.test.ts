// Benchmarks must go on running: each in its quick form (about 1 %), ending in one JSON line. No figure is asserted; these machines
// are noisy. The ledger and the gateway verify their books at the end, so a pass says more than that they ran.
import { expect, test } from "bun:test"
import { join } from "node:path"

const root = join(import.meta.dir, "..")

for (const name of ["ledger", "gateway", "pages", "billing", "identity", "marketplace", "appliance"]) {
  test(`${name} --quick`, async () => {
    const child = Bun.spawn([process.execPath, "bench/run.ts", name, "--quick"], { cwd: root, stderr: "pipe" })
    const [out, err, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ])
    expect({ code, err }).toEqual({ code: 0, err: "" })
    const result = JSON.parse(out.trim().split("\n").at(-1)!) as { bench: string; ratio: number }
    expect(result.bench).toBe(name)
    expect(result.ratio).toBeGreaterThan(0)
  }, 120_000)
}
