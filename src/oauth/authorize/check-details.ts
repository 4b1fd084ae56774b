// * authorization_details is a JSON array of objects of a type we know (RFC 9396 §2, §5)   * each asks for the scopes it names too
import { suggestedBy } from "../details.ts"
import { SCOPES } from "../scopes.ts"
import type { AiScope } from "../types.ts"
import type { Check } from "./request.ts"

export const checkDetails: Check = ({ param, request, client }) => {
  const text = param("authorization_details")
  if (text === null) return
  request.suggested = suggestedBy(text, client!)
  const asked = Object.keys(request.suggested) as AiScope[]
  request.scopes = SCOPES.filter((scope) => request.scopes.includes(scope) || (asked as string[]).includes(scope))
}
