// What `brand` contributes: its settings. The logo is a picture of `media`.
import type { Part } from "../part/index.ts"
import { BRAND } from "./settings.ts"

export const brandPart: Part = { name: "brand", settings: Object.values(BRAND) }
