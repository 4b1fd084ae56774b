// `purser version`: what this executable is made of.
import packageJson from "../../package.json"
import type { Verb } from "./index.ts"

export const VERSION: string = packageJson.version

export const version: Verb = {
  words: "version",
  help: "print the version",
  switches: [],
  async run() {
    const sqlite = new (await import("bun:sqlite")).Database(":memory:")
      .query("SELECT sqlite_version() AS v")
      .get() as { v: string }
    console.log(`purser ${VERSION} (bun ${Bun.version}, sqlite ${sqlite.v}, ${process.platform}-${process.arch})`)
    return 0
  },
}
