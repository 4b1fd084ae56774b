// What the reference shows. Words come from the API's own description; nothing here is HTML.
import type { Language, TreeNode } from "../../ui/index.ts"

export interface ReferenceField {
  name: string
  /** "list of objects". */
  type: string
  required: boolean
  /** May hold `code` in backticks; "" = nothing is said. */
  text: string
  /** Bounds and defaults, in words. */
  facts: readonly string[]
  /** All it may be, as JSON. */
  values: readonly string[]
  /** What is inside. */
  variants: readonly ReferenceVariant[]
}

/** Fields of an object; of several kinds of it each has a label. */
export interface ReferenceVariant {
  label: string | null
  fields: readonly ReferenceField[]
}

export interface ReferenceCode {
  label: string
  language: Language
  code: string
}

/** A way to prove who asks. */
export interface ReferenceAccess {
  /** "API key". */
  name: string
  text: string
  /** Permissions that it needs, by their names. */
  scopes: readonly string[]
}

export interface ReferenceRefusal {
  code: string
  status: number
  title: string
  /** `x-should-retry`, unless it would have to wait long. */
  retry: boolean
}

export interface ReferenceAnswer {
  status: string
  text: string
  /** "application/json". */
  type: string
  variants: readonly ReferenceVariant[]
  /** Headers beside those of every answer. */
  headers: readonly ReferenceField[]
  /** Of JSON it is pretty; "" = none. */
  example: string
  language: Language
}

/** A line of a list of operations. */
export interface ReferenceLink {
  href: string
  method: string
  path: string
  summary: string
}

export interface ReferenceGroup {
  name: string
  text: string
  operations: readonly ReferenceLink[]
}

export interface ReferenceOperation extends ReferenceLink {
  /** What generated clients call it. */
  operationId: string
  group: string
  text: string
  access: readonly ReferenceAccess[]
  parameters: readonly (ReferenceField & { at: "path" | "query" | "header" })[]
  /** Null: it has no body. */
  body: { text: string; type: string; variants: readonly ReferenceVariant[]; isClosed: boolean } | null
  answers: readonly ReferenceAnswer[]
  refusals: readonly ReferenceRefusal[]
  /** "OpenAI’s envelope". */
  envelope: string
  calls: readonly ReferenceCode[]
}

/** A field of the form that makes a call. */
export interface TryField {
  at: "path" | "query" | "header" | "body"
  name: string
  required: boolean
  /** How what is typed is read: `mixed` is text, unless it is a list or an object; `count` is text, unless it is a whole number. */
  kind: "text" | "number" | "count" | "flag" | "choice" | "json" | "mixed"
  /** "list of objects". */
  type: string
  /** All it may be, as JSON. */
  options: readonly string[]
  /** What stands in it; "" = it is left out. */
  value: string
}

/** A call that its person's browser makes from the page. */
export interface TryForm {
  method: string
  /** `/v1/responses/{response}`. */
  path: string
  /** Where the API is; "" = where the page is. */
  origin: string
  parameters: readonly TryField[]
  /** `whole`: the body as one text, where it has no fields of its own. */
  body: { fields: readonly TryField[]; whole: string | null } | null
  proof: { by: "nothing" } | { by: "session" } | { by: "key"; of: "person" | "app"; scopes: readonly string[] }
  /** Needs a name that makes it one call, however often it is sent. */
  once: boolean
  /** What it does that is asked about first. */
  asks: "changes" | "deletes" | null
}

/** Where this page's person is not known here, they sign in first. */
/** Null: its body is a form with files, which the page cannot send. */
export type Trying = { form: TryForm } | { signIn: string } | null

/** Every operation, for the tree beside the text; the current one is marked. */
export interface ReferenceTree {
  nodes: readonly TreeNode[]
  query: string
}
