#!/usr/bin/env bun
// argv → verb. One verb, one file in src/cli/. Exit codes: 0 ok, 1 fault, 2 usage, 3 already running, 4 newer database, 5 replaced.

const LIMIT = "BUN_CONFIG_MAX_HTTP_REQUESTS"
/** Above what a process may have open in sockets; the platform takes no more than 65,336. */
const REQUESTS_MAX = "65000"

/** Verbs that serve, or may come to it. */
const SERVING = ["serve", "standby", "promote"]

/**
 * The platform sends 256 requests at once and lets the others wait in silence: as many open streams as 256 people have. It reads the limit
 * from the environment as the process begins, so `serve` begins once more with it set: in place (execve), as the same process.
 */
function beginAgain(): void {
  const [program = "", script = "", ...words] = process.argv
  if (!SERVING.some((verb) => words.includes(verb)) || process.env[LIMIT] !== undefined || process.execve === undefined)
    return
  const isCompiled = script.startsWith("/$bunfs/")
  const args = isCompiled ? [program, ...words] : [program, ...process.execArgv, script, ...words]
  try {
    process.execve(process.execPath, args, { ...process.env, [LIMIT]: REQUESTS_MAX })
  } catch {
    // Windows has no such call; there the variable can be set by hand.
  }
}

// What this process makes is nobody else's to read: database, log, copies, locks, exports.
process.umask(0o077)
beginAgain()
const words = process.argv.slice(2)
// Loaded after it: nothing of the product is read twice. The process that decodes one picture loads its own few files alone: all others take
// ten times as long as the picture.
if (words[0] === "decode-picture" && words.length === 2) {
  const { decodeHere } = await import("./media/index.ts")
  process.exitCode = await decodeHere(words[1]!)
} else {
  const { runCli } = await import("./cli/index.ts")
  process.exitCode = await runCli(words)
}

export {}
