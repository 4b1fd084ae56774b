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
  "screenshot.changed": changed("Screenshot of an app", "screenshot", "apps"),
}
