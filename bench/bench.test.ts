// Benchmarks must go on running: each in its quick form (about 1 %), ending in one JSON line. No figure is asserted; these machines
// are noisy. The ledger and the gateway verify their books at the end, so a pass says more than that they ran.
import { expect, test } from "bun:test"
import { join } from "node:path"

/** What is read out of the last line elsewhere. */
const MEMBERS: Readonly<Record<string, string[]>> = {
  identity: [
    ...["logins_per_s", "page_p99_ms", "page_idle_p99_ms", "exchanges_per_s", "refreshes_per_s", "userinfo_per_s"],
    ...["p99_ms", "ratios", "floors", "auc", "known_ms", "unknown_ms", "cpus", "fsync_ms"],
  ],
}

/** Measured only where somebody asks for it. */
const ASKED_FOR = [".portkey_ratio"]

/** Every figure, those within others too; what is no figure is left out, and null is one that was not taken. */
const figuresOf = (value: unknown, name = ""): [string, unknown][] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, each]) => figuresOf(each, `${name}.${key}`))
    : typeof value === "string" || typeof value === "boolean"
      ? []
      : [[name, value]]

const root = join(import.meta.dir, "..")

for (const name of [
  "ledger",
  "gateway",
  "pages",
  "billing",
  "identity",
  "marketplace",
  "mcp",
  "analytics",
  "appliance",
]) {
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
    expect(figuresOf(result).filter(([of, figure]) => !Number.isFinite(figure) && !ASKED_FOR.includes(of))).toEqual([])
    expect(Object.keys(result)).toEqual(expect.arrayContaining(MEMBERS[name] ?? []))
  }, 120_000)
}
