// Where embedded folders live: beside main.ts in the compiled executable, at the top of the project in development.
import { join } from "node:path"

/** Folder of embedded files, such as `migrations` or `public`. */
export function assetFolder(name: "migrations" | "public" | "docs"): string {
  // Compiled, every module reports the virtual root; `--asset ./public` lands directly below it (DESIGN §11).
  if (Bun.isStandaloneExecutable) return join(import.meta.dir, name)
  return join(import.meta.dir, "..", "..", name)
}

/** Entry of a Worker, of the reads or of the copies of the log: an extra entrypoint of the executable, a source file in development. */
export function workerScript(name: "worker" | "copier"): URL {
  return new URL(Bun.isStandaloneExecutable ? `./${name}.js` : `../${name}.ts`, import.meta.url)
}

/** The command that is this executable itself; in development the platform with our entry. */
export const ownCommand = (): string[] =>
  Bun.isStandaloneExecutable ? [process.execPath] : [process.execPath, join(import.meta.dir, "..", "main.ts")]
