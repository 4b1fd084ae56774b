// What an operator changes about the documentation.
import { field } from "../http/index.ts"
import type { Setting } from "../part/index.ts"

const CHARS_MAX = 300

export const EDIT_URL: Setting<string> = {
  key: "docs.edit_url",
  group: "Documentation",
  field: field.text({
    label: "Where pages are edited",
    help: "Address that a page’s file is added to, such as https://github.com/acme/purser/edit/main/. Empty: no link to edit.",
    max: CHARS_MAX,
  }),
  default: "",
  problem(value) {
    if (value === "") return null
    const url = URL.parse(value)
    return url?.protocol === "https:" ? null : "Give an https address, or leave it empty."
  },
}
