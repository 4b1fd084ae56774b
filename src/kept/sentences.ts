// What the audit log says of kept answers.
import { type Sentences, said } from "../part/index.ts"

export const KEPT_SENTENCES: Sentences = {
  "answers.kept": {
    topic: "access",
    label: "Answers are kept",
    say: ({ who }) => said`${who} lets apps keep answers`,
  },
  "answers.dropped": {
    topic: "access",
    label: "Answers are kept no more",
    say: ({ who }) => said`${who} lets apps keep answers no more, and what was kept is deleted`,
  },
}
