// What the verbs say of themselves: help, the reference page, completion, and how arguments are read.
import { expect, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { SETTINGS } from "../app/index.ts"
import { parseArgs, UsageError } from "./args.ts"
import { completion } from "./completion.ts"
import { configVerb, shownSettings } from "./config.ts"
import { helpOf, wrapped } from "./help.ts"
import { cliReference } from "./reference.ts"
import { cli } from "./testing.ts"
import { missingOperand, operandsMax } from "./verb.ts"
import { shownVerbs } from "./verbs.ts"

test("docs/reference/cli.md is what the verbs say: bun test/tools/cli-reference.ts", () => {
  expect(readFileSync(join(import.meta.dir, "../../docs/reference/cli.md"), "utf8")).toBe(cliReference())
})

for (const verb of shownVerbs()) {
  test(`purser ${verb.words} is explained, with examples that its own arguments take`, () => {
    expect(verb.about.length).toBeGreaterThan(0)
    expect(verb.examples.length).toBeGreaterThan(0)
    expect(helpOf(verb)).toContain("Exit codes:")
    const settings = new Set(Object.values(SETTINGS).map(({ flag }) => flag))
    for (const { run } of verb.examples) {
      const command = run.split(/ [|<>] /)[0]!
      expect(command).toStartWith(verb.words)
      const args = parseArgs(command.split(" ").slice(verb.words.split(" ").length), verb.options ?? [])
      expect(args.words.length).toBeLessThanOrEqual(operandsMax(verb))
      expect(missingOperand(verb, args.words)).toBeUndefined()
      expect(Object.keys(args.flags).filter((flag) => !settings.has(flag as never))).toEqual([])
    }
    const words = [
      verb.help,
      ...verb.about,
      ...verb.examples.map(({ does }) => does),
      ...Object.values(verb.exits ?? {}),
    ]
    for (const text of words) expect(text).not.toContain("!")
  })
}

test("--help explains instead of running, wherever it stands; a group names its members", async () => {
  for (const argv of [
    ["serve", "--help"],
    ["serve", "-h"],
    ["help", "serve"],
    ["serve", "--port", "1", "--help"],
  ]) {
    const said = await cli(...argv)
    expect(said.code).toBe(0)
    expect(said.out).toStartWith("purser serve: run the server")
  }
  for (const argv of [
    ["ledger", "--help"],
    ["help", "ledger"],
  ]) {
    const { code, out } = await cli(...argv)
    expect(code).toBe(0)
    expect(out).toContain("ledger export")
    expect(out).not.toContain("setup-link")
  }
  expect((await cli("--help")).out).toContain("PURSER_DATA_DIR")
  expect((await cli("help", "decode-picture")).out).not.toContain("serve")
})

test.each([
  { argv: ["nonsense"], says: 'unknown command "nonsense"; run' },
  { argv: ["srve"], says: 'did you mean "serve"?' },
  { argv: ["help", "nonsense"], says: 'unknown command "nonsense"' },
  { argv: ["ledger"], says: '"purser ledger" needs one more word: verify, export, import' },
  { argv: ["ledger", "burn"], says: '"purser ledger" does not know "burn"' },
  { argv: ["ledger", "import"], says: '"purser ledger import" needs FILE' },
  { argv: ["ledger", "import", "a", "b"], says: 'does not know what to do with "b"' },
  { argv: ["config", "--nonsense=1"], says: "unknown option --nonsense" },
  { argv: ["config", "--json=1"], says: "--json takes no value" },
  { argv: ["completion", "csh"], says: "name bash, zsh or fish" },
])("$argv is a usage error", async ({ argv, says }) => {
  const said = await cli(...argv)
  expect(said.err).toContain(says)
  expect(said.code).toBe(2)
})

test("options of the verb and settings of the server are told apart", () => {
  const own = [
    { name: "json", help: "" },
    { name: "out", value: "FILE", help: "" },
  ]
  expect(parseArgs(["a", "--json", "--out=b", "--port", "9"], own)).toEqual({
    words: ["a"],
    flags: { port: "9" },
    options: { out: "b" },
    switches: new Set(["json"]),
  })
  for (const argv of [["--out"], ["--out", "a", "--out", "b"], ["--port", "1", "--port=2"]])
    expect(() => parseArgs(argv, own)).toThrow(UsageError)
})

test("config names every setting with its source, and no secret", async () => {
  const folder = mkdtempSync(join(tmpdir(), "purser-config-"))
  const from = join(folder, "admins")
  writeFileSync(from, "ada@example.com\n")
  const secrets = { PURSER_SECRET_KEY: "ab".repeat(32), PURSER_SMTP_URL: "smtp://me:pass-word@mail.example.com" }
  const given = { ...secrets, PURSER_ADMINS_FILE: from, PURSER_HOST: "0.0.0.0" }
  Object.assign(process.env, given)
  try {
    const { out, code } = await cli("config", "--json", "--port", "9000")
    expect(code).toBe(0)
    const shown = JSON.parse(out) as Record<string, { value: unknown; source: string }>
    expect(Object.keys(shown)).toEqual(Object.keys(SETTINGS))
    expect(shown.port).toEqual({ value: 9000, source: "flag", env: "PURSER_PORT", flag: "--port" } as never)
    expect(shown.host).toMatchObject({ value: "0.0.0.0", source: "environment" })
    expect(shown.admins).toMatchObject({ value: ["ada@example.com"], source: "file" })
    expect(shown.drainSeconds).toMatchObject({ value: 25, source: "default" })
    expect(shown.secretKey).toMatchObject({ value: "(set)", source: "environment" })
    const table = (await cli("config")).out
    for (const secret of ["abab", "pass-word"]) expect(out + table).not.toContain(secret)
    const wrong = await cli("config", "--port", "eighty", "--log-level", "loud")
    expect(wrong.code).toBe(2)
    expect(wrong.err.match(/^purser: PURSER_/gm)).toHaveLength(2)
  } finally {
    for (const name of Object.keys(given)) delete process.env[name]
    rmSync(folder, { recursive: true, force: true })
  }
})

test("every setting has its value in the configuration", () => {
  const config = new Proxy({} as never, { get: (_, name) => `value of ${String(name)}`, has: () => true })
  expect(shownSettings(config, {}).filter(({ value }) => value === undefined)).toEqual([])
  expect(configVerb.options?.map(({ name }) => name)).toEqual(["json"])
})

/** What bash offers for a line that is being typed. */
function offered(...line: string[]): string[] {
  const script = `COMPREPLY=(); source /dev/stdin; COMP_WORDS=(purser ${line.map((word) => `'${word}'`).join(" ")})
    COMP_CWORD=${line.length}; _purser; printf '%s\\n' "\${COMPREPLY[@]}"`
  const text = scriptOf("bash")
  const { stdout } = Bun.spawnSync(["bash", "-c", script], { stdin: Buffer.from(text) })
  return stdout.toString().split("\n").filter(Boolean)
}

/** CI has every shell; another machine that lacks one says so. */
function testIn(shell: string) {
  if (process.env.PURSER_CI || Bun.which(shell) !== null) return test
  console.log(`\n*** no ${shell} found: its completion is NOT tried. Install Debian's ${shell}. ***\n`)
  return test.skip
}

function scriptOf(shell: string): string {
  let text = ""
  const { log } = console
  console.log = (said: string) => {
    text += said
  }
  void completion.run({ words: [shell], flags: {}, options: {}, switches: new Set() })
  console.log = log
  return text
}

testIn("bash")("bash completes commands, their second words, options and settings", () => {
  expect(offered("se")).toEqual(["serve", "setup-link"])
  expect(offered("ledger", "")).toEqual(["verify", "export", "import"])
  expect(offered("ledger", "export", "--ou")).toEqual(["--out"])
  expect(offered("serve", "--data")).toEqual(["--data-dir"])
  expect(offered("help", "ver")).toEqual(["version"])
})

/** What fish offers, by its own completion engine. */
function fishOffers(line: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "purser-fish-"))
  try {
    // It completes the options of what is on PATH alone.
    writeFileSync(join(folder, "purser"), "#!/bin/sh\n", { mode: 0o755 })
    const { stdout } = Bun.spawnSync(["fish", "--no-config", "-c", `source /dev/stdin; complete -C '${line}'`], {
      stdin: Buffer.from(scriptOf("fish")),
      env: { ...process.env, HOME: folder, PATH: `${folder}:${process.env.PATH}` },
      cwd: folder,
    })
    const lines = stdout.toString().split("\n").filter(Boolean)
    return lines.map((one) => one.split("\t")[0]!)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

testIn("fish")("fish completes commands, their second words, options and settings", () => {
  expect(fishOffers("purser se")).toEqual(["serve", "setup-link"])
  expect(fishOffers("purser keys ").toSorted()).toEqual(["export", "import", "list", "reseal", "rotate"])
  expect(fishOffers("purser ledger export --ou")).toEqual(["--out"])
  expect(fishOffers("purser migrate back --ye")).toEqual(["--yes"])
  expect(fishOffers("purser migrate status --ye")).toEqual([])
  expect(fishOffers("purser serve --data")).toEqual(["--data-dir"])
  expect(fishOffers("purser doctor --he")).toEqual(["--help"])
  expect(fishOffers("purser completion ").toSorted()).toEqual(["bash", "fish", "zsh"])
  expect(fishOffers("purser help ver")).toEqual(["version"])
})

/** What zsh is given to offer: its completion system stands in for by two functions of a line, since it needs a terminal. */
function zshOffers(...line: string[]): string[] {
  const words = ["purser", ...line].map((word) => `'${word}'`).join(" ")
  const script = `compdef() { }; compadd() { shift; print -rl -- "$@" }; _files() { print -r -- FILES }
    source /dev/stdin; words=(${words}); CURRENT=${line.length + 1}; PREFIX='${line.at(-1)}'; _purser`
  const { stdout, stderr } = Bun.spawnSync(["zsh", "-f", "-c", script], { stdin: Buffer.from(scriptOf("zsh")) })
  expect(stderr.toString()).toBe("")
  const prefix = line.at(-1)!
  return stdout
    .toString()
    .split("\n")
    .filter((one) => one !== "" && (one === "FILES" || one.startsWith(prefix)))
}

testIn("zsh")("zsh completes commands, their second words, options and settings", () => {
  expect(zshOffers("se")).toEqual(["serve", "setup-link"])
  expect(zshOffers("keys", "").toSorted()).toEqual(["export", "import", "list", "reseal", "rotate"])
  expect(zshOffers("ledger", "export", "--ou")).toEqual(["--out"])
  expect(zshOffers("migrate", "back", "--ye")).toEqual(["--yes"])
  expect(zshOffers("migrate", "status", "--ye")).toEqual([])
  expect(zshOffers("serve", "--data")).toEqual(["--data-dir"])
  expect(zshOffers("doctor", "--he")).toEqual(["--help"])
  expect(zshOffers("help", "ver")).toEqual(["version"])
  expect(zshOffers("ledger", "import", "")).toEqual(["FILES"])
})

test("zsh and fish know every command, every option and every setting", () => {
  const flags = Object.values(SETTINGS).flatMap(({ flag }) => (flag ? [flag] : []))
  const options = shownVerbs().flatMap(({ options: own = [] }) => own.map(({ name }) => name))
  for (const shell of ["zsh", "fish"])
    for (const name of [...flags, ...options])
      expect([shell, name, new RegExp(`(--| -l )${name}\\b`).test(scriptOf(shell))]).toEqual([shell, name, true])
  for (const shell of ["zsh", "fish"])
    for (const { words } of shownVerbs()) for (const word of words.split(" ")) expect(scriptOf(shell)).toContain(word)
})

test("text breaks at spaces", () => {
  expect(wrapped("one two three", 7)).toBe("one two\nthree")
})
