// The form that lets apps keep answers, which stands on the page of settings.
import { field, form } from "../../http/index.ts"

export const ANSWERS_FORM = form(
  { keep: field.box({ label: "Keep answers so that apps can go on from them" }) },
  { submit: "Save choice" },
)
export const ANSWERS_ACTION = "/settings/answers"
