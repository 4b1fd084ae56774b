// Bodies for the OpenAPI document, made from the table of fields that checks them.
import { objectOf } from "../checks.ts"
import { FIELDS } from "./fields.ts"

const WORDS = "What may be sent. Other fields are refused. A field that is null counts as left out."

export const MessagesRequest = objectOf(Object.fromEntries(FIELDS), ["model", "max_tokens", "messages"], WORDS)
export const CountTokensRequest = objectOf(Object.fromEntries(FIELDS), ["model", "messages"], WORDS)
