// JSON with one picture in it as a data URL, which is read as it is sent.
import { jsonWithFiles } from "../pieced.ts"
import type { EncodedForm, Question } from "../provider.ts"

/** Stands where the picture will. */
const PLACE = "{picture}"

/** @param place where it stands in the body, by its URL */
export function withPicture(question: Question, body: object, place: (url: string) => object): string | EncodedForm {
  const [picture] = (question.conversation === null && question.files) || []
  if (!picture) return JSON.stringify(body)
  // Last of all, so that no word of the question is taken for it.
  const text = JSON.stringify({ ...body, ...place(`data:${picture.type};base64,${PLACE}`) })
  const at = text.lastIndexOf(PLACE)
  return jsonWithFiles([text.slice(0, at), picture, text.slice(at + PLACE.length)])
}
