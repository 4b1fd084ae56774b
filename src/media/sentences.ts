// What the audit log says of pictures that took another's place.
import { type Sentence, type Sentences, said } from "../part/index.ts"

const changed = (label: string, picture: string, topic: Sentence["topic"]): Sentence => ({
  topic,
  label,
  say: ({ who, what, after }) =>
    after.value === undefined || after.value === null
      ? said`${who} took the ${picture} of ${what} away`
      : said`${who} changed the ${picture} of ${what}`,
})

export const MEDIA_SENTENCES: Sentences = {
  "avatar.changed": changed("Picture of a person", "picture", "access"),
  "icon.changed": changed("Icon of an app or a publisher", "icon", "apps"),
  // Its subject is the screenshot itself, which has no name.
  "screenshot.changed": {
    topic: "apps",
    label: "Screenshot of an app",
    say: ({ who, what, after }) =>
      after.value === undefined || after.value === null
        ? said`${who} took the picture of screenshot ${what} away`
        : said`${who} set the picture of screenshot ${what}`,
  },
}
