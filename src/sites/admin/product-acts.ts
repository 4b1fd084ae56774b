// What an admin may decide of an API: publish it, send it back, suspend it; with the words of each question.
import type { ProductState } from "../../marketplace/index.ts"

interface Act {
  path: "publication" | "return" | "suspension"
  summary: string
  state: ProductState
  submit: string
  title: string
  words: string
  say: string
  danger: boolean
}

export const ACTS: readonly Act[] = [
  {
    path: "publication",
    summary: "Publish an API product",
    state: "published",
    submit: "Publish",
    title: "Publish it?",
    words: "Everybody finds it, and can subscribe. Its publisher gets a mail.",
    say: "is published.",
    danger: false,
  },
  {
    path: "return",
    summary: "Send an API product back",
    state: "draft",
    submit: "Send back",
    title: "Send it back?",
    words: "It becomes a draft again. Its publisher gets a mail, and reads what you say.",
    say: "is a draft again.",
    danger: false,
  },
  {
    path: "suspension",
    summary: "Suspend an API product",
    state: "suspended",
    submit: "Suspend",
    title: "Suspend it?",
    words: "Calls are refused at once, and nobody finds it. Its publisher gets a mail, and cannot publish it again.",
    say: "is suspended: calls are refused.",
    danger: true,
  },
]
