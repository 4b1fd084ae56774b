// An announcement as a mail and a notice. Its words are an admin's.
import type { Letter } from "../part/index.ts"
import { plainParagraphs } from "./rules.ts"

export interface AnnouncedData {
  /** `ann_…` */
  id: string
  title: string
  /** Markdown. */
  body: string
}

/** Of a mail; the rest stands behind the link. */
const PARAGRAPHS_MAX = 12

export const announced: Letter<AnnouncedData> = {
  kind: "house_announced",
  subject: ({ title }) => title,
  body: ({ id, body }, { baseUrl }) => [
    ...plainParagraphs(body).slice(0, PARAGRAPHS_MAX),
    { text: "Read it here:", link: `${baseUrl}/announcements/${id}` },
  ],
  sample: {
    id: "ann_01",
    title: "Two new models, and an hour of maintenance",
    body: "On **Sunday from 6 to 7 UTC** this service is being moved. Calls are refused meanwhile with a hint when to come again.\n\nThere are [two new models](https://example.com/models), too.",
  },
}
