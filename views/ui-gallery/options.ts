// Made-up people for the pickers of the gallery that ask the server.
import type { PickerOption } from "../ui/index.ts"

const PEOPLE = ["Ada Reader", "Grace Operator", "Mary Shelley", "Sam Spender", "Zoë Ångström", "مها القارئة", "Kim Lee"]

/** As the server of a picker answers `?q=`. */
export const galleryOptions = (query: string): PickerOption[] =>
  PEOPLE.filter((name) => name.toLowerCase().includes(query.trim().toLowerCase())).map((label, index) => ({
    value: label.split(" ")[0]!.toLowerCase(),
    label,
    detail: `person${index}@example.com`,
  }))
