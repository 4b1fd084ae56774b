// * acr_values is a list of strengths that the client would like, the best first (OIDC Core §3.1.2.1): a wish, never a condition
import type { Check } from "./request.ts"

export const checkAcrValues: Check = ({ param, request }) => {
  const values = (param("acr_values") ?? "").split(" ").filter(Boolean)
  if (values.length > 0) request.acr = { values, isEssential: false }
}
