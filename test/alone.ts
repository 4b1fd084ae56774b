// Which files of tests are tried once more by themselves when they failed beside others. A machine that is busy makes a server, a
// process, a browser or a clock late, and a test that stands on one may then fail for no fault of the product. What counts money, and what
// is security as such, stands on none: it is right each time, or it is wrong.

const OF_SOURCES = "app backup cli http jobs mail mcp media observe outbox replica sites tls usage webhooks"
const OF_TESTS = "binary browser clients conformance crash e2e hosts image mcp memory replica scaffold sdk tools"
const under = (root: string, names: string): string[] => names.split(" ").map((name) => `${root}/${name}/`)

/** Folders of tests that are tried again, each with a slash at its end. Any other fails at once. */
export const TRIED_AGAIN: readonly string[] = under("src", OF_SOURCES).concat(under("test", OF_TESTS))

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
