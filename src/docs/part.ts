// What `docs` contributes: its setting. Its pages are files of the executable.
import type { Part } from "../part/index.ts"
import { EDIT_URL } from "./settings.ts"

export const docsPart: Part = { name: "docs", settings: [EDIT_URL] }
