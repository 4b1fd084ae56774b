// Which files of tests are tried once more by themselves when they failed beside others. A machine that is busy makes a server, a
// process, a browser or a clock late, and a test that stands on one may then fail for no fault of the product. What counts money, and what
// is security as such, stands on none: it is right each time, or it is wrong.

const named = (of: string, folders: string): string[] => folders.split(" ").map((folder) => `${of}/${folder}/`)
const AGAIN = named(
  "src",
  "app backup cli http jobs mail mcp media observe outbox replica sites store tls usage webhooks",
)
const AGAIN_OF_TESTS = named(
  "test",
  "attacks binary browser clients conformance crash e2e hosts image mcp memory replica scaffold sdk tools",
)

/** Folders of tests that are tried again, each with a slash at its end. Any other fails at once. */
export const TRIED_AGAIN: readonly string[] = AGAIN.concat(AGAIN_OF_TESTS)

/** @param file from the root of the repository, as `bun test` writes it */
export const isTriedAgain = (file: string): boolean => TRIED_AGAIN.some((folder) => file.startsWith(folder))

/** How many tests failed, by file. @param output of `bun test` */
export function filesOfFailures(output: string): Map<string, number> {
  const counts = new Map<string, number>()
  let file = ""
  for (const line of output.split("\n")) {
    if (/^\d+ tests? failed:$/.test(line)) break
    const heading = /^(\S+\.test\.tsx?):$/.exec(line)
    if (heading) file = heading[1]!
    if (line.startsWith("(fail)")) counts.set(file, (counts.get(file) ?? 0) + 1)
  }
  return counts
}
