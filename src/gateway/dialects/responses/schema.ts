// The body of a response for the OpenAPI document, made from the table of fields that checks it.
import { objectOf } from "../checks.ts"
import { FIELDS } from "./fields.ts"

const WORDS =
  "What may be sent. Other fields are refused; the operator may allow some for a provider. A field that is null counts as " +
  "left out."

export const ResponsesRequest = objectOf(Object.fromEntries(FIELDS), ["model", "input"], WORDS)
