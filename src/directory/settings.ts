// What an operator sets for the directory.
import { reviewsSetting } from "../part/index.ts"

export const DIRECTORY_REVIEWS = reviewsSetting({
  key: "directory.reviews",
  group: "App directory",
  label: "New listings and changed ones",
  wanted: "An admin looks at each before everybody sees it",
  none: "Developers list their apps by themselves",
  default: "wanted",
})
