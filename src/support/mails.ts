// The mails of support. What was said stands on the page behind the link: no text of a stranger stands in a mail.
import type { Letter } from "../part/index.ts"

export interface AnsweredData {
  /** `sup_…` */
  question: string
  /** As its person called it. */
  subject: string
  isClosed: boolean
}

export const supportAnswered: Letter<AnsweredData> = {
  kind: "support_answered",
  subject: (_, { productName }) => `${productName} answered your question`,
  body: ({ question, subject, isClosed }, { baseUrl }) => [
    `There is an answer to your question “${subject}”.`,
    { text: "Read it, and write back:", link: `${baseUrl}/support/${question}` },
    ...(isClosed ? ["The question is closed. A new message opens it again."] : []),
  ],
  sample: { question: "sup_01KAZ3V9M4N8T2X6Q7R5S1P0WR", subject: "Where is my invoice?", isClosed: false },
  others: [{ question: "sup_01KAZ3V9M4N8T2X6Q7R5S1P0WR", subject: "Where is my invoice?", isClosed: true }],
}

export interface AskedData {
  question: string
  /** In words of ours. */
  topic: string
  isPriority: boolean
  isNew: boolean
}

/** To the operator. */
export const supportAsked: Letter<AskedData> = {
  kind: "support_asked",
  subject: ({ isPriority, isNew }) =>
    `${isPriority ? "Priority: " : ""}${isNew ? "A question waits for an answer" : "A question waits for another answer"}`,
  body: ({ question, topic, isPriority }, { baseUrl }) => [
    isPriority
      ? `Somebody whose plan has priority support wrote. It is about: ${topic}.`
      : `Somebody wrote. It is about: ${topic}.`,
    { text: "Read and answer:", link: `${baseUrl}/admin/support/${question}` },
  ],
  sample: {
    question: "sup_01KAZ3V9M4N8T2X6Q7R5S1P0WR",
    topic: "Payments, credits and plans",
    isPriority: true,
    isNew: true,
  },
  others: [{ question: "sup_01KAZ3V9M4N8T2X6Q7R5S1P0WR", topic: "Something else", isPriority: false, isNew: false }],
}

export const SUPPORT_LETTERS = [supportAnswered, supportAsked] as const
