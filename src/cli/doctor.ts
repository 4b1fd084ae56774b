// `purser doctor`: what is wrong with this installation, and how each is mended.
import { statfsSync } from "node:fs"
import { join } from "node:path"
import { inspectConfig, mistypedVariables, systemClock } from "../app/index.ts"
import { findLitestream } from "../replica/index.ts"
import { callControl } from "../store/index.ts"
import { examine, type Finding, type Patient, type ServerCheck } from "./doctor/index.ts"
import { wrapped } from "./help.ts"
import { JSON_OPTION, type Verb } from "./verb.ts"

export const doctor: Verb = {
  words: "doctor",
  help: "find what is wrong with this installation, and how to mend it",
  about: [
    "Looks at settings, data folder, disk, key, database, clock, port, public address, certificate, proxies, mail, providers, prices, books, jobs and replica. It asks the server if one runs, and works when none does. Of a standby it says how late it is, whether the first server lives, and whether a takeover would work now. Each finding names its mend.",
    "It changes nothing. It connects to your public address, your mail server and, while no server runs, your replica, and sends nothing to any of them.",
  ],
  options: [JSON_OPTION, { name: "all", help: "also what is well" }],
  examples: [
    { run: "doctor", does: "when something does not work, and before an upgrade" },
    { run: "doctor --json | jq -r '.findings[] | select(.state==\"bad\") | .id'", does: "for monitoring" },
  ],
  exits: { 1: "something is bad; warnings alone are 0" },
  async run({ flags, switches }) {
    const findings = await examine(await patientOf(flags, process.env))
    const isWell = findings.every(({ state }) => state !== "bad")
    console.log(
      switches.has("json") ? JSON.stringify({ ok: isWell, findings }, null, 2) : report(findings, switches.has("all")),
    )
    return isWell ? 0 : 1
  },
}

async function patientOf(flags: Record<string, string>, env: Record<string, string | undefined>): Promise<Patient> {
  const { config, problems } = inspectConfig(flags, env)
  return {
    config,
    problems,
    mistyped: mistypedVariables(env),
    path: join(config.dataDir, "purser.db"),
    nowMs: systemClock.now(),
    freeBytes(folder) {
      const { bavail, bsize } = statfsSync(folder)
      return bavail * bsize
    },
    isInMemory: (folder) => IN_MEMORY.includes(statfsSync(folder).type),
    server: await checksOf(config.dataDir),
    litestream: () => findLitestream(config.replica?.litestream ?? null),
  }
}

/** TMPFS_MAGIC and RAMFS_MAGIC of statfs(2). */
const IN_MEMORY = [0x01021994, 0x858458f6]

async function checksOf(dataDir: string): Promise<ServerCheck[] | null> {
  const asked = await callControl(dataDir, "checks", {}).catch(() => null)
  return asked ? (asked.result as ServerCheck[]) : null
}

const SIGNS = { ok: "ok  ", warn: "warn", bad: "BAD " } as const
const INDENT = "      "

function report(findings: readonly Finding[], all: boolean): string {
  const shown = findings.filter(({ state }) => all || state !== "ok")
  const count = (state: Finding["state"]) => findings.filter((one) => one.state === state).length
  const lines = shown.flatMap(({ state, label, text, remedy }) => [
    `${SIGNS[state]}  ${label}: ${text}`,
    ...(remedy
      ? wrapped(remedy, 90)
          .split("\n")
          .map((line) => `${INDENT}${line}`)
      : []),
  ])
  const [bad, warn] = [count("bad"), count("warn")]
  const verdict = bad + warn === 0 ? "All is well." : `${bad} bad, ${warn} to look at, ${count("ok")} well.`
  return [...lines, ...(lines.length > 0 ? [""] : []), verdict].join("\n")
}
