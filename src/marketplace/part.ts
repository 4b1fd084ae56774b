// What the marketplace contributes, put together from its parts.
import type { Part } from "../part/index.ts"

export const marketplacePart: Part = { name: "marketplace" }
