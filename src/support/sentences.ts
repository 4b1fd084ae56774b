// What the audit log says of support.
import { type Sentences, said } from "../part/index.ts"

const act = (label: string, words: string) => ({
  topic: "access" as const,
  label,
  say: ({ who }: Parameters<Sentences[string]["say"]>[0]) => said`${who} ${words}`,
})

export const SUPPORT_SENTENCES: Sentences = {
  "support.asked": act("Question asked", "asked support a question"),
  "support.written": act("Message to support", "wrote to support again"),
  "support.closed_by_person": act("Question settled", "settled their question to support"),
  "support.answered": act("Question answered", "answered a question to support"),
  "support.closed": act("Question closed", "closed a question to support"),
  "support.reopened": act("Question opened again", "opened a question to support again"),
}
