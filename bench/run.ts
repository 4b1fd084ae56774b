// `bun run bench <name> [--quick]`: runs one benchmark, or all. Each prints its floor of the same run and ends in one JSON line.
const BENCHES = [
  "ledger",
  "gateway",
  "pages",
  "billing",
  "identity",
  "marketplace",
  "mcp",
  "analytics",
  "appliance",
] as const

const [name, ...rest] = process.argv.slice(2)
const chosen = name && !name.startsWith("--") ? BENCHES.filter((bench) => bench === name) : [...BENCHES]
if (chosen.length === 0) {
  console.error(`unknown benchmark "${name}"; there are: ${BENCHES.join(", ")}`)
  process.exit(2)
}
for (const bench of chosen) {
  const options = name?.startsWith("--") ? [name, ...rest] : rest
  const run = Bun.spawnSync([process.execPath, `${import.meta.dir}/${bench}.ts`, ...options], {
    stdout: "inherit",
    stderr: "inherit",
  })
  if (run.exitCode !== 0) process.exit(run.exitCode)
}
