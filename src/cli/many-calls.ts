// The platform sends 256 requests at once and lets the others wait in silence: as many open streams as 256 people have. It reads the limit
// from the environment as the process begins, so `serve` begins once more with it set: in place (execve), as the same process.

const LIMIT = "BUN_CONFIG_MAX_HTTP_REQUESTS"
/** Above what a process may have open in sockets; the platform takes no more than 65,336. */
const REQUESTS_MAX = "65000"

function beginAgain(): void {
  const [program = "", script = "", ...words] = process.argv
  if (!words.includes("serve") || process.env[LIMIT] !== undefined || process.execve === undefined) return
  const isCompiled = script.startsWith("/$bunfs/")
  const args = isCompiled ? [program, ...words] : [program, ...process.execArgv, script, ...words]
  try {
    process.execve(process.execPath, args, { ...process.env, [LIMIT]: REQUESTS_MAX })
  } catch {
    // Windows has no such call; there the variable can be set by hand.
  }
}

beginAgain()
