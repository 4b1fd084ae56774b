// The command line of MCP's Inspector, as its package comes: a client that we did not write.
import { cpSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { testFolder } from "../../src/store/index.ts"

const PACKAGES = join(import.meta.dir, "../../node_modules")

export interface Inspector {
  /** Asks the server at this address, with this token. */
  inspect(url: string, bearer: string, ...more: string[]): Promise<{ code: number; said: string; failed: string }>
  remove(): void
}

export function openInspector(): Inspector {
  // The package asks for the package.json of the repository that it was cut from, two folders up; so it is run where there is one.
  const home = testFolder("purser-inspector-")
  cpSync(join(PACKAGES, "@modelcontextprotocol/inspector-cli"), join(home, "cli"), { recursive: true })
  writeFileSync(join(home, "package.json"), JSON.stringify({ name: "inspector", version: "0.22.0", type: "module" }))
  symlinkSync(PACKAGES, join(home, "node_modules"))
  const program = [process.execPath, join(home, "cli/build/index.js")]
  return {
    async inspect(url, bearer, ...more) {
      const command = [...program, url, "--transport", "http", "--header", `Authorization: Bearer ${bearer}`]
      const child = Bun.spawn([...command, ...more], { stdout: "pipe", stderr: "pipe" })
      const [said, failed, code] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
        child.exited,
      ])
      return { code, said, failed }
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}
