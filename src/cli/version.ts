// `purser version`: what this executable is made of.
import { VERSION } from "../app/index.ts"
import type { Verb } from "./index.ts"

export const version: Verb = {
  words: "version",
  help: "print the version",
  switches: [],
  async run() {
    console.log(
      `purser ${VERSION} (bun ${Bun.version}, sqlite ${process.versions.sqlite}, ${process.platform}-${process.arch})`,
    )
    return 0
  },
}
